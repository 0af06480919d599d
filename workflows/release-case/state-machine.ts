import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Map as MapState,
  ProvideItems,
  Succeed,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  catchTheRest,
  type FunctionNamed,
  functionTask,
  jsonata,
  needsAnOperator,
} from '../fragments/function-task.ts';
import { humanStep } from '../fragments/human-step.ts';
import { notice, waitForTheDay } from '../fragments/notice.ts';
import type { CaseStanding } from './signals.ts';

type CaseStage = CaseStanding['stage'];

/** What every function of the case is asked with: names of the round, nothing about the household. */
const caseRound = {
  caseNumber: jsonata('$states.context.Execution.Input.caseNumber'),
  round: jsonata('$states.context.Execution.Input.round'),
};

const standsAt = (stage: CaseStage | 'unread'): string => `$states.input.stage = '${stage}'`;
const withOpenTasks = '$count($states.input.tasks) > 0';

/** The answer of whoever answered last has left the stage. Did all answer elsewhere, the ledger is asked again. */
const lastAnswer = (stage: CaseStage): string =>
  jsonata(
    `($left := $states.result[stage != '${stage}'][0]; $exists($left) ? $left : {'stage': 'unread', 'tasks': [], 'waitUntil': null})`,
  );

type Together = {
  readonly name: string;
  readonly stage: CaseStage;
  readonly each: { readonly name: string; readonly comment: string; readonly operator: string };
};

/** Every open task of a stage at the same time; each one is a human step of its own. */
const everyTask = (
  scope: Construct,
  functionNamed: FunctionNamed,
  operator: Fail,
  { name, stage, each }: Together,
): MapState => {
  const map = MapState.jsonata(scope, name, {
    items: ProvideItems.jsonata(jsonata('$states.input.tasks')),
    itemSelector: { stage, tasks: [jsonata('$states.context.Map.Item.Value')] },
    outputs: lastAnswer(stage),
  });
  map.itemProcessor(
    humanStep(scope, {
      name: each.name,
      stage,
      comment: each.comment,
      functionNamed,
      operator: needsAnOperator(scope, each.operator),
    }),
  );
  catchTheRest(map, operator);
  return map;
};

/**
 * One round of one release case 风险消除, and whatever has to be done before the next one can begin. It begins at the stage
 * that the ledger names, so any execution can be rebuilt; wherever more than one thing can come next the way leads back
 * through `WhereDoesTheCaseStand`. A standing that a step did not expect ends where an operator sees it.
 */
