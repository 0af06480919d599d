import type { DistrictCode } from '../../domain/access/identifiers.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import { commit } from '../../ledger/commit.ts';
import type { RecordKey, RecordWrite } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { errorNameOf } from '../error-name.ts';
import { type DeadLetter, deadLetterKey } from './dead-letters.ts';

/** After so many tries a change is set aside, so that what comes after it is not held up. */
const triesAtMost = 5;

/** Changes that failed lately. A shard of the feed stands still at one, so there are never many at a time. */
const rememberedAtMost = 50;

export type FailedChange = RecordKey & {
  /** Which of the changes of this item, as the feed numbers them. */
  readonly position: string;
  readonly error: unknown;
};

type Failing = RecordKey & {
  readonly position: string;
  readonly tries: number;
  readonly since: Instant;
  /** Once it is set aside. */
  readonly deadLetterId?: string;
};

/**
 * The failing changes are counted in one item: nothing is written for a change that goes through, and no counter is left
 * behind by one that went through in the end. It is pushed out by later ones.
 */
const failingKey = (district: DistrictCode): RecordKey => ({ pk: `RELAY#${district}`, sk: 'FAILING' });

const isSame = (failing: Failing, { pk, sk, position }: FailedChange): boolean =>
  failing.pk === pk && failing.sk === sk && failing.position === position;

const letterWrite = (
  district: DistrictCode,
  deadLetterId: string,
  { pk, sk, tries, since }: Failing,
  now: Instant,
  error: unknown,
): RecordWrite => ({
  kind: 'put',
  key: deadLetterKey(district, deadLetterId),
  body: asJson({
    pk,
    sk,
    tries,
    failedSince: since,
    setAsideAt: now,
    error: errorNameOf(error),
  } satisfies DeadLetter),
  expect: 'absent',
});

/**
 * Counts one more failure of a change, durably, and sets it aside once it has failed often enough. Delivered again after
 * that (the process died before the feed heard of it), the same change is not set aside twice.
 * @returns the dead letter that it became, or `undefined` while it is to be tried again.
 */
export const setChangeAside = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'house'>,
  failed: FailedChange,
): Promise<string | undefined> => {
  const { store, clock, ids, house } = deps;
  const key = failingKey(house.district);
  return commit(deps, async () => {
    const record = await store.get(key);
    const { changes } =
      record === undefined
        ? { changes: [] }
        : fromJson<{ readonly changes: readonly Failing[] }>(record.body);
    const before = changes.find((one) => isSame(one, failed));
    if (before?.deadLetterId !== undefined) return { writes: [], answer: before.deadLetterId };
    const now = clock.now();
    const { pk, sk, position } = failed;
    const tries = (before?.tries ?? 0) + 1;
    const deadLetterId = tries >= triesAtMost ? ids.newId() : undefined;
    const after: Failing = {
      pk,
      sk,
      position,
      tries,
      since: before?.since ?? now,
      ...(deadLetterId === undefined ? {} : { deadLetterId }),
    };
    const others = changes.filter((one) => !isSame(one, failed));
    const body = asJson({ changes: [...others, after].slice(-rememberedAtMost) });
    return {
      writes: [
        { kind: 'put', key, body, expect: record === undefined ? 'absent' : { rev: record.rev } },
        ...(deadLetterId === undefined
          ? []
          : [letterWrite(house.district, deadLetterId, after, now, failed.error)]),
      ],
      answer: deadLetterId,
    };
  });
};
