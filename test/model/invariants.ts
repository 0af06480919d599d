import { inboxOf } from '../../shared/domain/access/actor.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { isOpen, isReleased, type ReleaseCase, type StageName } from '../../shared/domain/release/state.ts';
import { fromJson } from '../../shared/ledger/as-json.ts';
import { type ChainedEvent, chainProblems } from '../../shared/ledger/hash-chain.ts';
import { stateKey, streamKey } from '../../shared/ledger/stream.ts';
import type { JsonObject } from '../../shared/ports/record-store.ts';
import { inboxNameOf } from './people.ts';
import { definition, type RealLedger } from './real-ledger.ts';
import { departments, everyGate, type ModelCase } from './reference-model.ts';

/** Fails the sequence with what was expected and what was found. */
export const same = (what: string, found: unknown, expected: unknown): void => {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: found ${is}, the model says ${should}`);
};

/** Every open case has a task with an owner and a due time, or waits for an instant. */
const neverStuck = (state: ReleaseCase): void => {
  for (const task of state.tasks) {
    if (task.assignees.length === 0) throw new Error(`${task.taskId} is nobody's`);
    if (!(task.dueAt > task.openedAt)) throw new Error(`${task.taskId} is never due`);
    if (!(task.wakeAt > task.openedAt)) throw new Error(`${task.taskId} is never looked at`);
  }
  const { stage, tasks } = state;
  const waits = 'endsAt' in stage || stage.name === 'filing' || stage.name === 'city-report';
  if (isOpen(state) && tasks.length === 0 && !waits) throw new Error(`stuck at ${stage.name}`);
  if (!isOpen(state) && tasks.length > 0) throw new Error(`over, with ${tasks.length} tasks open`);
};

/** The case stands where the model says: the same holds with the same owners, the same round, released or not. */
export const agrees = (c: ModelCase, state: ReleaseCase): void => {
  neverStuck(state);
  const open = state.tasks.map(({ taskId, assignees, notBefore }) => [
    taskId.slice(taskId.indexOf('.') + 1),
    assignees.map(inboxOf),
    notBefore,
  ]);
  const holds = [...c.holds].map(([id, { owners, notBefore }]) => [
    `r${c.round}.${id}`,
    owners.map((owner) => inboxNameOf(owner, state.householdId)),
    notBefore,
  ]);
  same('open holds', open.toSorted(), holds.toSorted());
  same('round', state.round, c.round);
  same('released', isReleased(state), c.released);
  same('over', !isOpen(state), c.phase === 'over');
  if (c.released)
    same(
      'gates passed',
      everyGate.filter((gate) => !c.gates.has(gate)),
      [],
    );
};

/** How an inbox lists one task: whose it is, which, why it stands there, and whether they were reminded. */
export const listing = (inbox: string, { taskId, kind, reminded }: JsonObject): string =>
  `${inbox} ${taskId} ${kind} ${reminded}`;

/** What every inbox must list: exactly what the states of all cases hold open. */
export const listingsOf = (states: readonly (ReleaseCase | undefined)[]): string[] =>
  states
    .flatMap((state) => state?.tasks ?? [])
    .flatMap(({ taskId, assignees, escalatedTo, reminded }) => [
      ...assignees.map((assignee) => listing(inboxOf(assignee), { taskId, kind: 'to-decide', reminded })),
      ...escalatedTo.map((assignee) =>
        listing(inboxOf(assignee), { taskId, kind: 'escalated', reminded: false }),
      ),
    ])
    .toSorted();

/** No entry too few, and none left behind. */
export const inboxesAgree = (ledger: RealLedger): void => {
  const listed: string[] = [];
  for (const [pk, partition] of ledger.store.partitions) {
    if (!pk.startsWith('INBOX#')) continue;
    for (const { body } of partition.values()) listed.push(listing(pk.slice('INBOX#'.length), body));
  }
  const states = ledger.slots.map(({ caseNumber }) => ledger.stateOf(caseNumber));
  same('inboxes', listed.toSorted(), listingsOf(states));
};

const eventsOf = (ledger: RealLedger, caseNumber: CaseNumber): ChainedEvent[] =>
  [...(ledger.store.partitions.get(streamKey(caseNumber)) ?? [])]
    .filter(([sk]) => sk.startsWith('EVENT#'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { body }]) => fromJson<ChainedEvent>(body));

/** The events alone say whether every gate of the round stands before the announcement; the model is not asked. */
export const releasedByEveryGate = (events: readonly ChainedEvent[]): void => {
  const end = events.findIndex(({ type }) => type === 'release-announced');
  if (end < 0) return;
  const start = events.findLastIndex(({ type }, index) => index < end && type === 'release-round-started');
  const round = events.slice(start, end);
  const found = (type: string) => round.find((event) => event.type === type);
  const inOrder = [
    'release-round-started',
    'home-visit-recorded',
    'household-confirmed',
    'appraisal-passed',
    'notice-posted',
    'notice-passed',
    'town-verification-approved',
    'filed-with-district',
    'comparison-answered',
    'spot-check-drawn',
    'assessment-confirmed',
  ].map((type) => found(type)?.seq ?? 0);
  if (inOrder.some((seq, index) => seq === 0 || seq <= (inOrder[index - 1] ?? 0)))
    throw new Error(`announced without a gate: ${inOrder.join(' ')}`);
  const implemented = round.flatMap(({ type, data }) =>
    type === 'comparison-answered' && data['outcome'] === 'implemented' ? [data['department']] : [],
  );
  same('departments', implemented.toSorted(), departments);
  const [posted, passed] = [found('notice-posted'), found('notice-passed')];
  const days = (Date.parse(passed?.at ?? '') - Date.parse(posted?.at ?? '')) / 86_400_000;
  if (!(days >= 5) || !((passed?.at ?? '') >= String(posted?.data['endsAt'])))
    throw new Error(`the notice passed after ${days} days`);
  const decided = new Set(
    round.flatMap(({ type, data }) => (type === 'objection-dismissed' ? [data['objectionId']] : [])),
  );
  const undecided = round.filter(
    ({ type, data }) => type === 'objection-filed' && !decided.has(data['objectionId'] ?? ''),
  );
  if (undecided.length > 0) throw new Error('announced over an objection that nobody decided');
};

/** No event is lost or doubled, the chain holds, and folding it anew gives the state on record with its tasks. */
export const ledgerHolds = (
  ledger: RealLedger,
  look: (event: ChainedEvent, stage: StageName) => void,
): void => {
  for (const caseNumber of ledger.opened) {
    const events = eventsOf(ledger, caseNumber);
    same('chain', chainProblems(caseNumber, events), []);
    const record = ledger.store.get(stateKey(caseNumber));
    same('version', record?.body['version'], events.length);
    same('head', record?.body['head'], events.at(-1)?.hash);
    const folded = events.reduce<ReleaseCase | undefined>((state, event) => {
      const after = definition.evolve(state, fromJson(event));
      look(event, after.stage.name);
      return after;
    }, undefined);
    same('state', record?.body['state'], folded);
    const open = [...(ledger.store.partitions.get(streamKey(caseNumber)) ?? [])].flatMap(([sk, { body }]) =>
      sk.startsWith('TASK#') && body['status'] === 'open' ? [sk.slice(5)] : [],
    );
    same('task items', open.toSorted(), (folded?.tasks ?? []).map(({ taskId }) => taskId).toSorted());
    releasedByEveryGate(events);
  }
};
