import type { DecisionContext, ReleaseCommand, StepDecision } from '../../shared/domain/release/commands.ts';
import type { CaseNumber, TaskId } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase } from '../../shared/domain/release/state.ts';
import { pausedBy, request, withdrawal } from '../support/release-exits.ts';
import { month } from '../support/release-people.ts';
import { filed, goodAnswers, objection, report } from '../support/release-story.ts';
import { answerTo, outcomesOf } from './answers.ts';
import type { Move } from './moves.ts';
import { actorFor, householdAt, inboxNameOf, people, usualFor } from './people.ts';
import {
  asked,
  dayOf,
  departments,
  isOver,
  levelOf,
  type ModelCase,
  type ModelPerson,
  officeIn,
  reported,
  settle,
  stops,
  undecided,
  verdict,
} from './reference-model.ts';

export type Model = {
  readonly cases: (ModelCase | undefined)[];
  /** Of each household: since when its measures stand in the facts. */
  readonly verified: readonly Map<string, string>[];
  /** The last answer that was taken in each household's case. */
  readonly last: (
    | { readonly id: string; readonly round: number; readonly decision: StepDecision }
    | undefined
  )[];
};

export const startingModel = (slots: number): Model => ({
  cases: Array.from({ length: slots }, () => undefined),
  verified: Array.from({ length: slots }, () => new Map<string, string>()),
  last: Array.from({ length: slots }, () => undefined),
});

/** What can be seen of the real thing before a move. */
export type Seen = {
  readonly now: string;
  readonly caseNumber: CaseNumber;
  readonly state: ReleaseCase | undefined;
  readonly nextNumber: () => CaseNumber;
};

/** A command, what the model expects to hear of it, and what it then holds for true. */
export type Plan = {
  readonly caseNumber: CaseNumber;
  readonly command: ReleaseCommand;
  readonly actor: DecisionContext['actor'];
  readonly failedMonthsBefore?: number;
  /** `taken`, or the code of the refusal. */
  readonly expected: string;
  readonly settles: (after: ReleaseCase) => void;
};

const anyone = { anonymous: true } as const;
const nothing = (): void => undefined;

type Of<Kind extends Move['kind']> = Extract<Move, { kind: Kind }>;

const personOf = (by: number | 'usual', usual: ModelPerson): ModelPerson =>
  by === 'usual' ? usual : (people[by] ?? usual);

const opening = (model: Model, seen: Seen, { kind, slot, by }: Of<'report' | 'request'>): Plan => {
  const chosen = personOf(by, usualFor(['group'], slot));
  const mayReport = chosen.offices.includes('group') || chosen.own === slot;
  const person = mayReport ? chosen : usualFor(['group'], slot);
  const c = model.cases[slot];
  const isOpen = c !== undefined && c.phase !== 'over';
  const caseNumber = isOpen ? seen.caseNumber : seen.nextNumber();
  const own = kind === 'report' && person.own === slot ? 'own-household' : 'taken';
  return {
    caseNumber,
    command: { ...(kind === 'report' ? report : request), caseNumber, householdId: householdAt(slot) },
    actor: actorFor(person),
    expected: isOpen ? 'case-already-open' : own,
    settles: () => {
      const opened = kind === 'report' ? reported(slot) : asked(slot);
      if (kind === 'report') opened.deciders.set(person.id, 'group');
      model.cases[slot] = opened;
      model.last[slot] = undefined;
    },
  };
};

const answering = (model: Model, c: ModelCase, seen: Seen, move: Of<'answer'>): Plan | undefined => {
  const { slot, pick, evidence, which, failedMonths } = move;
  const [id, hold] = [...c.holds][pick % Math.max(1, c.holds.size)] ?? [];
  if (id === undefined || hold === undefined) return undefined;
  const outcomes = outcomesOf[id.split('.')[0] as StepDecision['step']];
  const outcome = outcomes[move.outcome % outcomes.length] ?? outcomes[0];
  const person = personOf(move.by, usualFor(hold.owners, slot));
  const { now, caseNumber } = seen;
  const { decision, failed } = answerTo(c, id, outcome, { now, which, evidence });
  const { round } = c;
  return {
    caseNumber,
    command: { type: 'decide-step', taskId: `${caseNumber}.r${round}.${id}` as TaskId, decision },
    actor: actorFor(person),
    failedMonthsBefore: failedMonths,
    expected: verdict(c, id, person, {
      outcome,
      now,
      verified: model.verified[slot] ?? new Map(),
      evidence,
    }),
    settles: ({ stage }) => {
      c.deciders.set(person.id, levelOf(officeIn(c, hold, person) ?? ''));
      settle(c, id, outcome, { now, failed, rate: Math.min(1, 0.3 * 2 ** failedMonths) });
      model.last[slot] = { id, round, decision };
      if (stage.name === 'notice') c.noticeEndsAt = stage.endsAt;
    },
  };
};

