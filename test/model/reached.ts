import type { CaseEndReason, ReleaseEvent, RoundEndReason } from '../../shared/domain/release/events.ts';
import type { StageName } from '../../shared/domain/release/state.ts';
import type { ChainedEvent } from '../../shared/ledger/hash-chain.ts';

/** Every name of a kind, so that the compiler tells when one is new. */
const every = <Name extends string>(names: Readonly<Record<Name, true>>): readonly string[] =>
  Object.keys(names).toSorted();

/** What the sequences must have come to over a whole run: a model that never gets far would agree with anything. */
export const toReach = {
  stages: every<StageName>({
    request: true,
    'home-visit': true,
    'household-confirmation': true,
    appraisal: true,
    'notice-posting': true,
    notice: true,
    'objection-follow-up': true,
    'town-verification': true,
    'filing-confirmation': true,
    filing: true,
    'department-comparison': true,
    'spot-check': true,
    announcement: true,
    'leadership-filing': true,
    'system-marking': true,
    'city-report': true,
    reported: true,
    adjustment: true,
    're-report': true,
    paused: true,
    closed: true,
  }),
  events: every<ReleaseEvent['type']>({
    'release-case-opened': true,
    'release-requested': true,
    'request-taken-up': true,
    'request-declined': true,
    'release-round-started': true,
    'home-visit-recorded': true,
    'candidate-not-eligible': true,
    'household-refused': true,
    'household-confirmed': true,
    'appraisal-passed': true,
    'appraisal-not-passed': true,
    'notice-posted': true,
    'objection-filed': true,
    'objection-investigated': true,
    'objection-dismissed': true,
    'objection-upheld': true,
    'release-round-ended': true,
    'case-returned': true,
    'help-adjusted': true,
    'measures-adjusted': true,
    're-report-opened': true,
    'candidate-reported-again': true,
    'case-withdrawn': true,
    'case-paused': true,
    'next-round-decided': true,
    'closing-decided': true,
    'notice-passed': true,
    'town-verification-approved': true,
    'unchanged-confirmed': true,
    'filed-with-district': true,
    'comparison-answered': true,
    'spot-check-drawn': true,
    'assessment-confirmed': true,
    'spot-check-failed': true,
    'release-announced': true,
    'leadership-filed': true,
    'national-system-marked': true,
    'reported-to-city': true,
    'step-reminded': true,
    'step-escalated': true,
    'release-case-closed': true,
  }),
  roundsEndedBy: every<RoundEndReason>({
    'not-eligible': true,
    'household-refused': true,
    'appraisal-not-passed': true,
    'objection-upheld': true,
    'returned-by-town': true,
    'measures-not-implemented': true,
    'spot-check-failed': true,
    'returned-by-district': true,
    withdrawn: true,
    'household-changed': true,
  }),
  casesClosedBy: every<CaseEndReason>({
    'monitoring-continues': true,
    'request-declined': true,
    'not-eligible': true,
    'household-refused': true,
    'appraisal-not-passed': true,
    withdrawn: true,
    'household-changed': true,
  }),
};

/** Collects what sequences come to. */
export const createReached = () => {
  const found = {
    stages: new Set<string>(),
    events: new Set<string>(),
    roundsEndedBy: new Set<string>(),
    casesClosedBy: new Set<string>(),
  };
  return {
    look: ({ type, data }: Pick<ChainedEvent, 'type' | 'data'>, stage: string): void => {
      found.events.add(type);
      found.stages.add(stage);
      if (type === 'release-round-ended') found.roundsEndedBy.add(String(data['reason']));
      if (type === 'release-case-closed') found.casesClosedBy.add(String(data['reason']));
    },
    all: (): typeof toReach => ({
      stages: [...found.stages].toSorted(),
      events: [...found.events].toSorted(),
      roundsEndedBy: [...found.roundsEndedBy].toSorted(),
      casesClosedBy: [...found.casesClosedBy].toSorted(),
    }),
  };
};
