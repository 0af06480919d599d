import { describe, expect, test } from 'vitest';
import type { ReleaseCommand, StepDecision } from '../../../shared/domain/release/commands.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { type EveryStage, late, outcomeOf, stages } from '../../support/every-stage.ts';
import { otherAnswers } from '../../support/release-exits.ts';
import { caseNumber, goodAnswers, someTask, stateOf } from '../../support/release-story.ts';

/** The open task of the step if there is one; else the task as it was called when it was open, or would be. */
const taskFor = (past: readonly RecordedReleaseEvent[], step: StepDecision['step']) =>
  past.length === 0
    ? someTask
    : (stateOf(past).tasks.find((task) => task.step === step)?.taskId ??
      (`${caseNumber}.r1.${step}` as typeof someTask));

const answers: Readonly<Record<string, StepDecision>> = { ...goodAnswers, ...otherAnswers };
type AnswerName = keyof typeof goodAnswers | keyof typeof otherAnswers;

const over = (first: string) => `${first} + release-round-ended + release-case-closed`;
const back = (first: string) => `${first} + release-round-ended`;
const comparison = {
  'department-comparison': 'comparison-answered',
  notImplemented: 'comparison-answered',
  dataContradict: 'comparison-answered',
};

/** The answers that are taken at a stage, and what comes of each; every other one meets `task-not-open`. */
const taken: Readonly<Partial<Record<EveryStage, Readonly<Partial<Record<AnswerName, string>>>>>> = {
  request: {
    'request-answer': 'request-taken-up + release-round-started',
    declined: 'request-declined + release-case-closed',
  },
  'home-visit': { 'home-visit': 'home-visit-recorded', notEligible: over('candidate-not-eligible') },
  'household-confirmation': {
    'household-confirmation': 'household-confirmed',
    refused: over('household-refused'),
  },
  appraisal: { appraisal: 'appraisal-passed', notPassed: over('appraisal-not-passed') },
  'notice-posting': { 'notice-posting': 'notice-posted' },
  'notice, objection filed': { 'objection-investigation': 'objection-investigated' },
  'notice, objection investigated': {
    'objection-decision': 'objection-dismissed',
    upheld: back('objection-upheld'),
  },
  'objection-follow-up': {
    'objection-follow-up': 'next-round-decided + release-round-started',
    closedAfterObjection: 'closing-decided + release-case-closed',
  },
  'town-verification': {
    'town-verification': 'town-verification-approved',
    returnedByTown: back('case-returned'),
  },
  'filing-confirmation': {
    'filing-confirmation': 'unchanged-confirmed',
    notConfirmed: back('case-returned'),
  },
  'department-comparison': comparison,
  // Civil affairs is asked next, and leads no measure of the plan.
  'department-comparison, one said no': { ...comparison, notImplemented: 'measure-of-another-department' },
  'spot-check': { 'spot-check': 'assessment-confirmed', checkFailed: back('spot-check-failed') },
  announcement: { announcement: 'release-announced', returnedByBureau: back('case-returned') },
  'leadership-filing': { 'leadership-filing': 'leadership-filed' },
  'system-marking': { 'system-marking': 'national-system-marked' },
  adjustment: { adjustment: 'help-adjusted', 'measure-adjustment': 'measures-adjusted' },
  'adjustment, the village is done': { 'measure-adjustment': 'measures-adjusted + re-report-opened' },
  're-report': {
    're-report': 'candidate-reported-again + release-round-started',
    closedInsteadOfReport: 'closing-decided + release-case-closed',
  },
  paused: {
    'pause-follow-up': 'next-round-decided + release-round-started',
    closedAfterPause: 'closing-decided + release-case-closed',
  },
};

const answerTo = (past: readonly RecordedReleaseEvent[], decision: StepDecision): ReleaseCommand => ({
  type: 'decide-step',
  taskId: taskFor(past, decision.step),
  decision,
});

describe('which answer is taken at which stage', () => {
  const table = stages.flatMap(([stage, past]) =>
    Object.entries(answers).map(([name, decision]) => ({
      stage,
      name,
      past,
      decision,
      expected:
        taken[stage]?.[name as AnswerName] ?? (stage === 'no case' ? 'case-not-open' : 'task-not-open'),
    })),
  );

  test.each(table)('$stage ← $name: $expected', ({ past, decision, expected }) => {
    expect(outcomeOf(past, answerTo(past, decision), late)).toBe(expected);
  });

  const openSteps = stages.flatMap(([stage, past]) =>
    past.length === 0
      ? []
      : [...new Set(stateOf(past).tasks.map(({ step }) => step as StepDecision['step']))].map((step) => ({
          stage,
          past,
          step,
        })),
  );
  test.each(openSteps)('$stage: the task of $step takes no answer to another step', ({ past, step }) => {
    for (const decision of Object.values(answers).filter((answer) => answer.step !== step)) {
      const command: ReleaseCommand = { type: 'decide-step', taskId: taskFor(past, step), decision };
      expect(outcomeOf(past, command, late)).toBe('wrong-decision-for-step');
    }
  });

  test('every answer is taken somewhere, and every open step by one that is taken', () => {
    const named = new Set(Object.values(taken).flatMap((row) => Object.keys(row)));
    expect([...named].toSorted()).toEqual(Object.keys(answers).toSorted());
    for (const { stage, step } of openSteps)
      expect(Object.keys(taken[stage] ?? {}).map((name) => answers[name]?.step)).toContain(step);
  });
});