export const releaseCase = (scope: Construct, functionNamed: FunctionNamed): IChainable => {
  const operator = needsAnOperator(scope);
  const step = (
    name: string,
    stage: CaseStage,
    comment: string,
    afterEscalation?: IChainable,
  ): TaskStateBase =>
    humanStep(scope, {
      name,
      stage,
      comment,
      functionNamed,
      operator,
      ...(afterEscalation === undefined ? {} : { afterEscalation }),
    });
  const ask = (name: string, call: 'read-case-standing' | 'record-filing' | 'record-city-report') =>
    functionTask(scope, name, { functionNamed, call, payload: caseRound, operator });

  const read = ask('ReadCaseStanding', 'read-case-standing');
  const request = step(
    'Request',
    'request',
    'The household asks 农户提: the list of its grid leader must answer by the end of the month.',
  );
  const homeVisit = step('HomeVisit', 'home-visit', 'The village visits the home 入户核查.');
  const householdConfirmation = step(
    'HouseholdConfirmation',
    'household-confirmation',
    'The household confirms 农户确认, itself or on a signed form.',
  );
  const appraisal = step('Appraisal', 'appraisal', 'The village meeting appraises 民主评议.');
  const noticePosting = step(
    'NoticePosting',
    'notice-posting',
    'The village posts the notice 公示 and records it with a photo.',
  );
  const { waiting: noticeEnd, concluded: noticeConcluded } = notice(scope, {
    functionNamed,
    operator,
    payload: caseRound,
  });
  const objection = step(
    'Objection',
    'notice',
    'An objection 异议 holds the notice: the village investigates, then the town decides.',
    // Another objection may have to be looked at before this one again.
    read,
  );
  const objectionFollowUp = step(
    'ObjectionFollowUp',
    'objection-follow-up',
    'An objection was upheld: the village closes the case or starts the next round.',
  );
  const townVerification = step(
    'TownVerification',
    'town-verification',
    'The town verifies on site 镇级审核.',
  );
  const filingConfirmation = step(
    'FilingConfirmation',
    'filing-confirmation',
    'Approved after the cut-off: the town confirms that nothing has changed before it files.',
  );
  const filingCutOff = waitForTheDay(scope, 'WaitForFilingCutOff');
  const filing = ask('RecordFiling', 'record-filing');
  const comparison = everyTask(scope, functionNamed, operator, {
    name: 'CompareWithDepartments',
    stage: 'department-comparison',
    each: {
      name: 'DepartmentAnswer',
      comment: 'One department compares its data 行业部门比对.',
      operator: 'ComparisonNeedsAnOperator',
    },
  });
  const adjustment = everyTask(scope, functionNamed, operator, {
    name: 'AdjustHelp',
    stage: 'adjustment',
    each: {
      name: 'Adjustment',
      comment: 'Returned 退回: the village adjusts the help, each department its own failed measures.',
      operator: 'AdjustmentNeedsAnOperator',
    },
  });
  const reReport = step(
    'ReReport',
    're-report',
    'The grid leader reports again, which begins the next round, or closes the case.',
  );
  const pauseFollowUp = step(
    'PauseFollowUp',
    'paused',
    'The household has changed: the village closes the case or starts the next round.',
  );
  const spotCheck = step(
    'SpotCheck',
    'spot-check',
    'The joint-check group assesses 评估审定, with a visit if the case was drawn 抽查.',
  );
  const announcement = step('Announcement', 'announcement', 'The bureau announces the release 公告.');
  const leadershipFiling = step(
    'LeadershipFiling',
    'leadership-filing',
    'The bureau files with the leadership group 备案.',
  );
  const systemMarking = step(
    'SystemMarking',
    'system-marking',
    'The bureau marks the household in the national system 系统标注.',
  );
  const cityReportDay = waitForTheDay(scope, 'WaitForCityReport');
  const cityReport = ask('RecordCityReport', 'record-city-report');
  const reported = new Succeed(scope, 'Reported');
  const roundOver = new Succeed(scope, 'RoundOver');
  const unknown = Fail.jsonata(scope, 'StageUnknown', {
    comment: 'The ledger names a stage that this definition does not know, or one that nobody can act on.',
    error: 'stage-unknown',
    cause: jsonata(`'nothing in this workflow acts on the stage ' & $states.input.stage`),
  });

  const goOnFrom: Readonly<Record<CaseStage, IChainable>> = {
    request,
    'home-visit': homeVisit,
    'household-confirmation': householdConfirmation,
    appraisal,
    'notice-posting': noticePosting,
    notice: noticeEnd,
    'objection-follow-up': objectionFollowUp,
    'town-verification': townVerification,
    'filing-confirmation': filingConfirmation,
    filing: filingCutOff,
    'department-comparison': comparison,
    'spot-check': spotCheck,
    announcement,
    'leadership-filing': leadershipFiling,
    'system-marking': systemMarking,
    'city-report': cityReportDay,
    reported,
    adjustment,
    're-report': reReport,
    paused: pauseFollowUp,
    closed: roundOver,
    superseded: roundOver,
  };
  const whereDoesTheCaseStand = Choice.jsonata(scope, 'WhereDoesTheCaseStand');
  const go = (condition: string, state: IChainable): Choice =>
    whereDoesTheCaseStand.when(Condition.jsonata(jsonata(condition)), state);
  // An undecided objection holds the notice.
  go(`${standsAt('notice')} and ${withOpenTasks}`, objection);
  for (const [stage, state] of Object.entries(goOnFrom) as [CaseStage, IChainable][]) {
    // With nobody left to answer, a Map would be over at once and come back here without end.
    const open = stage === 'department-comparison' || stage === 'adjustment' ? ` and ${withOpenTasks}` : '';
    go(`${standsAt(stage)}${open}`, state);
  }
  go(standsAt('unread'), read);
  whereDoesTheCaseStand.otherwise(unknown);

  read.next(whereDoesTheCaseStand);
  request.next(whereDoesTheCaseStand);
  homeVisit.next(whereDoesTheCaseStand);
  householdConfirmation.next(whereDoesTheCaseStand);
  appraisal.next(whereDoesTheCaseStand);
  noticePosting.next(noticeEnd);
  noticeConcluded.next(whereDoesTheCaseStand);
  objection.next(whereDoesTheCaseStand);
  objectionFollowUp.next(whereDoesTheCaseStand);
  townVerification.next(whereDoesTheCaseStand);
  filingConfirmation.next(whereDoesTheCaseStand);
  filingCutOff.next(filing).next(whereDoesTheCaseStand);
  comparison.next(whereDoesTheCaseStand);
  adjustment.next(whereDoesTheCaseStand);
  reReport.next(whereDoesTheCaseStand);
  pauseFollowUp.next(whereDoesTheCaseStand);
  spotCheck.next(whereDoesTheCaseStand);
  announcement.next(whereDoesTheCaseStand);
  leadershipFiling.next(systemMarking).next(cityReportDay);
  cityReportDay.next(cityReport).next(whereDoesTheCaseStand);
  return read;
};
