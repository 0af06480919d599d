import { currentPolicy } from '../../domain/calendar/policy.ts';
import { contextWithoutFacts } from '../../domain/release/commands.ts';
import { decide } from '../../domain/release/decide.ts';
import type { ObjectionGround } from '../../domain/release/events.ts';
import type { NoticeId } from '../../domain/release/identifiers.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { momentFor } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { householdScope } from '../registers/records.ts';
import { appendToCase } from './append-to-case.ts';
import { readNotice } from './public-notice.ts';
import { requireCase } from './read-case.ts';

export type ObjectionInput = {
  readonly noticeId: NoticeId;
  readonly ground: ObjectionGround;
  readonly statement: string;
  readonly contact?: string;
};

/** A number by which the objector can ask for the outcome; it tells nothing else. */
export type ObjectionFiled = { readonly noticeId: NoticeId; readonly objectionId: string };

/**
 * Anyone objects 提出异议 while the notice runs, without an account. Statement and contact are sealed under the
 * household's key; only village, town and bureau can open them. Late ones are told where else to report.
 */
export const fileObjection = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData'>,
  { noticeId, ground, statement, contact }: ObjectionInput,
  idempotency: IdempotencyKey,
): Promise<Outcome<ObjectionFiled>> => {
  const { store, clock, ids, personalData } = deps;
  const found = await readNotice(store, noticeId);
  if (found === undefined) return refused('not-found');
  const { state: first } = await requireCase(store, found.notice.caseNumber);
  const ref = `text/${ids.newId()}`;
  const text = { statement, ...(contact === undefined ? {} : { contact }) };
  const { write, commitment } = await personalData.seal(householdScope(first.householdId), ref, text);
  return commit<Outcome<ObjectionFiled>>(deps, async () => {
    const earlier = await earlierAnswer<ObjectionFiled>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const loaded = await requireCase(store, found.notice.caseNumber);
    const now = momentFor(loaded, clock.now());
    const policyInForce = currentPolicy(now);
    const decision = decide(
      loaded.state,
      { type: 'file-objection', noticeId, ground, statement: { ref, commitment } },
      contextWithoutFacts(now, { anonymous: true }, policyInForce),
    );
    if ('refusal' in decision) {
      // The notice says in public when it ended; whether it was stopped or passed, the time for objections is over.
      const { name, telephone } = policyInForce.objection.lateChannel;
      const code = decision.refusal.code === 'objections-full' ? 'objections-full' : 'objection-period-over';
      return { writes: [], answer: refused(code, { because: [name, telephone] }) };
    }
    const appended = await appendToCase(deps, {
      loaded,
      events: decision.events,
      at: now,
      actor: { anonymous: true },
    });
    const objectionId =
      decision.events.flatMap((event) =>
        event.type === 'objection-filed' ? event.data.objectionId : [],
      )[0] ?? '';
    const value: ObjectionFiled = { noticeId, objectionId };
    return {
      writes: [...appended.writes, write, answerWrite(idempotency, asJson(value))],
      answer: { value },
    };
  });
};
