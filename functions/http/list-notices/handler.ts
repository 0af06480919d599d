import { listNoticesContract, noticeSubject } from '../../../shared/contracts/notice.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listNotices } from '../../../shared/use-cases/release/read-notices.ts';
import { publicHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'clock' | 'house'>): LambdaHttpHandler =>
  publicHandler(listNoticesContract, async ({ query: { division, after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const { notices, next } = await listNotices(deps, {
      division: division ?? deps.house.district,
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    const { lateChannel } = currentPolicy(deps.clock.now()).objection;
    return {
      value: {
        notices: notices.map((notice) => ({
          ...notice,
          subject: noticeSubject,
          objectionsUntil: notice.endsAt,
          lateChannel,
        })),
        ...(next === undefined ? {} : { next: cursorOf(next) }),
      },
    };
  });
