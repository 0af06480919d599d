import { assigneeHeldBy, type PersonActor, type SystemActor } from '../access/actor.ts';
import { type Decision, refuse, unreachable } from '../access/decision.ts';
import type { DistrictCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import { cityReportWindow, dueAfter, reminderAt } from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import {
  type CityReportEvent,
  type CityReportId,
  cityReportIdOf,
  type RecordedCityReportEvent,
  type ReportedCase,
} from './events.ts';

export type CityReport = {
  readonly reportId: CityReportId;
  readonly district: DistrictCode;
  readonly month: YearMonth;
  readonly policyVersion: string;
  readonly preparedAt: Instant;
  readonly dueAt: Instant;
  readonly tasks: readonly OpenTask[];
  readonly signed?: {
    readonly at: Instant;
    readonly cases: readonly ReportedCase[];
    readonly households: number;
    readonly people: number;
    readonly overdue: boolean;
  };
};

/** A case that was announced in the reported month, and whether it may be reported yet. */
export type AnnouncedCase = ReportedCase & { readonly leadershipFiled: boolean; readonly marked: boolean };

export type CityReportRefusalCode =
  | 'city-report-not-prepared'
  | 'city-report-window-not-open'
  | 'city-report-incomplete'
  | 'task-not-open'
  | 'task-not-yours'
  | 'too-early';

export type CityReportCommand =
  | { readonly type: 'prepare-city-report'; readonly district: DistrictCode; readonly month: YearMonth }
  | {
      readonly type: 'sign-city-report';
      readonly taskId: string;
      readonly announced: readonly AnnouncedCase[];
    }
  | { readonly type: 'escalate-signature'; readonly taskId: string };

export type CityReportContext = {
  readonly now: Instant;
  readonly actor: PersonActor | SystemActor;
  /** The report's own policy once it is prepared, else the one in force. */
  readonly policy: Policy;
};

export const signatureTaskId = (reportId: CityReportId): string => `${reportId}.city-report-signature`;

const prepare = (
  command: Extract<CityReportCommand, { type: 'prepare-city-report' }>,
  { now, policy }: CityReportContext,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  const { district, month } = command;
  const { opensAt, closesAt: dueAt, lastDay } = cityReportWindow(month, policy);
  if (now < opensAt) return refuse('city-report-window-not-open', { field: 'month', because: [opensAt] });
  const { at: remindAt } = reminderAt(lastDay, policy);
  const task: OpenTask = {
    taskId: signatureTaskId(cityReportIdOf(district, month)),
    step: 'city-report-signature',
    assignees: [{ role: 'bureau-officer', division: district }],
    openedAt: now,
    dueAt,
    notBefore: opensAt,
    wakeAt:
      now < remindAt
        ? remindAt
        : now < dueAt
          ? dueAt
          : dueAfter(now, policy.steps['city-report-signature'].escalateEvery).dueAt,
    escalations: 0,
  };
  return {
    events: [
      {
        type: 'city-report-prepared',
        data: { district, month, policyVersion: policy.version, dueAt, opens: [task] },
      },
    ],
  };
};

const sign = (
  report: CityReport,
  command: Extract<CityReportCommand, { type: 'sign-city-report' }>,
  { now, actor }: CityReportContext,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  const task = report.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined) return refuse('task-not-open');
  if (!('personId' in actor) || assigneeHeldBy(actor, task.assignees) === undefined)
    return refuse('task-not-yours');
  const incomplete = command.announced.filter((announced) => !announced.leadershipFiled || !announced.marked);
  if (incomplete.length > 0) {
    return refuse('city-report-incomplete', {
      because: incomplete.map((announced) => announced.caseNumber).toSorted(),
    });
  }
  const cases = command.announced
    .map(({ caseNumber, people }) => ({ caseNumber, people }))
    .toSorted((a, b) => a.caseNumber.localeCompare(b.caseNumber));
  const people = cases.reduce((sum, { people: inCase }) => sum + inCase, 0);
  const data = {
    taskId: task.taskId,
    cases,
    households: cases.length,
    people,
    overdue: now >= report.dueAt,
    opens: [],
  };
  return { events: [{ type: 'city-report-signed', data }] };
};

/** Reminded on the last working day before, then at the due time, then every so often until somebody signs. */
const escalate = (
  report: CityReport,
  command: Extract<CityReportCommand, { type: 'escalate-signature' }>,
  { now, policy }: CityReportContext,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  const task = report.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined) return refuse('task-not-open');
  if (now < task.wakeAt) return refuse('too-early', { because: [task.wakeAt] });
  const { dueAt: later } = dueAfter(now, policy.steps['city-report-signature'].escalateEvery);
  const wakeAt = now < task.dueAt ? task.dueAt : later;
  return { events: [{ type: 'signature-escalated', data: { taskId: task.taskId, wakeAt } }] };
};

/** Pure and total. Preparing twice changes nothing; a signed report is never signed again. */
export const decideCityReport = (
  report: CityReport | undefined,
  command: CityReportCommand,
  context: CityReportContext,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  if (command.type === 'prepare-city-report')
    return report === undefined ? prepare(command, context) : { events: [] };
  if (report === undefined) return refuse('city-report-not-prepared');
  switch (command.type) {
    case 'sign-city-report':
      return sign(report, command, context);
    case 'escalate-signature':
      return escalate(report, command, context);
    default:
      return unreachable(command);
  }
};

/** Pure; @throws only when the ledger is damaged. */
export const evolveCityReport = (
  report: CityReport | undefined,
  event: RecordedCityReportEvent,
): CityReport => {
  if (event.type === 'city-report-prepared') {
    const { district, month, policyVersion, dueAt, opens } = event.data;
    return {
      reportId: cityReportIdOf(district, month),
      district,
      month,
      policyVersion,
      preparedAt: event.at,
      dueAt,
      tasks: opens,
    };
  }
  if (report === undefined) throw new Error(`the ledger is damaged: ${event.type} stands first`);
  switch (event.type) {
    case 'city-report-signed': {
      const { cases, households, people, overdue } = event.data;
      return { ...report, tasks: [], signed: { at: event.at, cases, households, people, overdue } };
    }
    case 'signature-escalated': {
      const { taskId, wakeAt } = event.data;
      const tasks = report.tasks.map((task) =>
        task.taskId === taskId ? { ...task, wakeAt, escalations: task.escalations + 1 } : task,
      );
      return { ...report, tasks };
    }
    default:
      return unreachable(event);
  }
};
