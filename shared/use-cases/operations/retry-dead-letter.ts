import type { PersonActor } from '../../domain/access/actor.ts';
import { asJson } from '../../ledger/as-json.ts';
import type { IdempotencyKey } from '../../ledger/commit.ts';
import { streamOfKey } from '../../ledger/stream.ts';
import { errorNameOf } from '../error-name.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { type CarryDependencies, carryDeadLetter } from '../workflow/carry-dead-letter.ts';
import type { DeadLetter } from '../workflow/dead-letters.ts';
import { operatingRefusal } from './may-operate.ts';

export type DeadLetterRetried = { readonly deadLetterId: string; readonly streamId: string };

/**
 * Carries a dead letter again, now. What goes through is no letter any more; what fails stays one.
 * @param report is told of what was thrown; the person only of its name (`change-not-carried`).
 */
export const retryDeadLetter = async (
  deps: CarryDependencies,
  actor: PersonActor,
  { deadLetterId }: { readonly deadLetterId: string },
  idempotency: IdempotencyKey,
  report: (defect: unknown) => void,
): Promise<Outcome<DeadLetterRetried>> => {
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const earlier = await earlierAnswer<DeadLetterRetried>(deps.store, idempotency);
  if (earlier !== undefined) return earlier;
  const retried = ({ pk }: DeadLetter): DeadLetterRetried => ({ deadLetterId, streamId: streamOfKey(pk) });
  const done = await carryDeadLetter(deps, deadLetterId, (letter) => [
    answerWrite(idempotency, asJson(retried(letter))),
  ]);
  if ('carried' in done) return { value: retried(done.carried) };
  if ('defect' in done) {
    report(done.defect);
    return refused('change-not-carried', { because: [errorNameOf(done.defect)] });
  }
  // The same request, sent twice at once, may have removed it meanwhile.
  return (await earlierAnswer<DeadLetterRetried>(deps.store, idempotency)) ?? refused('not-found');
};
