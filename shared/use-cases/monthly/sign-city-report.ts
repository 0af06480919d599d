import { inboxOf, type PersonActor } from '../../domain/access/actor.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import { currentPolicy, policyOf } from '../../domain/calendar/policy.ts';
import { decideCityReport } from '../../domain/city-report/city-report.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { momentFor, planAppend, streamOfTask } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import type { Outcome } from '../outcome.ts';
import { openStreamKey } from '../release/case-stream.ts';
import {
  announcedCases,
  announcedRegisterKey,
  cityReportStream,
  readAnnouncedRegister,
} from './city-report-stream.ts';
import { readCityReportAs } from './read-city-report.ts';
import { cityReportStandingOf } from './standing.ts';

export type ReportSigned = {
  readonly month: YearMonth;
  readonly households: number;
  readonly people: number;
  readonly overdue: boolean;
};

/**
 * The bureau signs the month's report. What was announced is read in the same look at the store as the signature is
 * planned, and the register makes announcement and signature exclude each other.
 */
export const signCityReport = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
  actor: PersonActor,
  taskId: string,
  idempotency: IdempotencyKey,
): Promise<Outcome<ReportSigned>> => {
  const { store, clock, house } = deps;
  const reportId = streamOfTask(taskId);
  return commit<Outcome<ReportSigned>>(deps, async () => {
    const visible = await readCityReportAs(deps, actor, reportId);
    if ('refusal' in visible) return { writes: [], answer: visible };
    const earlier = await earlierAnswer<ReportSigned>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const { state: report } = visible.value;
    const { register, rev } = await readAnnouncedRegister(store, house.district, report.month);
    const announced = await announcedCases(store, house.district, report.month);
    const now = momentFor(visible.value, clock.now());
    const policy = policyOf(report.policyVersion) ?? currentPolicy(now);
    const decision = decideCityReport(
      report,
      { type: 'sign-city-report', taskId, announced },
      { now, actor, policy },
    );
    if ('refusal' in decision) return { writes: [], answer: decision };
    const { writes, state } = planAppend(cityReportStream, {
      loaded: visible.value,
      events: decision.events,
      at: now,
      actor: {
        personId: actor.personId,
        role: 'bureau-officer',
        inbox: inboxOf({ role: 'bureau-officer', division: house.district }),
      },
      outcome: (_taskId, after) => ({ result: asJson(cityReportStandingOf(after)) }),
    });
    const { households, people, overdue } = state.signed ?? { households: 0, people: 0, overdue: false };
    const value: ReportSigned = { month: report.month, households, people, overdue };
    return {
      writes: [
        ...writes,
        {
          kind: 'put',
          key: announcedRegisterKey(house.district, report.month),
          body: { ...register, signed: true },
          expect: rev === 0 ? 'absent' : { rev },
        },
        { kind: 'delete', key: openStreamKey(house.district, reportId), expect: { rev: 1 } },
        answerWrite(idempotency, asJson(value)),
      ],
      answer: { value },
    };
  });
};