const timerOf = (c: ModelCase, seen: Seen, { timer, wrong, draw }: Of<'timer'>): Plan => {
  const round = wrong ? c.round - 1 : c.round;
  const plan = (command: ReleaseCommand, expected: string, settles: () => void): Plan => ({
    caseNumber: seen.caseNumber,
    command,
    actor: { system: 'timer' },
    expected: wrong ? 'round-superseded' : expected,
    settles,
  });
  switch (timer === 'awaited' ? (c.waitsFor ?? 'notice') : timer) {
    case 'notice': {
      const early = seen.now < c.noticeEndsAt || undecided(c) ? 'too-early' : 'taken';
      const expected = c.waitsFor === 'notice' ? early : 'notice-not-running';
      return plan({ type: 'conclude-notice', round }, expected, () => {
        c.gates.add('notice');
        c.waitsFor = undefined;
        c.holds.set('town-verification', { owners: ['town'] });
      });
    }
    case 'filing': {
      const month = c.filingMonth === '' ? '2022-10' : c.filingMonth;
      const expected = c.waitsFor === 'filing' ? 'taken' : 'case-not-in-filing';
      return plan(filed(round, month, draw), expected, () => {
        c.gates.add('filing');
        c.filedIn = c.filingMonth;
        c.waitsFor = undefined;
        c.draw = draw;
        for (const department of departments)
          c.holds.set(`department-comparison.${department}`, { owners: [department] });
      });
    }
    default: {
      const reported = month(c.announcedIn === '' ? '2022-10' : c.announcedIn);
      const expected = c.waitsFor === 'city-report' ? 'taken' : 'case-not-in-report';
      return plan({ type: 'record-city-report', round, month: reported }, expected, () => isOver(c));
    }
  }
};

const looking = (
  c: ModelCase,
  { now, caseNumber, state }: Seen,
  { pick, vacant }: Of<'look'>,
): Plan | undefined => {
  const task = state?.tasks[pick % Math.max(1, state.tasks.length)];
  if (task === undefined) return undefined;
  const { taskId, wakeAt, dueAt, escalations } = task;
  const owners = c.holds.get(taskId.split('.').slice(2).join('.'))?.owners ?? [];
  const atOnce = vacant && escalations === 0 && now < dueAt;
  return {
    caseNumber,
    command: {
      type: 'escalate-step',
      taskId,
      vacant: vacant ? owners.map((owner) => inboxNameOf(owner, householdAt(c.slot))) : [],
    },
    actor: { system: 'timer' },
    expected: !atOnce && now < wakeAt ? 'too-early' : 'taken',
    settles: ({ tasks }) => {
      const after = tasks.find((open) => open.taskId === taskId);
      if (after === undefined || !(after.wakeAt > now)) throw new Error(`${taskId} is not looked at again`);
      if (after.dueAt !== dueAt) throw new Error(`${taskId} was put off by a look`);
    },
  };
};

const withdrawing = (c: ModelCase, { caseNumber }: Seen, { how, by }: Of<'withdraw'>): Plan | undefined => {
  const person = people[by];
  const office = { household: 'household', 'signed-form': 'village', district: 'bureau' }[how];
  const holds = office === 'household' ? person?.own === c.slot : person?.offices.includes(office) === true;
  if (person === undefined || !holds) return undefined;
  const decidedAt = c.deciders.get(person.id);
  const allowed = (): string => {
    if (c.released) return 'already-released';
    if (c.phase === 'over') return 'case-not-open';
    if (office === 'household') return 'taken';
    if (person.own === c.slot) return 'own-household';
    return decidedAt !== undefined && decidedAt !== levelOf(office) ? 'two-levels' : 'taken';
  };
  return {
    caseNumber,
    command: withdrawal(how),
    actor: actorFor(person),
    expected: allowed(),
    settles: () => isOver(c),
  };
};

