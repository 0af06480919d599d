import type { CivilDate, YearMonth } from '../../shared/domain/calendar/instant.ts';
import { addDays, firstDay, monthOf, previousMonth } from '../../shared/domain/calendar/legal-time.ts';
import { inventedIdNumber, inventedName, inventedRelations } from './invented-people.ts';

/** The fictitious demo district: real in shape, invented in every name, its ID numbers from a division code nobody has. */
export const demoDistrict = { code: '610302', name: '示例区' } as const;

/** The account that fills the registers. */
export const demoRegistrar = 'registrar';

export const demoDivisions: readonly { readonly code: string; readonly name: string }[] = [
  demoDistrict,
  { code: '610302901', name: '清溪镇' },
  { code: '610302901201', name: '上河村' },
  { code: '610302901201001', name: '上河村一组' },
  { code: '610302901201002', name: '上河村二组' },
  { code: '610302901202', name: '下河村' },
  { code: '610302901202001', name: '下河村一组' },
  { code: '610302902', name: '石桥镇' },
  { code: '610302902201', name: '石桥村' },
  { code: '610302902201001', name: '石桥村一组' },
];

/** Departments beside the bureau that the demo's comparison asks: the policy's list and the leads of its measures. */
const demoDepartments = [
  'health',
  'medical-insurance',
  'housing',
  'public-security',
  'civil-affairs',
  'disabled-persons-federation',
  'agriculture',
  'human-resources',
] as const;

type DemoPerson = {
  readonly personId: string;
  readonly name: string;
  readonly offices: readonly {
    readonly role: string;
    readonly division: string;
    readonly department?: string;
  }[];
  readonly ownHousehold?: string;
};

type DemoMember = {
  readonly memberId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly relation: string;
  readonly ableToWork: boolean;
};

export type DemoHousehold = {
  readonly householdId: string;
  readonly group: string;
  readonly category: 'unstable-out-of-poverty' | 'marginal' | 'sudden-hardship';
  readonly address: string;
  readonly members: readonly DemoMember[];
  /** Which release standard it does not meet yet, if any. */
  readonly shortOf?: 'income' | 'measures';
};

const household = (
  serial: number,
  group: string,
  size: number,
  category: DemoHousehold['category'],
  shortOf?: 'income' | 'measures',
): DemoHousehold => ({
  householdId: `H-${String(serial).padStart(4, '0')}`,
  group,
  category,
  address: `${demoDivisions.find(({ code }) => code === group)?.name ?? ''}${serial}号`,
  members: Array.from({ length: size }, (_, index) => ({
    memberId: `m${index + 1}`,
    name: inventedName(serial * 5 + index),
    idNumber: inventedIdNumber(
      `${index === 2 || index === 3 ? 2008 + index : 1962 + index * 3}0${(serial % 9) + 1}15`,
      serial * 5 + index,
    ),
    relation: inventedRelations[index] ?? '其他',
    ableToWork: index < 2,
  })),
  ...(shortOf === undefined ? {} : { shortOf }),
});

export const demoHouseholds: readonly DemoHousehold[] = [
  household(1, '610302901201001', 4, 'unstable-out-of-poverty'),
  household(2, '610302901201001', 3, 'marginal'),
  household(3, '610302901202001', 5, 'sudden-hardship'),
  household(4, '610302901201002', 2, 'marginal'),
  household(5, '610302902201001', 4, 'unstable-out-of-poverty'),
  household(6, '610302902201001', 3, 'sudden-hardship', 'income'),
  household(7, '610302901202001', 2, 'marginal', 'measures'),
  household(8, '610302901201002', 4, 'unstable-out-of-poverty'),
];

const officer = (
  personId: string,
  serial: number,
  role: string,
  division: string,
  department?: string,
): DemoPerson => ({
  personId,
  name: inventedName(100 + serial),
  offices: [{ role, division, ...(department === undefined ? {} : { department }) }],
});

