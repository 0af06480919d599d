import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { DivisionCode, GroupCode, HouseholdId } from '../../shared/domain/access/identifiers.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { putHousehold } from '../../shared/use-cases/registers/put-household.ts';
import { listReleaseCases } from '../../shared/use-cases/release/list-release-cases.ts';
import {
  auditor,
  day,
  departmentOfficer,
  district,
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

const code = (digits: string): DivisionCode => digits as DivisionCode;
/** The next village of the same town, a village of the other town, and one that has no case at all. */
const nextVillage = code('610302101202');
const farVillage = code('610302102201');
const quietVillage = code('610302103201');
const nextVillager = person('next-villager', { role: 'village-officer', division: nextVillage });
const farVillager = person('far-villager', { role: 'village-officer', division: farVillage });

let world: VillageWorld;
/** Opened one after the other: here, in the far village, here again, in the next village. */
let here: CaseNumber;
let far: CaseNumber;
let hereAgain: CaseNumber;
let next: CaseNumber;

const openedIn = async (serial: number, group: string): Promise<CaseNumber> => {
  const { address, head, headId: idNumber } = secretsOf(serial);
  taken(
    await putHousehold(world, registrar, {
      householdId: householdOf(serial),
      group: group as GroupCode,
      category: 'marginal',
      monitoredSince: day('2021-08-01'),
      address,
      head: 'm1',
      members: [{ memberId: 'm1', name: head, idNumber, relation: '户主', ableToWork: true }],
    }),
  );
  return world.open(serial, person(`leader-${group}`, { role: 'grid-leader', division: code(group) }));
};

beforeEach(async () => {
  world = await createVillageWorld({
    households: 2,
    // A store may end a page early; so short a one leaves the shown and the hidden on different pages.
    around: (store) => ({ ...store, query: (query) => store.query({ ...query, limit: 1 }) }),
  });
  here = await world.open(1);
  far = await openedIn(11, `${farVillage}001`);
  hereAgain = await world.open(2);
  next = await openedIn(12, `${nextVillage}001`);
});
afterEach(() => world.close());

const page = async (actor: PersonActor, asked: Partial<Parameters<typeof listReleaseCases>[2]> = {}) => {
  const { cases, ...more } = await listReleaseCases(world, actor, { limit: 10, ...asked });
  return { cases: cases.map(({ caseNumber }) => caseNumber), ...more };
};

describe('whose cases a list shows', () => {
  test('an office’s own division, and nothing beside it', async () => {
    expect(await page(villager)).toEqual({ cases: [here, hereAgain] });
    expect(await page(leader)).toEqual({ cases: [here, hereAgain] });
    expect(await page(townOfficer)).toEqual({ cases: [here, hereAgain, next] });
    expect(await page(auditor)).toEqual({ cases: [here, far, hereAgain, next] });
  });

  test('with offices in two villages: the cases of both, in one town or in two', async () => {
    const inOneTown = person('two-villages', ...villager.offices, ...nextVillager.offices);
    expect(await page(inOneTown)).toEqual({ cases: [here, hereAgain, next] });
    const inTwoTowns = person('two-towns', ...farVillager.offices, ...nextVillager.offices);
    expect(await page(inTwoTowns)).toEqual({ cases: [far, next] });
  });

  test('a household without any office: its own case', async () => {
    expect(await page(homeOf(2))).toEqual({ cases: [hereAgain] });
    expect(await page(homeOf(11), { division: district })).toEqual({ cases: [far] });
    expect(await page({ ...person('moved-in'), ownHousehold: 'hh-9999' as HouseholdId })).toEqual({
      cases: [],
    });
  });

  test('an officer who lives elsewhere: the cases of the office, and that of the own household', async () => {
    expect(await page({ ...nextVillager, ownHousehold: householdOf(11) })).toEqual({ cases: [far, next] });
  });

  test('somebody without a place, or whose office reads no cases: nothing', async () => {
    expect(await page(person('retired'))).toEqual({ cases: [] });
    expect(await page(person('operator', { role: 'operator', division: district }))).toEqual({ cases: [] });
  });
});

describe('a page', () => {
  test.each([village, town, nextVillage, quietVillage])(
    'of %s, where this person sees nothing, is empty and the last',
    async (division) => {
      expect(await page(farVillager, { division, limit: 1 })).toEqual({ cases: [] });
      expect(await page(homeOf(11), { division, limit: 1 })).toEqual({ cases: [] });
    },
  );

  test('of a wider division holds what this person sees of it', async () => {
    expect(await page(nextVillager, { division: district, limit: 1 })).toEqual({ cases: [next] });
    expect(await page(nextVillager, { division: town, limit: 1 })).toEqual({ cases: [next] });
    expect(await page(auditor, { division: nextVillage, limit: 1 })).toEqual({ cases: [next] });
  });

  test('is filled past the hidden ones, and goes on from a case that was shown', async () => {
    const inTwoTowns = person('two-towns', ...villager.offices, ...nextVillager.offices);
    const first = await page(inTwoTowns, { division: district, limit: 2 });
    expect(first).toEqual({ cases: [here, hereAgain], next: hereAgain });
    expect(await page(inTwoTowns, { division: district, limit: 2, after: hereAgain })).toEqual({
      cases: [next],
    });
  });

  test('says that more follows only if this person may see it', async () => {
    expect(await page(villager, { division: district, limit: 2 })).toEqual({ cases: [here, hereAgain] });
    expect(await page(farVillager, { limit: 1 })).toEqual({ cases: [far] });
    // The three others were not asked about: they are passed over, before the page and behind it.
    const health = departmentOfficer('health');
    expect(await page(health, { limit: 1 })).toEqual({ cases: [] });
    await world.playTo(hereAgain, 'department-comparison', 2);
    expect(await page(health, { limit: 1 })).toEqual({ cases: [hereAgain] });
  });

  test('after page shows every case once', async () => {
    const seen: CaseNumber[] = [];
    let after: string | undefined;
    do {
      const { cases, next: following } = await listReleaseCases(world, auditor, {
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      expect(cases).toHaveLength(1);
      seen.push(...cases.map(({ caseNumber }) => caseNumber));
      after = following;
    } while (after !== undefined);
    expect(seen).toEqual([here, far, hereAgain, next]);
  });
});
