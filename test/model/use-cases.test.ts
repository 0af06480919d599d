import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inboxesOf } from '../../shared/domain/access/actor.ts';
import type { DepartmentId } from '../../shared/domain/access/identifiers.ts';
import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import { instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import { evolve } from '../../shared/domain/release/evolve.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase } from '../../shared/domain/release/state.ts';
import { fromJson } from '../../shared/ledger/as-json.ts';
import { chainProblems } from '../../shared/ledger/hash-chain.ts';
import { readWholeStream } from '../../shared/ledger/whole-stream.ts';
import { putHouseholdFacts } from '../../shared/use-cases/registers/put-household-facts.ts';
import { openCaseKey } from '../../shared/use-cases/registers/records.ts';
import { district, goodFacts, person } from '../support/release-people.ts';
import { householdOf, leaders, registrar, taken } from '../support/village-world.ts';
import { agrees, listing, listingsOf, releasedByEveryGate, same } from './invariants.ts';
import { type Move, move } from './moves.ts';
import { actorFor, people } from './people.ts';
import { insteadOf, type Model, planOf, startingModel } from './plan.ts';
import { projectionsAgree } from './projections.ts';
import { createReached } from './reached.ts';
import { createRealHouse, type RealHouse } from './real-house.ts';
import { householdsInModel } from './real-ledger.ts';
import { departments } from './reference-model.ts';

/** Far fewer than of the ledger alone: here every move is encrypted, authorised and written to a real store. */
const sequences = Number(process.env['MODEL_USE_CASE_RUNS'] ?? 300);
const numRuns = Math.ceil(sequences / Number(process.env['MODEL_WORKERS'] ?? 1));

type House = RealHouse & {
  readonly cases: (CaseNumber | undefined)[];
  readonly opened: CaseNumber[];
  readonly everReleased: Set<number>;
};

/** Doors that are shut before the domain is asked: to these people the case or its task does not exist, or is another's. */
const asGood: Readonly<Record<string, readonly string[]>> = {
  'task-not-yours': ['not-found', 'role-not-permitted'],
};

/** The moves that mean the same at the doors of the house; of the rest, what comes nearest. */
const atTheDoor = (one: Move): Move | undefined => {
  switch (one.kind) {
    case 'report':
    case 'request':
      return { ...one, by: 'usual' };
    case 'look':
      return { ...one, vacant: false };
    case 'withdraw':
      // Whoever holds two of the offices withdraws in the higher one, and kin as the household.
      return (people[one.by]?.offices.length ?? 0) <= 1 && !people[one.by]?.id.startsWith('kin')
        ? one
        : undefined;
    default:
      return one;
  }
};

const verify = async (model: Model, { world }: House, slot: number): Promise<void> => {
  const verified = model.verified[slot];
  for (const [measure, { since }] of model.cases[slot]?.failed ?? [])
    if (since !== undefined) verified?.set(measure, since);
  const measures = (goodFacts.measures ?? []).map((measure) => {
    const since = verified?.get(measure.measureId);
    return since === undefined ? measure : { ...measure, implementedOn: since as CivilDate };
  });
  taken(await putHouseholdFacts(world, registrar, householdOf(slot + 1), { ...goodFacts, measures }));
};

/** The case that the register now names as the household's open one. */
const openCaseOf = async ({ world }: House, slot: number): Promise<CaseNumber> => {
  const pointer = await world.store.get(openCaseKey(householdOf(slot + 1)));
  const caseNumber = pointer?.body['caseNumber'];
  if (typeof caseNumber !== 'string') throw new Error('the register names no open case');
  return caseNumber as CaseNumber;
};

const carryOut = async (model: Model, house: House, wanted: Move): Promise<void> => {
  const one = atTheDoor(insteadOf(model, wanted));
  if (one === undefined) return;
  const { slot, crash } = one;
  const { world } = house;
  if (one.kind === 'verify') return verify(model, house, slot);
  const c = model.cases[slot];
  const state = await house.stateOf(house.cases[slot]);
  if (one.kind === 'sleep') {
    const now = world.clock.now();
    const [next = instantFromMillis(millisOf(now) + 86_400_000)] = (state?.tasks ?? [])
      .map(({ wakeAt }) => wakeAt)
      .filter((wakeAt) => wakeAt > now)
      .toSorted();
    return world.passTo(
      one.hours === 'next' ? next : instantFromMillis(millisOf(now) + one.hours * 3_600_000),
    );
  }
  if (one.kind === 'timer' && one.inTime && c?.waitsFor === 'notice') world.passTo(c.noticeEndsAt);
  const awaited =
    one.kind === 'timer' && !one.wrong && (one.timer === 'awaited' || one.timer === c?.waitsFor);
  if (awaited && state !== undefined && !(await house.monthIsReady(state))) return;
  const caseNumber = house.cases[slot] ?? ('' as CaseNumber);
  const seen = { now: world.clock.now(), caseNumber, state, nextNumber: () => '' as CaseNumber };
  const plan = planOf(model, seen, one);
  if (plan === undefined) return;
  const heard = await house.send(plan, crash, state);
  const opens = one.kind === 'report' || one.kind === 'request';
  const monitored = !(opens && plan.expected === 'taken' && house.everReleased.has(slot));
  const expected = monitored ? plan.expected : 'household-not-monitored';
  if (heard === 'refused') same(one.kind, expected === 'taken', false);
  else if (asGood[expected]?.includes(heard) !== true)
    same(`${one.kind} ${JSON.stringify(plan.command)}`, heard, expected);
  if (heard !== 'taken') return;
  if (opens) {
    const opened = await openCaseOf(house, slot);
    house.cases[slot] = opened;
    house.opened.push(opened);
  }
  const after = await house.stateOf(house.cases[slot]);
  if (after === undefined) throw new Error('what was taken is not on record');
  plan.settles(after);
  const settled = model.cases[slot];
  if (settled === undefined) throw new Error('the model knows of no case');
  // The draw follows from the seed of the filing, which the model does not know.
  if (after.stage.name === 'spot-check') settled.sampled = after.stage.sampled;
  if (settled.released) house.everReleased.add(slot);
  agrees(settled, after);
};

const ledgerHolds = async (
  { world, opened }: House,
  look: ReturnType<typeof createReached>['look'],
): Promise<void> => {
  for (const caseNumber of opened) {
    const { events, version, head, state, openTasks } = await readWholeStream(world.store, caseNumber);
    same('chain', chainProblems(caseNumber, events), []);
    same('version', version, events.length);
    same('head', head, events.at(-1)?.hash);
    const folded = events.reduce<ReleaseCase | undefined>((before, event) => {
      const after = evolve(before, fromJson(event));
      look(event, after.stage.name);
      return after;
    }, undefined);
    same('state', state, folded);
    same('task items', openTasks.toSorted(), (folded?.tasks ?? []).map(({ taskId }) => taskId).toSorted());
    releasedByEveryGate(events);
  }
};

const departmentLeader = (department: string) =>
  person(`leader-of-${department}`, {
    role: 'department-leader',
    division: district,
    department: department as DepartmentId,
  });

/** Every inbox that a task of a case can stand in; the towns' and the city's months are not looked at here. */
const inboxesAgree = async ({ world }: House, cases: readonly ReleaseCase[]): Promise<void> => {
  const expected = listingsOf(cases);
  const held = [...people.map(actorFor), ...Object.values(leaders), ...departments.map(departmentLeader)];
  const listed: string[] = [];
  for (const inbox of new Set(held.flatMap(inboxesOf))) {
    const { records } = await world.store.query({ pk: `INBOX#${inbox}`, limit: 1000 });
    const ofCases = records.filter(({ body }) => String(body['taskId']).startsWith('R-'));
    listed.push(...ofCases.map(({ body }) => listing(inbox, body)));
  }
  same('inboxes', listed.toSorted(), expected);
};

class Played implements fc.AsyncCommand<Model, House> {
  readonly move: Move;
  constructor(one: Move) {
    this.move = one;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, house: House): Promise<void> {
    return carryOut(model, house, this.move);
  }
  toString(): string {
    return JSON.stringify(this.move);
  }
}

const sequence = fc.commands([move.map((one) => new Played(one))], {
  maxCommands: 70,
  size: 'max',
});

test(`in ${numRuns} sequences the use cases on a real store do what the model says`, async () => {
  const reached = createReached();
  const property = fc.asyncProperty(sequence, async (commands) => {
    const house: House = {
      ...(await createRealHouse(householdsInModel)),
      cases: Array.from({ length: householdsInModel }, () => undefined),
      opened: [],
      everReleased: new Set(),
    };
    try {
      await fc.asyncModelRun(() => ({ model: startingModel(householdsInModel), real: house }), commands);
      await ledgerHolds(house, reached.look);
      const cases = await Promise.all(house.opened.map((caseNumber) => house.stateOf(caseNumber)));
      const known = cases.filter((one) => one !== undefined);
      await inboxesAgree(house, known);
      await projectionsAgree(house.world.store, known);
    } finally {
      house.world.close();
    }
  });
  await fc.assert(property, { numRuns });
  if (numRuns >= 100) expect(reached.all().stages).toContain('reported');
});
