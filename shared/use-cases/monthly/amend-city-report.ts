import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { casesAsAmended, decideCityReport } from '../../domain/city-report/city-report.ts';
import { type AmendmentReason, type Correction, cityReportIdOf } from '../../domain/city-report/events.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { momentFor, planAppend } from '../../ledger/stream.ts';
import { actingAs } from '../acting-as.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { accessRefusal, type Outcome } from '../outcome.ts';
import { cityReportStream } from './city-report-stream.ts';
import { readCityReportAs } from './read-city-report.ts';

export type AmendmentInput = {
  readonly reason: AmendmentReason;
  readonly corrections: readonly Correction[];
  readonly reference: string;
};

export type ReportAmended = {
  readonly month: YearMonth;
  /** The amendment's own number, from 1. */
  readonly number: number;
  /** As the report reads with it. */
  readonly households: number;
  readonly people: number;
};

/** 更正: the bureau amends a signed report, with the next number; what was signed stays as it was signed. */
export const amendCityReport = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
  actor: PersonActor,
  { month, ...amendment }: { readonly month: YearMonth } & AmendmentInput,
  idempotency: IdempotencyKey,
): Promise<Outcome<ReportAmended>> => {
  const { store, clock, house } = deps;
  const hidden = accessRefusal(authorise(actor, 'city-report:amend', { place: house.district }));
  if (hidden !== undefined) return hidden;
  return commit<Outcome<ReportAmended>>(deps, async () => {
    const earlier = await earlierAnswer<ReportAmended>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const found = await readCityReportAs(deps, actor, cityReportIdOf(house.district, month));
    if ('refusal' in found) return { writes: [], answer: found };
    const now = momentFor(found.value, clock.now());
    const command = { type: 'amend-city-report', ...amendment } as const;
    const decision = decideCityReport(found.value.state, command, { now, actor, policy: currentPolicy(now) });
    if ('refusal' in decision) return { writes: [], answer: decision };
    const { writes, state } = planAppend(cityReportStream, {
      loaded: found.value,
      events: decision.events,
      at: now,
      actor: actingAs(actor, 'city-report:amend', { place: house.district }),
      outcome: () => ({ result: {} }),
    });
    const cases = casesAsAmended(state);
    const value: ReportAmended = {
      month,
      number: state.amendments.length,
      households: cases.length,
      people: cases.reduce((sum, { people }) => sum + people, 0),
    };
    return { writes: [...writes, answerWrite(idempotency, asJson(value))], answer: { value } };
  });
};
