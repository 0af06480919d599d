import { getNoticeContract, noticeSubject } from '../../../shared/contracts/notice.ts';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getNotice } from '../../../shared/use-cases/release/read-notices.ts';
import { publicHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'clock'>): LambdaHttpHandler =>
  publicHandler(getNoticeContract, async ({ path }) => {
    const outcome = await getNotice(deps, path.noticeId);
    if ('refusal' in outcome) return outcome;
    const notice = outcome.value;
    const { lateChannel } = currentPolicy(deps.clock.now()).objection;
    return { value: { ...notice, subject: noticeSubject, objectionsUntil: notice.endsAt, lateChannel } };
  });
