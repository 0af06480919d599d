import {
  assigneeHeldBy,
  inboxOf,
  type PersonActor,
  type RecordedActor,
} from '../../shared/domain/access/actor.ts';
import type { HouseholdId } from '../../shared/domain/access/identifiers.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import { currentPolicy } from '../../shared/domain/calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from '../../shared/domain/release/commands.ts';
import { decide } from '../../shared/domain/release/decide.ts';
import type { ReleaseEvent } from '../../shared/domain/release/events.ts';
import { evolve } from '../../shared/domain/release/evolve.ts';
import type { HouseholdFacts } from '../../shared/domain/release/facts.ts';
import { type CaseNumber, caseNumberOf } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase } from '../../shared/domain/release/state.ts';
import { fromJson } from '../../shared/ledger/as-json.ts';
import { chainStart } from '../../shared/ledger/hash-chain.ts';
import {
  type LoadedStream,
  planAppend,
  type StreamDefinition,
  stateKey,
} from '../../shared/ledger/stream.ts';
import type { RecordWrite } from '../../shared/ports/record-store.ts';
import { district, goodFacts } from '../support/release-people.ts';
import { shanghai } from '../support/shanghai.ts';
import { createMapStore, type MapStore } from './map-store.ts';

export const definition: StreamDefinition<ReleaseCase, ReleaseEvent> = {
  evolve,
  tasksOf: ({ tasks }) => tasks,
};

/** How the machine fails beneath a command, if it does. Whoever sent it then sends it again, with the same key. */
export type Crash = 'none' | 'before-commit' | 'after-commit' | 'two-at-once';

/** What the sender hears at last: the events that were recorded for it, or the code of the refusal. */
export type Heard = { readonly events: readonly ReleaseEvent[] } | { readonly refused: string };

export type Slot = {
  readonly household: HouseholdId;
  caseNumber: CaseNumber;
  facts: HouseholdFacts;
};

/** Every household of the model has one case at a time; a new one gets the next number. */
export const householdsInModel = 2;

export type RealLedger = {
  readonly store: MapStore;
  readonly slots: readonly Slot[];
  now: Instant;
  /** Every case that was ever opened. */
  readonly opened: CaseNumber[];
  readonly nextNumber: () => CaseNumber;
  readonly stateOf: (caseNumber: CaseNumber) => ReleaseCase | undefined;
  readonly send: (
    caseNumber: CaseNumber,
    command: ReleaseCommand,
    more: Pick<DecisionContext, 'actor' | 'facts' | 'failedMonthsBefore'> & { readonly crash: Crash },
  ) => Heard;
};

const actingAs = (
  actor: DecisionContext['actor'],
  state: ReleaseCase | undefined,
  command: ReleaseCommand,
): RecordedActor => {
  if (!('personId' in actor)) return actor;
  const { personId, offices, ownHousehold } = actor;
  const recorded = (assignee: Parameters<typeof inboxOf>[0]): RecordedActor => ({
    personId,
    role: assignee.role,
    inbox: inboxOf(assignee),
  });
  const task =
    command.type === 'decide-step' ? state?.tasks.find(({ taskId }) => taskId === command.taskId) : undefined;
  const assignee = task === undefined ? undefined : assigneeHeldBy(actor, task.assignees);
  if (assignee !== undefined) return recorded(assignee);
  const role = roleOf(command);
  const office = offices.find((held) => held.role === role);
  if (office !== undefined) return recorded(office);
  return recorded({ role: 'household', household: ownHousehold ?? ('' as HouseholdId) });
};

/** In which office a command is given that answers no task. */
const roleOf = (command: ReleaseCommand): PersonActor['offices'][number]['role'] | 'household' => {
  if (command.type === 'withdraw')
    return (
      { household: 'household', 'signed-form': 'village-officer', district: 'bureau-officer' } as const
    )[command.by];
  return command.type === 'pause' ? 'village-officer' : 'grid-leader';
};

const typesOf = (heard: Heard): string =>
  'refused' in heard ? heard.refused : heard.events.map(({ type }) => type).join(' + ');

/** The domain and the ledger as they run, over a store of maps, with a process that may die at any command. */
export const createRealLedger = (): RealLedger => {
  const store = createMapStore();
  const opened: CaseNumber[] = [];
  let serial = 0;
  let keys = 0;

  const load = (caseNumber: CaseNumber): LoadedStream<ReleaseCase> => {
    const record = store.get(stateKey(caseNumber));
    if (record === undefined)
      return {
        streamId: caseNumber,
        version: 0,
        head: chainStart,
        state: undefined,
        rev: 0,
        lastAt: undefined,
      };
    const body = fromJson<Omit<LoadedStream<ReleaseCase>, 'streamId' | 'rev'>>(record.body);
    return { ...body, streamId: caseNumber, rev: record.rev };
  };

  const ledger: RealLedger = {
    store,
    opened,
    now: shanghai('2022-09-20 09:00'),
    slots: Array.from({ length: householdsInModel }, (_, slot) => ({
      household: `hh-000${slot + 1}` as HouseholdId,
      caseNumber: caseNumberOf(district, '2022', 0),
      facts: goodFacts,
    })),
    nextNumber: () => {
      serial += 1;
      return caseNumberOf(district, '2022', serial);
    },
    stateOf: (caseNumber) => load(caseNumber).state,
    send: (caseNumber, command, { crash, ...context }) => {
      keys += 1;
      const answer = { pk: `IDEMPOTENCY#${keys}`, sk: 'ANSWER' };
      const attempt = (): { readonly heard: Heard; readonly writes: readonly RecordWrite[] } => {
        const known = store.get(answer);
        if (known !== undefined) return { heard: fromJson<Heard>(known.body), writes: [] };
        const loaded = load(caseNumber);
        const policyInForce = currentPolicy(ledger.now);
        const decision = decide(loaded.state, command, { ...context, now: ledger.now, policyInForce });
        if ('refusal' in decision) return { heard: { refused: decision.refusal.code }, writes: [] };
        const { events } = decision;
        const actor = actingAs(context.actor, loaded.state, command);
        const { writes } = planAppend(definition, {
          loaded,
          events,
          at: ledger.now,
          actor,
          outcome: () => ({ result: {} }),
        });
        const heard: Heard = { events };
        const body = { events: events.map(({ type }) => ({ type })) };
        return { heard, writes: [...writes, { kind: 'put', key: answer, body, expect: 'absent' }] };
      };
      const commit = ({ heard, writes }: ReturnType<typeof attempt>): Heard => {
        if (writes.length > 0 && !store.transact(writes)) throw new Error('nobody else was writing');
        return heard;
      };
      const first = attempt();
      if (crash === 'before-commit') return commit(attempt());
      const heard = commit(first);
      if (crash === 'after-commit' && typesOf(commit(attempt())) !== typesOf(heard))
        throw new Error('the same key was answered otherwise the second time');
      if (crash === 'two-at-once' && first.writes.length > 0 && store.transact(first.writes))
        throw new Error('two appends on one version of a stream were both taken');
      return heard;
    },
  };
  return ledger;
};