const pausing = (c: ModelCase, { now, caseNumber }: Seen, { cause }: Of<'pause'>): Plan => {
  const allowed = (): string => {
    if (c.released) return 'already-released';
    if (c.phase === 'over') return 'case-not-open';
    return c.phase === 'running' ? 'taken' : 'round-not-running';
  };
  return {
    caseNumber,
    command: pausedBy(cause, dayOf(now)),
    actor: actorFor(usualFor(['village'], c.slot)),
    expected: allowed(),
    settles: () => stops(c, 'pause-follow-up'),
  };
};

const objecting = (c: ModelCase, { now, caseNumber }: Seen): Plan => {
  const runs = c.waitsFor === 'notice';
  const inTime = now < c.noticeEndsAt ? 'taken' : 'objection-period-over';
  return {
    caseNumber,
    command: objection,
    actor: anyone,
    expected: runs ? inTime : 'notice-not-running',
    settles: () => {
      const id = `o${c.objections.size + 1}`;
      c.objections.set(id, 'filed');
      c.holds.set(`objection-investigation.${id}`, { owners: ['village'] });
    },
  };
};

/** An answer that was taken already is sent once more, by somebody who does not know that it was. */
const again = (model: Model, c: ModelCase, { caseNumber }: Seen): Plan | undefined => {
  const last = model.last[c.slot];
  if (last === undefined) return undefined;
  const taskId = `${caseNumber}.r${last.round}.${last.id}` as TaskId;
  return {
    caseNumber,
    command: { type: 'decide-step', taskId, decision: last.decision },
    actor: actorFor(usualFor(['group'], c.slot)),
    expected: last.round < c.round ? 'round-superseded' : 'task-not-open',
    settles: nothing,
  };
};

const otherStep = (
  c: ModelCase,
  { caseNumber }: Seen,
  { pick }: Of<'answer-other-step'>,
): Plan | undefined => {
  const [id, hold] = [...c.holds][pick % Math.max(1, c.holds.size)] ?? [];
  if (id === undefined || hold === undefined) return undefined;
  const decision = id.startsWith('home-visit') ? goodAnswers.adjustment : goodAnswers['home-visit'];
  return {
    caseNumber,
    command: { type: 'decide-step', taskId: `${caseNumber}.r${c.round}.${id}` as TaskId, decision },
    actor: actorFor(usualFor(hold.owners, c.slot)),
    expected: 'wrong-decision-for-step',
    settles: nothing,
  };
};

/**
 * Where there is nothing to answer, somebody does what comes next instead, so that sequences get far: a case is reported,
 * or its timer rings when its time has come.
 */
export const insteadOf = (model: Model, move: Move): Move => {
  if (move.kind !== 'answer') return move;
  const { slot, crash, which } = move;
  const c = model.cases[slot];
  if (c === undefined || c.phase === 'over') return { kind: 'report', slot, crash, by: 'usual' };
  if (c.holds.size > 0) return move;
  return { kind: 'timer', slot, crash, timer: 'awaited', wrong: false, inTime: true, draw: which / 4 };
};

/** @returns what the move comes to; nothing where there is nobody to make it. */
export const planOf = (
  model: Model,
  seen: Seen,
  move: Exclude<Move, { kind: 'verify' | 'sleep' }>,
): Plan | undefined => {
  if (move.kind === 'report' || move.kind === 'request') return opening(model, seen, move);
  const c = model.cases[move.slot];
  if (c === undefined) return undefined;
  switch (move.kind) {
    case 'answer':
      return answering(model, c, seen, move);
    case 'answer-again':
      return again(model, c, seen);
    case 'answer-other-step':
      return otherStep(c, seen, move);
    case 'object':
      return objecting(c, seen);
    case 'timer':
      return timerOf(c, seen, move);
    case 'look':
      return looking(c, seen, move);
    case 'withdraw':
      return withdrawing(c, seen, move);
    case 'pause':
      return pausing(c, seen, move);
    default:
      return move satisfies never;
  }
};