const officers = (): DemoPerson[] =>
  demoDivisions.flatMap(({ code }, serial): DemoPerson[] => {
    if (code.length === 15) {
      return [
        officer(`leader-${code}`, serial, 'grid-leader', code),
        officer(`member-${code}`, serial + 20, 'grid-member', code),
      ];
    }
    if (code.length === 12) {
      return [
        officer(`village-${code}`, serial, 'village-officer', code),
        officer(`village-leader-${code}`, serial + 70, 'village-leader', code),
      ];
    }
    if (code.length !== 9) return [];
    return [
      officer(`town-${code}`, serial, 'town-officer', code),
      officer(`town-leader-${code}`, serial + 70, 'town-leader', code),
    ];
  });

/** Everybody with an account. Person ids say the office, so that one finds them; a household's is `home-<household>`. */
export const demoPeople: readonly DemoPerson[] = [
  ...officers(),
  ...demoDepartments.flatMap((department, index) => [
    officer(`department-${department}`, 40 + index, 'department-officer', demoDistrict.code, department),
    officer(
      `department-leader-${department}`,
      90 + index,
      'department-leader',
      demoDistrict.code,
      department,
    ),
  ]),
  officer('checker-1', 60, 'joint-checker', demoDistrict.code),
  officer('bureau-1', 61, 'bureau-officer', demoDistrict.code),
  officer('bureau-2', 62, 'bureau-officer', demoDistrict.code),
  officer('bureau-leader-1', 66, 'bureau-leader', demoDistrict.code),
  officer('secretary-1', 63, 'leadership-secretary', demoDistrict.code),
  officer('auditor-1', 64, 'auditor', demoDistrict.code),
  officer('operator-1', 65, 'operator', demoDistrict.code),
  ...demoHouseholds.map(({ householdId, members }) => ({
    personId: `home-${householdId}`,
    name: members[0]?.name ?? '',
    offices: [],
    ownHousehold: householdId,
  })),
];

const lastMonths = (today: CivilDate, count: number): YearMonth[] => {
  const months: YearMonth[] = [monthOf(today)];
  while (months.length < count) months.push(previousMonth(months.at(-1) ?? monthOf(today)));
  return months.toReversed();
};

export const monitoredSince = (today: CivilDate): CivilDate => addDays(firstDay(monthOf(today)), -420);

/** The dated facts of a household as of `today`: a year of help behind it, unless it is short of something. */
export const demoFacts = ({ householdId, members, shortOf }: DemoHousehold, today: CivilDate) => {
  const since = monitoredSince(today);
  const asOf = addDays(today, -20);
  const implementedOn = addDays(since, 90);
  const pending = shortOf === 'measures' ? {} : { implementedOn };
  return {
    monitoredSince: since,
    helpedSince: addDays(since, 15),
    monthlyIncome: lastMonths(today, 8).map((month, index) => ({
      month,
      netPerHeadFen: shortOf === 'income' ? 650_000 + index * 1_000 : 980_000 + index * 12_000,
    })),
    housing: { assured: true, asOf },
    schooling: { assured: true, asOf },
    medicalCare: { assured: true, asOf },
    drinkingWater: { assured: true, asOf },
    labour: { ableMembers: members.filter(({ ableToWork }) => ableToWork).length, asOf },
    safetyNetDependence: { dependent: false, asOf },
    measures: [
      { measureId: `${householdId}-1`, kind: 'industry', leadDepartment: 'agriculture', implementedOn },
      { measureId: `${householdId}-2`, kind: 'employment', leadDepartment: 'human-resources', ...pending },
      {
        measureId: `${householdId}-3`,
        kind: 'safety-net',
        leadDepartment: 'medical-insurance',
        implementedOn,
      },
      { measureId: `${householdId}-4`, kind: 'safety-net', leadDepartment: 'civil-affairs', implementedOn },
    ],
  };
};

/** Every group with its leader, its member, and the households that the member visits. */
export const demoGrids: readonly {
  readonly group: string;
  readonly leader: string;
  readonly members: readonly { readonly personId: string; readonly households: readonly string[] }[];
}[] = demoDivisions
  .filter(({ code }) => code.length === 15)
  .map(({ code }) => ({
    group: code,
    leader: `leader-${code}`,
    members: [
      {
        personId: `member-${code}`,
        households: demoHouseholds
          .filter(({ group }) => group === code)
          .map(({ householdId }) => householdId),
      },
    ],
  }));
