import { assigneeHeldBy, type PersonActor, type SystemActor } from '../access/actor.ts';
import { type Decision, refuse, unreachable } from '../access/decision.ts';
import { escalatedTask, firstLookAt, lookAt, remindedTask } from '../access/escalation.ts';
import type { DistrictCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import { cityReportWindow } from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import {
  type AmendmentReason,
  type CityReportEvent,
  type CityReportId,
  type Correction,
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
  /** Numbered from 1; the signed report itself never changes. */
  readonly amendments: readonly {
    readonly number: number;
    readonly at: Instant;
    readonly reason: AmendmentReason;
    readonly corrections: readonly Correction[];
    readonly reference: string;
  }[];
};

/** A case that was announced in the reported month, and whether it may be reported yet. */
export type AnnouncedCase = ReportedCase & { readonly leadershipFiled: boolean; readonly marked: boolean };

export type CityReportRefusalCode =
  | 'city-report-not-prepared'
  | 'city-report-window-not-open'
  | 'city-report-incomplete'
  | 'task-not-open'
  | 'task-not-yours'
  | 'too-early'
  | 'city-report-not-signed'
  | 'case-not-reported'
  | 'correction-changes-nothing'
  | 'text-required';

export type CityReportCommand =
  | { readonly type: 'prepare-city-report'; readonly district: DistrictCode; readonly month: YearMonth }
  | {
      readonly type: 'sign-city-report';
      readonly taskId: string;
      readonly announced: readonly AnnouncedCase[];
    }
  | { readonly type: 'escalate-signature'; readonly taskId: string; readonly vacant: readonly string[] }
  /** After the signature nothing is changed any more: what was wrong is said in a numbered amendment 更正. */
  | {
      readonly type: 'amend-city-report';
      readonly reason: AmendmentReason;
      readonly corrections: readonly Correction[];
      readonly reference: string;
    };

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
  const { opensAt, closesAt: dueAt } = cityReportWindow(month, policy);
  if (now < opensAt) return refuse('city-report-window-not-open', { field: 'month', because: [opensAt] });
  const task: OpenTask = {
    taskId: signatureTaskId(cityReportIdOf(district, month)),
    step: 'city-report-signature',
    assignees: [{ role: 'bureau-officer', division: district }],
    openedAt: now,
    dueAt,
    notBefore: opensAt,
    wakeAt: firstLookAt({ from: now, dueAt }, policy),
    reminded: false,
    escalations: 0,
    escalatedTo: [],
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

/** Reminded on the last working day before; told upwards at the due time, and ever again until somebody signs. */
const escalate = (
  report: CityReport,
  command: Extract<CityReportCommand, { type: 'escalate-signature' }>,
  { now, policy }: CityReportContext,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  const task = report.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined) return refuse('task-not-open');
  const { taskId } = task;
  const { escalateEvery } = policy.steps['city-report-signature'];
  const look = lookAt(task, { now, policy, escalateEvery, vacant: command.vacant });
  const { wakeAt } = look;
  switch (look.kind) {
    case 'too-early':
      return refuse('too-early', { because: [wakeAt] });
    case 'reminder':
      return { events: [{ type: 'signature-reminded', data: { taskId, wakeAt } }] };
    case 'escalation': {
      const { reason, to } = look;
      return { events: [{ type: 'signature-escalated', data: { taskId, wakeAt, reason, to } }] };
    }
    default:
      return unreachable(look);
  }
};

/** The cases of a signed report as they stand after every amendment so far. */
export const casesAsAmended = ({
  signed,
  amendments,
}: Pick<CityReport, 'signed' | 'amendments'>): readonly ReportedCase[] => {
  const cases = new Map((signed?.cases ?? []).map((reported) => [reported.caseNumber, reported.people]));
  for (const { caseNumber, people } of amendments.flatMap(({ corrections }) => corrections)) {
    if (people === null) cases.delete(caseNumber);
    else cases.set(caseNumber, people);
  }
  return [...cases].map(([caseNumber, people]) => ({ caseNumber, people }));
};

/** 更正 with the next number: the signed report stays as it was signed. */
const amend = (
  report: CityReport,
  { reason, corrections, reference }: Extract<CityReportCommand, { type: 'amend-city-report' }>,
): Decision<CityReportEvent, CityReportRefusalCode> => {
  if (report.signed === undefined) return refuse('city-report-not-signed');
  if (reference.trim() === '') return refuse('text-required', { field: 'reference' });
  // Of two corrections of one case, one would say nothing.
  const twice = corrections.findIndex(({ caseNumber }, index) =>
    corrections.slice(0, index).some((earlier) => earlier.caseNumber === caseNumber),
  );
  if (twice >= 0) return refuse('correction-changes-nothing', { field: `corrections.${twice}.caseNumber` });
  if (corrections.length === 0) return refuse('correction-changes-nothing', { field: 'corrections' });
  const { cases: signed } = report.signed;
  const unknown = corrections.findIndex(
    ({ caseNumber }) => !signed.some((reported) => reported.caseNumber === caseNumber),
  );
  if (unknown >= 0) return refuse('case-not-reported', { field: `corrections.${unknown}.caseNumber` });
  // A case that was struck by an earlier amendment is put back by saying how many people it has.
  const asRead = new Map(casesAsAmended(report).map((reported) => [reported.caseNumber, reported.people]));
  const same = corrections.findIndex(({ caseNumber, people }) => (asRead.get(caseNumber) ?? null) === people);
  if (same >= 0) return refuse('correction-changes-nothing', { field: `corrections.${same}.people` });
  const { amendments } = report;
  const amended = casesAsAmended({
    signed: report.signed,
    amendments: [...amendments, { number: 0, at: report.signed.at, reason, corrections, reference }],
  });
  return {
    events: [
      {
        type: 'city-report-amended',
        data: {
          number: amendments.length + 1,
          reason,
          corrections,
          reference,
          households: amended.length,
          people: amended.reduce((sum, { people }) => sum + people, 0),
        },
      },
    ],
  };
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
    case 'amend-city-report':
      return amend(report, command);
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
      amendments: [],
    };
  }
  if (report === undefined) throw new Error(`the ledger is damaged: ${event.type} stands first`);
  switch (event.type) {
    case 'city-report-signed': {
      const { cases, households, people, overdue } = event.data;
      return { ...report, tasks: [], signed: { at: event.at, cases, households, people, overdue } };
    }
    case 'signature-reminded': {
      const { taskId, wakeAt } = event.data;
      const tasks = report.tasks.map((task) => (task.taskId === taskId ? remindedTask(task, wakeAt) : task));
      return { ...report, tasks };
    }
    case 'signature-escalated': {
      const { taskId, wakeAt, to } = event.data;
      const tasks = report.tasks.map((task) =>
        task.taskId === taskId ? escalatedTask(task, wakeAt, to) : task,
      );
      return { ...report, tasks };
    }
    case 'city-report-amended': {
      const { number, reason, corrections, reference } = event.data;
      const amendment = { number, at: event.at, reason, corrections, reference };
      return { ...report, amendments: [...report.amendments, amendment] };
    }
    default:
      return unreachable(event);
  }
};
