import type { Office, PersonActor } from '../../shared/domain/access/actor.ts';
import type { DepartmentId, HouseholdId, PersonId } from '../../shared/domain/access/identifiers.ts';
import {
  bureau,
  checker,
  departmentOfficer,
  district,
  group,
  leader,
  town,
  townOfficer,
  village,
  villager,
} from '../support/release-people.ts';
import { departments, type ModelPerson } from './reference-model.ts';

/** The offices of the model, and what they are in the register. */
const officeOf = (office: string): Office => {
  const known: Readonly<Record<string, Office>> = {
    group: { role: 'grid-leader', division: group },
    village: { role: 'village-officer', division: village },
    town: { role: 'town-officer', division: town },
    checker: { role: 'joint-checker', division: district },
    bureau: { role: 'bureau-officer', division: district },
  };
  return (
    known[office] ?? { role: 'department-officer', division: district, department: office as DepartmentId }
  );
};

/** @returns the inbox of an office of the model, in the case of a household. */
export const inboxNameOf = (office: string, household: HouseholdId): string => {
  if (office === 'household') return `household@${household}`;
  const { role, division, department } = officeOf(office);
  return `${role}@${division}${department === undefined ? '' : `:${department}`}`;
};

export const householdAt = (slot: number): HouseholdId => `hh-000${slot + 1}` as HouseholdId;

const actorOf = ({ id, offices, own }: ModelPerson): PersonActor => ({
  personId: id as PersonId,
  offices: offices.map(officeOf),
  ...(own === undefined ? {} : { ownHousehold: householdAt(own) }),
});

const one = (actor: PersonActor, ...offices: readonly string[]): ModelPerson => ({
  id: actor.personId,
  offices,
});

/** One for each office, whom a case usually meets; they are the first of {@link people}. */
const usual: readonly ModelPerson[] = [
  one(leader, 'group'),
  one(villager, 'village'),
  one(townOfficer, 'town'),
  one(checker, 'checker'),
  one(bureau, 'bureau'),
  ...departments.map((department) => one(departmentOfficer(department), department)),
  { id: 'home-0', offices: [], own: 0 },
  { id: 'home-1', offices: [], own: 1 },
];

export const people: readonly ModelPerson[] = [
  ...usual,
  // A village officer of the first household, and a bureau officer of the second.
  { id: 'kin-0', offices: ['village'], own: 0 },
  { id: 'kin-1', offices: ['bureau'], own: 1 },
  // Whom only the separation of duties stops.
  { id: 'everywhere', offices: ['group', 'village', 'town', 'checker', 'bureau', ...departments] },
];

const actors = new Map(people.map((person) => [person.id, actorOf(person)]));

/** @returns the person as the register knows them. @throws if the model has nobody of that id. */
export const actorFor = ({ id }: ModelPerson): PersonActor => {
  const actor = actors.get(id);
  if (actor === undefined) throw new Error(`nobody is ${id}`);
  return actor;
};

/** @returns whom a case usually meets in that office; of several owners, the first. */
export const usualFor = (owners: readonly string[], slot: number): ModelPerson => {
  const [owner] = owners;
  const found = usual.find(({ offices, own }) =>
    owner === 'household' ? own === slot : offices.includes(owner ?? ''),
  );
  if (found === undefined) throw new Error(`nobody is ${owner}`);
  return found;
};
