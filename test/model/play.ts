import type { CivilDate, Instant } from '../../shared/domain/calendar/instant.ts';
import { instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import { agrees, inboxesAgree, same } from './invariants.ts';
import type { Move } from './moves.ts';
import { insteadOf, type Model, planOf } from './plan.ts';
import type { RealLedger } from './real-ledger.ts';

/** The next instant at which anything of the cases may change by itself; a day later if nothing does. */
const nextInstant = ({ slots, stateOf, now }: RealLedger): Instant => {
  const moments = slots.flatMap(({ caseNumber }) => {
    const state = stateOf(caseNumber);
    if (state === undefined) return [];
    const { stage, tasks } = state;
    return [
      ...tasks.flatMap(({ wakeAt, notBefore }) => (notBefore === undefined ? [wakeAt] : [wakeAt, notBefore])),
      ...('endsAt' in stage ? [stage.endsAt] : []),
    ];
  });
  const [next] = moments.filter((moment) => moment > now).toSorted();
  return next ?? instantFromMillis(millisOf(now) + 86_400_000);
};

/** The town has been on site again: every measure that its department put in place stands in the facts. */
const verify = (model: Model, ledger: RealLedger, slot: number): void => {
  const [c, verified, real] = [model.cases[slot], model.verified[slot], ledger.slots[slot]];
  for (const [measure, { since }] of c?.failed ?? []) if (since !== undefined) verified?.set(measure, since);
  if (real === undefined) return;
  real.facts = {
    ...real.facts,
    measures: (real.facts.measures ?? []).map((measure) => {
      const since = verified?.get(measure.measureId);
      return since === undefined ? measure : { ...measure, implementedOn: since as CivilDate };
    }),
  };
};

/** Makes one move on the ledger and on the model, and fails where they part. @returns `taken`, or the code of the refusal. */
export const carryOut = (model: Model, ledger: RealLedger, wanted: Move): string => {
  const one = insteadOf(model, wanted);
  const { slot } = one;
  const endsAt = model.cases[slot]?.noticeEndsAt ?? '';
  if (one.kind === 'timer' && one.inTime && endsAt > ledger.now) ledger.now = endsAt as Instant;
  const real = ledger.slots[slot];
  if (real === undefined) throw new Error(`there is no household ${slot}`);
  if (one.kind === 'verify') {
    verify(model, ledger, slot);
    return 'taken';
  }
  if (one.kind === 'sleep') {
    ledger.now =
      one.hours === 'next'
        ? nextInstant(ledger)
        : instantFromMillis(millisOf(ledger.now) + one.hours * 3_600_000);
    return 'taken';
  }
  const state = ledger.stateOf(real.caseNumber);
  const plan = planOf(
    model,
    { now: ledger.now, caseNumber: real.caseNumber, state, nextNumber: ledger.nextNumber },
    one,
  );
  if (plan === undefined) return 'nobody';
  const { caseNumber, command, actor, failedMonthsBefore = 0, expected, settles } = plan;
  const heard = ledger.send(caseNumber, command, {
    actor,
    facts: real.facts,
    failedMonthsBefore,
    crash: one.crash,
  });
  const code = 'refused' in heard ? heard.refused : 'taken';
  same(`${one.kind} ${command.type === 'decide-step' ? command.taskId : ''}`, code, expected);
  if (code !== 'taken') return code;
  if (caseNumber !== real.caseNumber) {
    real.caseNumber = caseNumber;
    ledger.opened.push(caseNumber);
  }
  const after = ledger.stateOf(caseNumber);
  if (after === undefined) throw new Error('what was taken is not on record');
  settles(after);
  const c = model.cases[slot];
  if (c !== undefined) agrees(c, after);
  inboxesAgree(ledger);
  return 'taken';
};
