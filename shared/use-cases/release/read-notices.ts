import type { DistrictCode, VillageCode } from '../../domain/access/identifiers.ts';
import type { NoticeId } from '../../domain/release/identifiers.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Outcome, refused } from '../outcome.ts';
import { type NoticeRecord, type PublicNotice, readNotice } from './public-notice.ts';

/** Drops what the public is not told. */
const asPublic = ({ caseNumber: _hidden, ...notice }: NoticeRecord): PublicNotice => notice;

/** One notice 公示, for anyone. */
export const getNotice = async (
  { store }: Pick<Dependencies, 'store'>,
  noticeId: NoticeId,
): Promise<Outcome<PublicNotice>> => {
  const found = await readNotice(store, noticeId);
  return found === undefined ? refused('not-found') : { value: asPublic(found.notice) };
};

/** The notices that hang out now in a village or in the whole district, the newest first. `next` continues the list. */
export const listNotices = async (
  { store }: Pick<Dependencies, 'store'>,
  {
    division,
    after,
    limit,
  }: { readonly division: DistrictCode | VillageCode; readonly after?: string; readonly limit: number },
): Promise<{ readonly notices: readonly PublicNotice[]; readonly next?: string }> => {
  const page = await store.query({
    pk: `NOTICES#${division}`,
    limit,
    descending: true,
    ...(after === undefined ? {} : { after }),
  });
  const notices: PublicNotice[] = [];
  for (const record of page.records) {
    const found = await readNotice(store, String(record.body['noticeId']) as NoticeId);
    if (found !== undefined) notices.push(asPublic(found.notice));
  }
  return { notices, ...(page.next === undefined ? {} : { next: page.next }) };
};
