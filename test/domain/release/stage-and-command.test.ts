import { describe, expect, test } from 'vitest';
import type { ReleaseCommand, StepDecision } from '../../../shared/domain/release/commands.ts';
import { decide } from '../../../shared/domain/release/decide.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import type { ReleaseRefusalCode } from '../../../shared/domain/release/refusals.ts';
import type { StageName } from '../../../shared/domain/release/state.ts';
import {
  askedDepartments,
  bureau,
  checker,
  departmentOfficer,
  goodFacts,
  home,
  leader,
  month,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  after,
  answered,
  answering,
  approvedLate,
  caseNumber,
  contextOf,
  filed,
  given,
  goodAnswers,
  objectedTo,
  objection,
  report,
  someTask,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';

const closed = answered(
  objectedTo('upheld'),
  { ...goodAnswers['objection-follow-up'], outcome: 'close-case' },
  villager,
  '2022-10-10 09:00',
);

/** A case at every stage that there is, the notice also with an objection in each state of work. */
const cases: Readonly<Record<string, readonly RecordedReleaseEvent[]>> = {
  'no case': [],
  'home-visit': straightTo('home-visit'),
  'household-confirmation': straightTo('household-confirmation'),
  appraisal: straightTo('appraisal'),
  'notice-posting': straightTo('notice-posting'),
  notice: straightTo('notice'),
  'notice, objection filed': objectedTo('filed'),
  'notice, objection investigated': objectedTo('investigated'),
  'notice, objection dismissed': objectedTo('dismissed'),
  'objection-follow-up': objectedTo('upheld'),
  'town-verification': straightTo('town-verification'),
  'filing-confirmation': approvedLate(),
  filing: straightTo('filing'),
  'department-comparison': straightTo('department-comparison'),
  'spot-check': straightTo('spot-check'),
  announcement: straightTo('announcement'),
  'leadership-filing': straightTo('leadership-filing'),
  'system-marking': straightTo('system-marking'),
  'city-report': straightTo('city-report'),
  reported: straightTo('reported'),
  closed,
} satisfies Partial<Record<StageName, unknown>> & Record<string, unknown>;

const steps = Object.keys(goodAnswers) as StepDecision['step'][];
const everyone = [home, villager, townOfficer, checker, bureau, ...askedDepartments.map(departmentOfficer)];

/** An hour at which every wait of the stories above is over. */
const lateAt = '2022-12-01 09:00';
/** Within the notice of the stories above. */
const duringNotice = '2022-10-03 09:00';

/** The open task of the step if there is one; else the task as it was called when it was open, or would be. */
const taskFor = (past: readonly RecordedReleaseEvent[], step: StepDecision['step']) =>
  past.length === 0
    ? someTask
    : (stateOf(past).tasks.find((task) => task.step === step)?.taskId ??
      (`${caseNumber}.r1.${step}` as typeof someTask));

const outcomeOf = (past: readonly RecordedReleaseEvent[], command: ReleaseCommand, at: string): string => {
  const state = past.length === 0 ? undefined : stateOf(past);
  const actor =
    command.type !== 'decide-step'
      ? timer
      : (everyone.find((by) => {
          const decision = decide(state, command, contextOf({ by, at }));
          return !('refusal' in decision) || decision.refusal.code !== 'task-not-yours';
        }) ?? villager);
  const decision = decide(state, command, contextOf({ by: actor, at }));
  return 'refusal' in decision ? decision.refusal.code : decision.events.map(({ type }) => type).join(' + ');
};

describe('which answer is taken at which stage', () => {
  /** The one step that is open at a stage; every other answer meets `task-not-open`. */
  const openSteps: Readonly<Record<string, readonly [StepDecision['step'], string][]>> = {
    'home-visit': [['home-visit', 'home-visit-recorded']],
    'household-confirmation': [['household-confirmation', 'household-confirmed']],
    // Held on a day before the hour of this table, and after the task was opened.
    appraisal: [['appraisal', 'appraisal-passed']],
    'notice-posting': [['notice-posting', 'notice-posted']],
    'notice, objection filed': [['objection-investigation', 'objection-investigated']],
    'notice, objection investigated': [['objection-decision', 'objection-dismissed']],
    'objection-follow-up': [['objection-follow-up', 'next-round-decided + release-round-started']],
    'town-verification': [['town-verification', 'town-verification-approved']],
    'filing-confirmation': [['filing-confirmation', 'unchanged-confirmed']],
    'department-comparison': [['department-comparison', 'comparison-answered']],
    'spot-check': [['spot-check', 'assessment-confirmed']],
    announcement: [['announcement', 'release-announced']],
    'leadership-filing': [['leadership-filing', 'leadership-filed']],
    'system-marking': [['system-marking', 'national-system-marked']],
  };
  const table = Object.entries(cases).flatMap(([stage, past]) =>
    steps.map((step) => {
      const accepted = openSteps[stage]?.find(([open]) => open === step)?.[1];
      return {
        stage,
        step,
        past,
        expected: accepted ?? (stage === 'no case' ? 'case-not-open' : 'task-not-open'),
      };
    }),
  );

  test.each(table)('$stage ← $step: $expected', ({ past, step, expected }) => {
    const command: ReleaseCommand = {
      type: 'decide-step',
      taskId: taskFor(past, step),
      decision: goodAnswers[step],
    };
    expect(outcomeOf(past, command, lateAt)).toBe(expected);
  });

  const wrongAnswers = Object.entries(openSteps).flatMap(([stage, open]) =>
    open.flatMap(([step]) =>
      steps.filter((other) => other !== step).map((other) => ({ stage, step, other })),
    ),
  );
  test.each(wrongAnswers)(
    '$stage: the task of $step is not answered with $other',
    ({ stage, step, other }) => {
      const past = cases[stage] ?? [];
      const command: ReleaseCommand = {
        type: 'decide-step',
        taskId: taskFor(past, step),
        decision: goodAnswers[other],
      };
      expect(outcomeOf(past, command, lateAt)).toBe('wrong-decision-for-step');
    },
  );
});

describe('which timer and which report is taken at which stage', () => {
  type Row = { readonly [stage: string]: string };
  const commands: readonly {
    readonly name: string;
    readonly command: ReleaseCommand;
    readonly at: string;
    readonly accepted: Row;
    readonly otherwise: ReleaseRefusalCode;
  }[] = [
    {
      name: 'report-candidate',
      command: report,
      at: '2022-09-20 09:00',
      accepted: { 'no case': 'release-case-opened + release-round-started' },
      otherwise: 'case-already-open',
    },
    {
      name: 'file-objection',
      command: objection,
      at: duringNotice,
      accepted: {
        'no case': 'case-not-open',
        notice: 'objection-filed',
        'notice, objection filed': 'objection-filed',
        'notice, objection investigated': 'objection-filed',
        'notice, objection dismissed': 'objection-filed',
      },
      otherwise: 'notice-not-running',
    },
    {
      name: 'conclude-notice',
      command: { type: 'conclude-notice', round: 1 },
      at: lateAt,
      accepted: {
        'no case': 'case-not-open',
        notice: 'notice-passed',
        'notice, objection filed': 'too-early',
        'notice, objection investigated': 'too-early',
        'notice, objection dismissed': 'notice-passed',
      },
      otherwise: 'notice-not-running',
    },
    {
      name: 'conclude-notice of a round that is not the running one',
      command: { type: 'conclude-notice', round: 2 },
      at: lateAt,
      accepted: { 'no case': 'case-not-open' },
      otherwise: 'round-superseded',
    },
    {
      name: 'record-filing',
      command: filed(1, '2022-10'),
      at: lateAt,
      accepted: { 'no case': 'case-not-open', filing: 'filed-with-district' },
      otherwise: 'case-not-in-filing',
    },
    {
      name: 'record-filing of a round that is not the running one',
      command: filed(2, '2022-10'),
      at: lateAt,
      accepted: { 'no case': 'case-not-open' },
      otherwise: 'round-superseded',
    },
    {
      name: 'record-city-report',
      command: { type: 'record-city-report', round: 1, month: month('2022-10') },
      at: lateAt,
      accepted: { 'no case': 'case-not-open', 'city-report': 'reported-to-city' },
      otherwise: 'case-not-in-report',
    },
    {
      name: 'record-city-report of another month',
      command: { type: 'record-city-report', round: 1, month: month('2022-11') },
      at: lateAt,
      accepted: { 'no case': 'case-not-open' },
      otherwise: 'case-not-in-report',
    },
    {
      name: 'record-city-report of a round that is not the running one',
      command: { type: 'record-city-report', round: 2, month: month('2022-10') },
      at: lateAt,
      accepted: { 'no case': 'case-not-open' },
      otherwise: 'round-superseded',
    },
  ];
  const table = commands.flatMap(({ name, command, at, accepted, otherwise }) =>
    Object.entries(cases).map(([stage, past]) => ({
      name,
      command,
      at,
      stage,
      past,
      expected: accepted[stage] ?? otherwise,
    })),
  );

  test.each(table)('$stage ← $name: $expected', ({ past, command, at, expected }) => {
    expect(outcomeOf(past, command, at)).toBe(expected);
  });

  test.each(Object.entries(cases))(
    '%s: an open step escalates when its time has come, nothing else does',
    (_stage, past) => {
      const task = past.length === 0 ? undefined : stateOf(past).tasks[0];
      const command: ReleaseCommand = { type: 'escalate-step', taskId: task?.taskId ?? someTask, vacant: [] };
      const never = past.length === 0 ? 'case-not-open' : 'task-not-open';
      expect(outcomeOf(past, command, lateAt)).toBe(task === undefined ? never : 'step-escalated');
      if (task !== undefined) expect(outcomeOf(past, command, '2022-09-20 10:00')).toBe('too-early');
    },
  );
});

test('every code of refusal is reached', () => {
  const reached = new Set<string>();
  const refuse = (
    past: readonly RecordedReleaseEvent[],
    command: ReleaseCommand,
    when: Parameters<typeof contextOf>[0],
  ): void => {
    const decision = decide(past.length === 0 ? undefined : stateOf(past), command, contextOf(when));
    if ('refusal' in decision) reached.add(decision.refusal.code);
  };
  const appraise = (change: Partial<(typeof goodAnswers)['appraisal']>) => {
    const past = straightTo('appraisal');
    const command = answering(past, { ...goodAnswers.appraisal, ...change });
    refuse(past, command, { by: villager, at: '2022-09-27 16:00' });
  };
  const visit = straightTo('home-visit');
  refuse([], filed(1, '2022-10'), { by: timer, at: lateAt });
  refuse(visit, report, { by: leader, at: lateAt });
  refuse([], { ...report, monitored: false }, { by: leader, at: lateAt });
  refuse([], report, { by: leader, at: lateAt, facts: { ...goodFacts, measures: [] } });
  refuse(
    visit,
    { type: 'escalate-step', taskId: someTask, vacant: [] },
    { by: timer, at: '2022-09-20 10:00' },
  );
  refuse(
    visit,
    { type: 'escalate-step', taskId: 'x' as typeof someTask, vacant: [] },
    { by: timer, at: lateAt },
  );
  refuse(visit, answering(visit, goodAnswers['home-visit']), { by: bureau, at: lateAt });
  refuse(
    visit,
    { ...answering(visit, goodAnswers['home-visit']), decision: goodAnswers.appraisal },
    { by: villager, at: lateAt },
  );
  refuse(visit, { type: 'conclude-notice', round: 2 }, { by: timer, at: lateAt });
  refuse(visit, { type: 'conclude-notice', round: 1 }, { by: timer, at: lateAt });
  refuse(visit, filed(1, '2022-10'), { by: timer, at: lateAt });
  refuse(visit, { type: 'record-city-report', round: 1, month: month('2022-10') }, { by: timer, at: lateAt });
  refuse(visit, answering(visit, goodAnswers['home-visit']), {
    by: { ...villager, ownHousehold: stateOf(visit).householdId },
    at: lateAt,
  });
  refuse(visit, answering(visit, goodAnswers['home-visit']), {
    by: { ...villager, personId: leader.personId },
    at: lateAt,
  });
  refuse(visit, answering(visit, { ...goodAnswers['home-visit'], evidence: [] }), {
    by: villager,
    at: lateAt,
  });
  appraise({ heldOn: '2022-09-21' as (typeof goodAnswers)['appraisal']['heldOn'] });
  appraise({ attendance: { eligible: 19, present: 20 } });
  appraise({ votes: { inFavour: 18, against: 2, abstained: 1 } });
  appraise({ votes: { inFavour: 10, against: 9, abstained: 1 } });
  refuse(straightTo('notice'), objection, { by: { anonymous: true }, at: lateAt });
  let crowd = straightTo('notice');
  const duringNotice = { by: { anonymous: true }, at: '2022-09-30 20:00' } as const;
  for (let count = 0; count < 200; count += 1) crowd = after(crowd, objection, duringNotice);
  refuse(crowd, objection, duringNotice);
  const filing = straightTo('leadership-filing');
  refuse(filing, answering(filing, { step: 'leadership-filing', receipt: '' }), { by: bureau, at: lateAt });

  const everyCode = {
    'case-already-open': true,
    'case-not-open': true,
    'household-not-monitored': true,
    'release-standards-not-met': true,
    'task-not-open': true,
    'task-not-yours': true,
    'round-superseded': true,
    'wrong-decision-for-step': true,
    'too-early': true,
    'own-household': true,
    'two-levels': true,
    'evidence-required': true,
    'appraisal-date-invalid': true,
    'votes-exceed-attendance': true,
    'attendance-exceeds-eligible': true,
    'votes-do-not-carry': true,
    'text-required': true,
    'notice-not-running': true,
    'objection-period-over': true,
    'objections-full': true,
    'case-not-in-filing': true,
    'case-not-in-report': true,
  } satisfies Record<ReleaseRefusalCode, true>;
  expect([...reached].toSorted()).toEqual(Object.keys(everyCode).toSorted());
});

describe('the appraisal', () => {
  const appraise = (change: Partial<(typeof goodAnswers)['appraisal']>, at = '2022-09-27 16:00') => {
    const past = straightTo('appraisal');
    return given(past).when(
      answering(past, { ...goodAnswers.appraisal, ...change }),
      contextOf({ by: villager, at }),
    );
  };
  const on = (text: string) => ({ heldOn: text as (typeof goodAnswers)['appraisal']['heldOn'] });

  test('is carried by more than half of those present, not by exactly half', () => {
    appraise({ votes: { inFavour: 10, against: 10, abstained: 0 } }).then({
      code: 'votes-do-not-carry',
      field: 'votes.inFavour',
    });
    appraise({ votes: { inFavour: 11, against: 9, abstained: 0 } }).then([{ type: 'appraisal-passed' }]);
  });

  test('was held between the confirmation and today', () => {
    appraise(on('2022-09-22')).then([{ type: 'appraisal-passed' }]);
    appraise(on('2022-09-21')).thenRefused('appraisal-date-invalid');
    appraise(on('2022-09-28')).then({
      code: 'appraisal-date-invalid',
      field: 'heldOn',
      because: ['2022-09-22', '2022-09-27'],
    });
  });

  test('counts no more votes than people, and no more people than are eligible', () => {
    appraise({ votes: { inFavour: 18, against: 1, abstained: 2 } }).then({
      code: 'votes-exceed-attendance',
      field: 'votes',
    });
    appraise({ attendance: { eligible: 19, present: 20 } }).then({
      code: 'attendance-exceeds-eligible',
      field: 'attendance.present',
    });
    appraise({ minutes: [] }).then({ code: 'evidence-required', field: 'minutes' });
  });
});
