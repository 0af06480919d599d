import { type Decision, refuse, unreachable } from '../access/decision.ts';
import type { TownCode } from '../access/identifiers.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import { filingCutOff, firstDay, startOfDay } from '../calendar/legal-time.ts';
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
  | 'cut-off-passed';

export type FilingCommand =
  | { readonly type: 'open-filing'; readonly town: TownCode; readonly month: YearMonth }
  /** The town files before the cut-off; what is approved later goes in a supplement. */
  | { readonly type: 'file-early'; readonly approved: readonly string[]; readonly spotCheckSeed: string }
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
  const { approved, spotCheckSeed } = command;
  switch (command.type) {
    case 'file-early': {
      if (filing.completedAt !== undefined) return refuse('filing-completed');
      if (now >= filing.cutOffAt) return refuse('cut-off-passed', { because: [filing.cutOffAt] });
      const events = filed(filing, approved, spotCheckSeed, true);
      return events.length === 0 ? refuse('filing-empty') : { events };
    }
    case 'complete-filing': {
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
    case 'filing-completed':
      return { ...filing, completedAt: event.at };
    default:
      return unreachable(event);
  }
};
