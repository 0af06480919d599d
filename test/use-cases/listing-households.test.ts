import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { GroupCode, HouseholdId } from '../../shared/domain/access/identifiers.ts';
import { listHouseholds } from '../../shared/use-cases/registers/list-households.ts';
import { putHousehold } from '../../shared/use-cases/registers/put-household.ts';
import { householdListPartition } from '../../shared/use-cases/registers/records.ts';
import {
  auditor,
  day,
  departmentOfficer,
  district,
  group,
  leader,
  person,
  town,
  townOfficer,
  village,
  villager,
} from '../support/release-people.ts';
import {
  createVillageWorld,
  homeOf,
  householdOf,
  registrar,
  secretsOf,
  taken,
  type VillageWorld,
} from '../support/village-world.ts';

const farGroup = '610302102201001' as GroupCode;

let world: VillageWorld;

const register = async (serial: number, where: GroupCode): Promise<void> => {
  const { address, head, headId: idNumber } = secretsOf(serial);
  taken(
    await putHousehold(world, registrar, {
      householdId: householdOf(serial),
      group: where,
      category: 'marginal',
      monitoredSince: day('2021-08-01'),
      address,
      head: 'm1',
      members: [{ memberId: 'm1', name: head, idNumber, relation: '户主', ableToWork: true }],
    }),
  );
};

beforeEach(async () => {
  world = await createVillageWorld({
    households: 2,
    // A store may end a page early; so short a one leaves the shown and the hidden on different pages.
    around: (store) => ({ ...store, query: (query) => store.query({ ...query, limit: 1 }) }),
  });
  await register(11, farGroup);
});
afterEach(() => world.close());

const page = async (actor: PersonActor, asked: Partial<Parameters<typeof listHouseholds>[2]> = {}) => {
  const { households, ...more } = await listHouseholds(world, actor, { limit: 10, ...asked });
  return { households: households.map(({ householdId }) => householdId), ...more };
};

describe('whose households a list shows', () => {
  test('an office’s own division, and nothing beside it', async () => {
    const here = { households: [householdOf(1), householdOf(2)] };
    for (const actor of [leader, villager, townOfficer]) expect(await page(actor)).toEqual(here);
    expect(await page(auditor)).toEqual({ households: [...here.households, householdOf(11)] });
    expect(await page(auditor, { division: village })).toEqual(here);
    expect(await page(auditor, { division: town })).toEqual(here);
  });

  test('a household: itself; a department, an operator or a stranger: none', async () => {
    expect(await page(homeOf(2), { division: district })).toEqual({ households: [householdOf(2)] });
    for (const actor of [
      departmentOfficer('health'),
      person('operator', { role: 'operator', division: district }),
      person('retired'),
    ])
      expect(await page(actor)).toEqual({ households: [] });
  });

  test('page after page shows every one once, and goes on from one that was shown', async () => {
    const first = await page(auditor, { limit: 2 });
    expect(first).toEqual({ households: [householdOf(1), householdOf(2)], next: householdOf(2) });
    expect(await page(auditor, { limit: 2, after: householdOf(2) })).toEqual({
      households: [householdOf(11)],
    });
    expect(await page(townOfficer, { division: district, limit: 2 })).toEqual({
      households: [householdOf(1), householdOf(2)],
    });
  });
});

test('a released household says since when, also after its people changed', async () => {
  const caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'leadership-filing');
  const seen = async () =>
    (await listHouseholds(world, townOfficer, { limit: 10 })).households.find(
      ({ householdId }) => householdId === householdOf(1),
    );
  const { releasedAt } = await world.state(caseNumber);
  expect(releasedAt).toBeDefined();
  expect(await seen()).toMatchObject({ status: 'released', people: 2, releasedAt });
  await register(1, group);
  expect(await seen()).toMatchObject({ status: 'released', people: 1, releasedAt });
});

test('a household that was registered before there were lists enters them with its next registration', async () => {
  for (const division of [district, town, village]) {
    const key = { pk: householdListPartition(division), sk: householdOf(2) as HouseholdId };
    await world.store.transact([{ kind: 'delete', key, expect: { rev: 1 } }]);
  }
  expect(await page(villager)).toEqual({ households: [householdOf(1)] });
  await world.registerHousehold(2);
  expect(await page(villager)).toEqual({ households: [householdOf(1), householdOf(2)] });
});
