import type { FilingEvent } from '../../domain/filing/events.ts';
import type { ReleaseEvent } from '../../domain/release/events.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { fromJson } from '../../ledger/as-json.ts';
import type { ChainedEvent } from '../../ledger/hash-chain.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { ChangeRecord } from '../../ports/change-feed.ts';
import type { Dependencies } from '../dependencies.ts';
import { ensureAttempt, stopAttempt } from './executions.ts';
import { meet } from './rendezvous.ts';

export type RelayDependencies = Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'signals'>;

/** The events that a workflow has to hear of; all others speak through their task. */
const heard = new Set<string>([
  'release-requested',
  'release-round-started',
  'objection-filed',
  'objection-investigated',
  'objection-upheld',
  'case-withdrawn',
  'case-paused',
  'filing-opened',
  'cases-filed',
  'city-report-prepared',
] satisfies (ReleaseEvent['type'] | FilingEvent['type'] | 'city-report-prepared')[]);

/** True for the keys that {@link relayChange} acts on; everything else in the feed is none of its business. */
export const concernsWorkflows = ({ pk, sk }: Pick<ChangeRecord, 'pk' | 'sk'>): boolean => {
  if (!pk.startsWith('STREAM#')) return false;
  if (sk.startsWith('TASK#') || sk.startsWith('CALLBACK#')) return true;
  const [kind, , type] = sk.split('#');
  return kind === 'EVENT' && type !== undefined && heard.has(type);
};

/** Cases that wait for the cut-off although the town has filed them: each goes on from the ledger's stage. */
const interruptFiled = async (deps: RelayDependencies, event: ChainedEvent): Promise<void> => {
  const { caseNumbers, number, early } = fromJson<Extract<FilingEvent, { type: 'cases-filed' }>['data']>(
    event.data,
  );
  // At the cut-off the cases wake by themselves; only an early filing finds them waiting for a later day.
  if (!early) return;
  for (const caseNumber of caseNumbers) {
    const { state } = await loadStream<ReleaseCase>(deps.store, caseNumber);
    if (state?.stage.name !== 'filing') continue;
    const cause = `${event.stream}#${number}`;
    await ensureAttempt(deps, { streamId: caseNumber, round: state.round, cause, interrupts: 'filed-early' });
  }
};

const relayEvent = async (deps: RelayDependencies, { pk, sk }: ChangeRecord): Promise<void> => {
  const record = await deps.store.get({ pk, sk });
  if (record === undefined) return;
  const event = fromJson<ChainedEvent>(record.body);
  const streamId = event.stream;
  const cause = `event:${event.seq}`;
  const round = Number(event.data['round']);
  switch (event.type) {
    case 'release-requested':
      await ensureAttempt(deps, { streamId, round, cause });
      return;
    case 'release-round-started':
      // The execution that waited for the answer to the request goes on by itself.
      if (event.data['cause'] === 'request-taken-up') return;
      await ensureAttempt(deps, { streamId, round, cause });
      return;
    case 'objection-filed':
    case 'objection-investigated':
      // The workflow waits for the end of the notice, or for a step that is looked at later: it would come to this one
      // too late. Otherwise it comes to it by itself.
      if (event.data['earliest'] !== true) return;
      await ensureAttempt(deps, { streamId, round, cause, interrupts: event.type });
      return;
    case 'objection-upheld':
    case 'case-paused':
      await ensureAttempt(deps, { streamId, round, cause, interrupts: event.type });
      return;
    case 'case-withdrawn':
      await stopAttempt(deps, streamId, event.type);
      return;
    case 'cases-filed':
      await interruptFiled(deps, event);
      return;
    case 'filing-opened':
    case 'city-report-prepared':
      await ensureAttempt(deps, { streamId, round: 1, cause });
      return;
    default:
  }
};

/**
 * The ledger is the outbox: one change of it is carried to the workflows. Delivered late, twice or out of order it
 * leads to the same, because everything that matters is read from the store.
 */
export const relayChange = async (deps: RelayDependencies, change: ChangeRecord): Promise<void> => {
  if (change.change === 'remove' || !concernsWorkflows(change)) return;
  if (change.sk.startsWith('EVENT#')) return relayEvent(deps, change);
  return meet(deps, change.sk.slice(change.sk.indexOf('#') + 1));
};
