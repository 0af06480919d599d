import { type Chance, createChance } from './chance.ts';
import { type DistrictInput, districtInput, type HouseholdInput } from './district-input.ts';
import { inventedIdNumber, inventedName, inventedRelations } from './invented-people.ts';
import { type Part, parts } from './stories.ts';

/** The figures of the source, whose shares every district of ours has. */
const source = { households: 82, people: 237, releasedHouseholds: 46, releasedPeople: 144 } as const;

const district = '610302';
const villageNames = ['上', '下', '东', '西'] as const;
const townNames = ['清溪', '石桥', '竹园', '松坪'] as const;
const groupNames = ['一', '二'] as const;

/** The departments that the source names beside the bureau. */
const departments = [
  'health',
  'medical-insurance',
  'housing',
  'public-security',
  'civil-affairs',
  'disabled-persons-federation',
  'agriculture',
  'human-resources',
  'education',
  'propaganda',
  'united-front',
  'mass-organisations',
] as const;

type Place = { readonly code: string; readonly name: string };

const towns: readonly Place[] = townNames.map((name, index) => ({
  code: `${district}90${index + 1}`,
  name: `${name}镇`,
}));
const villages: readonly Place[] = towns.flatMap((town, index) =>
  [0, 1].map((second) => ({
    code: `${town.code}20${second + 1}`,
    name: `${townNames[index] ?? ''}${villageNames[second] ?? ''}村`,
  })),
);
const groups: readonly Place[] = villages.flatMap((village) =>
  groupNames.map((name, index) => ({
    code: `${village.code}00${index + 1}`,
    name: `${village.name}${name}组`,
  })),
);

/** Below the 15 that a grid member may have at most: some room is left for whoever comes. */
const householdsPerMember = 12;

/** Kinds that only show something when they lie in the same town. */
const sharedTown = new Set(['filed-early', 'filed-in-a-supplement']);

/** @returns the sizes, changed one by one until they add up to `total`; nobody is left with no one or with more than six. */
const summingTo = (sizes: readonly number[], total: number): readonly number[] => {
  const fitted = [...sizes];
  let missing = total - fitted.reduce((sum, size) => sum + size, 0);
  for (let index = 0; missing !== 0; index = (index + 1) % fitted.length) {
    const size = fitted[index] ?? 0;
    const step = Math.sign(missing);
    if (size + step < 1 || size + step > inventedRelations.length) continue;
    fitted[index] = size + step;
    missing -= step;
  }
  return fitted;
};

const usualSizes = [1, 2, 2, 3, 3, 3, 4, 4, 5] as const;
const sizesOf = (count: number, people: number, chance: Chance): readonly number[] =>
  summingTo(
    Array.from({ length: count }, () => usualSizes[chance.below(usualSizes.length)] ?? 3),
    people,
  );

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const birthOf = (relation: string, chance: Chance): string => {
  const from = relation === '子女' ? 2006 : relation === '父母' ? 1938 : 1965;
  return `${from + chance.below(12)}${twoDigits(chance.below(12) + 1)}${twoDigits(chance.below(28) + 1)}`;
};

const membersOf = (
  size: number,
  ableToWork: boolean,
  firstPerson: number,
  chance: Chance,
): HouseholdInput['members'] =>
  Array.from({ length: size }, (_, index) => {
    const relation = inventedRelations[index] ?? '其他';
    return {
      memberId: `m${index + 1}`,
      name: inventedName(chance.below(100)),
      idNumber: inventedIdNumber(birthOf(relation, chance), firstPerson + index),
      relation,
      ableToWork: ableToWork && index < 2,
    };
  });

/** From May of the year before to October: enough behind every report of the year. */
const incomeMonths = Array.from({ length: 18 }, (_, index) => {
  const month = index + 5;
  return `${2021 + Math.floor((month - 1) / 12)}-${twoDigits(((month - 1) % 12) + 1)}`;
});

/** What a household that stays in monitoring for the year still lacks. */
const lacks = ['income', 'measure', 'labour'] as const;
type Lack = (typeof lacks)[number];

const incomeOf = (lack: Lack | undefined, chance: Chance): { month: string; netPerHeadFen: number }[] => {
  const start = (lack === 'income' ? 520_000 : 780_000) + chance.below(100_000);
  return incomeMonths.map((month, index) => ({ month, netPerHeadFen: start + index * 3_000 }));
};

const measuresOf = (householdId: string, lack: Lack | undefined, chance: Chance) => {
  const implementedOn = `2021-0${5 + chance.below(2)}-${twoDigits(chance.below(28) + 1)}`;
  const kinds = [
    ['industry', 'agriculture'],
    ['employment', 'human-resources'],
    ['safety-net', 'medical-insurance'],
    ['safety-net', 'civil-affairs'],
    ...(chance.below(4) === 0 ? [['safety-net', 'education']] : []),
  ];
  return kinds.map(([kind, leadDepartment], index) => ({
    measureId: `${householdId}-${index + 1}`,
    kind,
    leadDepartment,
    ...(lack === 'measure' && index === 1 ? {} : { implementedOn }),
  }));
};

const categories = ['unstable-out-of-poverty', 'marginal', 'sudden-hardship'] as const;

type Seat = {
  readonly part: Part;
  readonly index: number;
  readonly group: Place;
  /** How many households of the group come before it. */
  readonly before: number;
  readonly size: number;
  readonly firstPerson: number;
};

