import { type Decision, refuse, unreachable } from '../access/decision.ts';
import type { TownCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import {
  addDays,
  civilDateOf,
  filingCutOff,
  firstDay,
  reminderAt,
  startOfDay,
} from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import { type FilingEvent, type FilingId, filingIdOf, type RecordedFilingEvent } from './events.ts';

/** The filing of one town-month, with every case that it holds so far. */
export type Filing = {
  readonly filingId: FilingId;
  readonly town: TownCode;
  readonly month: YearMonth;
  readonly policyVersion: string;
  readonly openedAt: Instant;
  readonly cutOffAt: Instant;
  /** Whether the town was reminded of the cut-off. */
  readonly reminded: boolean;
  readonly tasks: readonly OpenTask[];
  readonly filings: readonly {
    readonly number: number;
    readonly filedAt: Instant;
    readonly early: boolean;
    readonly spotCheckSeed: string;
    readonly caseNumbers: readonly string[];
  }[];
  readonly completedAt?: Instant;
};

export type FilingRefusalCode =
  | 'filing-not-open'
  | 'filing-completed'
  | 'filing-empty'
  | 'filing-month-not-begun'
  | 'cut-off-not-reached'
  | 'cut-off-passed'
  | 'reminder-not-due';

export type FilingCommand =
  | { readonly type: 'open-filing'; readonly town: TownCode; readonly month: YearMonth }
  /** The town files before the cut-off; what is approved later goes in a supplement. */
  | { readonly type: 'file-early'; readonly approved: readonly string[]; readonly spotCheckSeed: string }
  /** On the last working day before the cut-off, by the timer: the town is reminded. */
  | { readonly type: 'remind-town' }
  /** Clerical, by the timer at the cut-off: everything that was approved and not filed yet. */
  | {
      readonly type: 'complete-filing';
      readonly approved: readonly string[];
      readonly spotCheckSeed: string;
    };

/** @returns the approved cases that no filing of the month holds yet, in order of their numbers. */
export const notYetFiled = (filing: Filing, approved: readonly string[]): string[] => {
  const filed = new Set(filing.filings.flatMap((earlier) => earlier.caseNumbers));
  return approved.filter((caseNumber) => !filed.has(caseNumber)).toSorted();
};

const filed = (
  filing: Filing,
  approved: readonly string[],
  spotCheckSeed: string,
  early: boolean,
): FilingEvent[] => {
  const caseNumbers = notYetFiled(filing, approved);
  if (caseNumbers.length === 0) return [];
  return [
    { type: 'cases-filed', data: { number: filing.filings.length + 1, caseNumbers, spotCheckSeed, early } },
  ];
};

/** @returns when the town is reminded of the cut-off: on the last working day before it (policy default). */
export const filingReminderAt = ({ cutOffAt }: Pick<Filing, 'cutOffAt'>, policy: Policy): Instant =>
  reminderAt(addDays(civilDateOf(cutOffAt), -1), policy).at;

/** Only to be told: what is approved by then is filed by itself, what is not waits for another month. */
const remind = (filing: Filing, now: Instant, policy: Policy): Decision<FilingEvent, FilingRefusalCode> => {
  const { filingId, town, cutOffAt } = filing;
  if (filing.completedAt !== undefined || filing.reminded || now >= cutOffAt) return { events: [] };
  const remindAt = filingReminderAt(filing, policy);
  if (now < remindAt) return refuse('reminder-not-due', { because: [remindAt] });
  const task: OpenTask = {
    taskId: `${filingId}.filing-cut-off`,
    step: 'filing-cut-off',
    assignees: [{ role: 'town-officer', division: town }],
    openedAt: now,
    dueAt: cutOffAt,
    wakeAt: cutOffAt,
    reminded: false,
    escalations: 0,
    escalatedTo: [],
  };
  return { events: [{ type: 'filing-reminded', data: { opens: [task] } }] };
};

/** Pure and total. @param policy the one in force; an open filing keeps its own cut-off. */
export const decideFiling = (
  filing: Filing | undefined,
  command: FilingCommand,
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): Decision<FilingEvent, FilingRefusalCode> => {
  if (command.type === 'open-filing') {
    if (filing !== undefined) return { events: [] };
    const { town, month } = command;
    if (now < startOfDay(firstDay(month))) return refuse('filing-month-not-begun', { field: 'month' });
    const { closesAt: cutOffAt } = filingCutOff(month, policy);
    return {
      events: [{ type: 'filing-opened', data: { town, month, policyVersion: policy.version, cutOffAt } }],
    };
  }
  if (filing === undefined) return refuse('filing-not-open');
  switch (command.type) {
    case 'remind-town':
      return remind(filing, now, policy);
    case 'file-early': {
      const { approved, spotCheckSeed } = command;
      if (filing.completedAt !== undefined) return refuse('filing-completed');
      if (now >= filing.cutOffAt) return refuse('cut-off-passed', { because: [filing.cutOffAt] });
      const events = filed(filing, approved, spotCheckSeed, true);
      return events.length === 0 ? refuse('filing-empty') : { events };
    }
    case 'complete-filing': {
      const { approved, spotCheckSeed } = command;
      if (filing.completedAt !== undefined) return { events: [] };
      if (now < filing.cutOffAt) return refuse('cut-off-not-reached', { because: [filing.cutOffAt] });
      const events = filed(filing, approved, spotCheckSeed, false);
      const cases = [
        ...filing.filings.flatMap((earlier) => earlier.caseNumbers),
        ...notYetFiled(filing, approved),
      ].length;
      return {
        events: [
          ...events,
          { type: 'filing-completed', data: { filings: filing.filings.length + events.length, cases } },
        ],
      };
    }
    default:
      return unreachable(command);
  }
};

/** Pure; @throws only when the ledger is damaged. */
export const evolveFiling = (filing: Filing | undefined, event: RecordedFilingEvent): Filing => {
  if (event.type === 'filing-opened') {
    const { town, month, policyVersion, cutOffAt } = event.data;
    return {
      filingId: filingIdOf(town, month),
      town,
      month,
      policyVersion,
      openedAt: event.at,
      cutOffAt,
      reminded: false,
      tasks: [],
      filings: [],
    };
  }
  if (filing === undefined) throw new Error(`the ledger is damaged: ${event.type} stands first`);
  switch (event.type) {
    case 'cases-filed': {
      const { number, caseNumbers, spotCheckSeed, early } = event.data;
      return {
        ...filing,
        filings: [...filing.filings, { number, filedAt: event.at, early, spotCheckSeed, caseNumbers }],
      };
    }
    case 'filing-reminded':
      return { ...filing, reminded: true, tasks: event.data.opens };
    case 'filing-completed':
      return { ...filing, completedAt: event.at, tasks: [] };
    default:
      return unreachable(event);
  }
};
