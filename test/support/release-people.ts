import type { Office, PersonActor } from '../../shared/domain/access/actor.ts';
import {
  type DepartmentId,
  type DistrictCode,
  districtOf,
  type GroupCode,
  type HouseholdId,
  type PersonId,
  townOf,
  villageOf,
} from '../../shared/domain/access/identifiers.ts';
import type { CivilDate, YearMonth } from '../../shared/domain/calendar/instant.ts';
import type { HouseholdFacts } from '../../shared/domain/release/facts.ts';

export const group = '610302101201001' as GroupCode;
export const village = villageOf(group);
export const town = townOf(group);
export const district: DistrictCode = districtOf(group);
export const household = 'hh-0001' as HouseholdId;

export const person = (id: string, ...offices: readonly Office[]): PersonActor => ({
  personId: id as PersonId,
  offices,
});

export const leader = person('leader', { role: 'grid-leader', division: group });
export const villager = person('village-officer', { role: 'village-officer', division: village });
export const townOfficer = person('town-officer', { role: 'town-officer', division: town });
export const checker = person('checker', { role: 'joint-checker', division: district });
export const bureau = person('bureau', { role: 'bureau-officer', division: district });
export const auditor = person('auditor', { role: 'auditor', division: district });
export const home: PersonActor = { ...person('home'), ownHousehold: household };

export const departmentOfficer = (department: string): PersonActor =>
  person(`department-${department}`, {
    role: 'department-officer',
    division: district,
    department: department as DepartmentId,
  });

/** The departments that are asked about {@link household}: the policy's six and the two that lead its measures. */
export const askedDepartments = [
  'agriculture',
  'civil-affairs',
  'disabled-persons-federation',
  'health',
  'housing',
  'human-resources',
  'medical-insurance',
  'public-security',
] as readonly string[] as readonly DepartmentId[];

export const day = (text: string): CivilDate => text as CivilDate;
export const month = (text: string): YearMonth => text as YearMonth;

const assured = { assured: true, asOf: day('2022-08-31') };

/** A household that meets every standard, from September 2022 on. */
export const goodFacts: HouseholdFacts = {
  monitoredSince: day('2021-08-01'),
  helpedSince: day('2021-08-20'),
  monthlyIncome: ['03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((number) => ({
    month: month(`2022-${number}`),
    netPerHeadFen: 980_000,
  })),
  housing: assured,
  schooling: assured,
  medicalCare: assured,
  drinkingWater: assured,
  labour: { ableMembers: 2, asOf: day('2022-08-31') },
  safetyNetDependence: { dependent: false, asOf: day('2022-08-31') },
  measures: [
    {
      measureId: 'm-1',
      kind: 'industry',
      leadDepartment: 'agriculture' as DepartmentId,
      implementedOn: day('2021-11-01'),
    },
    {
      measureId: 'm-2',
      kind: 'employment',
      leadDepartment: 'human-resources' as DepartmentId,
      implementedOn: day('2021-12-01'),
    },
    {
      measureId: 'm-3',
      kind: 'safety-net',
      leadDepartment: 'medical-insurance' as DepartmentId,
      implementedOn: day('2021-09-01'),
    },
  ],
};