const householdOf = ({ part, index, group, before, size, firstPerson }: Seat, seed: number) => {
  // A chance of its own: what is invented for one household does not hang on how many there are before it.
  const chance = createChance(seed * 100_003 + index);
  const householdId = `H-${String(index + 1).padStart(4, '0')}`;
  const lack =
    part.kind === 'not-yet'
      ? lacks[chance.below(lacks.length)]
      : part.kind === 'own-request-declined'
        ? 'income'
        : undefined;
  return {
    householdId,
    group: group.code,
    gridMember: `member-${group.code}-${Math.floor(before / householdsPerMember) + 1}`,
    category: categories[chance.below(categories.length)],
    address: `${group.name}${index + 1}号`,
    members: membersOf(size, lack !== 'labour', firstPerson, chance),
    monitoredSince: `2021-0${1 + chance.below(3)}-${twoDigits(chance.below(28) + 1)}`,
    helpedSince: `2021-04-${twoDigits(chance.below(28) + 1)}`,
    monthlyIncome: incomeOf(lack, chance),
    measures: measuresOf(householdId, lack, chance),
    dependsOnSafetyNet: lack === 'labour',
    story: part.tell({ householdId, chance }),
  };
};

const groupFor = ({ kind }: Part, index: number): Place => {
  const group = groups[sharedTown.has(kind) ? 0 : index % groups.length];
  if (group === undefined) throw new Error('a district without groups');
  return group;
};

const people = (gridMembers: readonly { readonly personId: string; readonly group: string }[]) => {
  let serial = 100;
  const officer = (personId: string, role: string, division: string, department?: string) => {
    serial += 1;
    const office = { role, division, ...(department === undefined ? {} : { department }) };
    return { personId, name: inventedName(serial), offices: [office] };
  };
  return [
    ...groups.map(({ code }) => officer(`leader-${code}`, 'grid-leader', code)),
    ...gridMembers.map(({ personId, group }) => officer(personId, 'grid-member', group)),
    ...villages.flatMap(({ code }) => [
      officer(`village-${code}`, 'village-officer', code),
      officer(`village-leader-${code}`, 'village-leader', code),
    ]),
    ...towns.flatMap(({ code }) => [
      officer(`town-${code}`, 'town-officer', code),
      officer(`town-leader-${code}`, 'town-leader', code),
    ]),
    ...departments.flatMap((one) => [
      officer(`department-${one}`, 'department-officer', district, one),
      officer(`department-leader-${one}`, 'department-leader', district, one),
    ]),
    officer('checker-1', 'joint-checker', district),
    officer('checker-2', 'joint-checker', district),
    officer('bureau-1', 'bureau-officer', district),
    officer('bureau-leader-1', 'bureau-leader', district),
    officer('secretary-1', 'leadership-secretary', district),
    officer('auditor-1', 'auditor', district),
    officer('operator-1', 'operator', district),
  ];
};

/** One village officer and one department officer hand over in the middle of the work. */
const handovers = (households: readonly { readonly group: string; readonly story: { kind: string } }[]) => {
  const handed = households.filter(({ story }) => story.kind === 'office-handed-over');
  const given = new Set(handed.map(({ group }) => `village-${group.slice(0, 12)}`));
  return [
    ...[...given].map((from, index) => ({
      on: '2022-03-16',
      from,
      to: `${from}-successor`,
      name: inventedName(400 + index),
    })),
    {
      on: '2022-06-27',
      from: 'department-civil-affairs',
      to: 'department-civil-affairs-successor',
      name: inventedName(450),
    },
  ];
};

/**
 * A fictitious district and its year, the same for the same seed: names invented, ID numbers valid but from an
 * unassigned division code, and the shares of the source whatever the number of households, of twelve at least: a
 * smaller district has no shares.
 */
export const generateDistrict = ({
  seed,
  households: count,
}: {
  readonly seed: number;
  readonly households: number;
}): DistrictInput => {
  const chance = createChance(seed);
  const share = (of: number): number => Math.round((of * count) / source.households);
  const releasedCount = share(source.releasedHouseholds);
  const releasedPeople = share(source.releasedPeople);
  const seats = parts(count, releasedCount, chance);
  const released = sizesOf(releasedCount, releasedPeople, chance);
  const remaining = sizesOf(count - releasedCount, share(source.people) - releasedPeople, chance);
  const left = { released: [...released], remaining: [...remaining] };
  const inGroup = new Map<string, number>();
  let firstPerson = 1;
  const households = seats.map((part, index) => {
    const size = (part.released ? left.released : left.remaining).shift() ?? 1;
    const group = groupFor(part, index);
    const before = inGroup.get(group.code) ?? 0;
    const seat = { part, index, group, before, size, firstPerson };
    inGroup.set(group.code, before + 1);
    firstPerson += size;
    return householdOf(seat, seed);
  });
  const gridMembers = groups.flatMap(({ code }) => {
    const members = households.filter(({ group }) => group === code).map(({ gridMember }) => gridMember);
    return [...new Set([`member-${code}-1`, ...members])].map((personId) => ({ personId, group: code }));
  });
  return districtInput.parse({
    division: district,
    divisions: [{ code: district, name: '示例区' }, ...towns, ...villages, ...groups],
    people: people(gridMembers),
    handovers: handovers(households),
    households,
  });
};
