import { isOfDepartment, type OfficeRole, type PersonActor } from './actor.ts';
import { contains, type DepartmentId, type DivisionCode, type HouseholdId } from './identifiers.ts';

/** What a request touches, as far as access depends on it. */
export type Resource = {
  /** Where it lies; the group for a household or a case, the town for a filing, the district for a city report. */
  readonly place: DivisionCode;
  readonly householdId?: HouseholdId;
  /** Departments that were asked about it. */
  readonly departments?: readonly DepartmentId[];
};

export type Action =
  | 'register:write'
  | 'household:read'
  | 'household:record-facts'
  | 'case:open'
  | 'case:request'
  | 'case:withdraw'
  | 'case:pause'
  | 'case:read'
  | 'candidate-list:read'
  | 'evidence:add'
  | 'evidence:read'
  | 'filing:read'
  | 'filing:close-early'
  | 'city-report:read'
  | 'city-report:amend'
  | 'ledger:verify'
  | 'executions:operate';

/** `hidden`: to this person it does not exist (404). `role-not-permitted`: they see it, another office must act (403). */
export type AccessAnswer = 'allowed' | 'hidden' | 'role-not-permitted';

const everyOffice: readonly OfficeRole[] = [
  'grid-member',
  'grid-leader',
  'village-officer',
  'village-leader',
  'town-officer',
  'town-leader',
  'department-officer',
  'department-leader',
  'joint-checker',
  'bureau-officer',
  'bureau-leader',
  'leadership-secretary',
  'auditor',
];

const villageAndTown: readonly OfficeRole[] = [
  'village-officer',
  'village-leader',
  'town-officer',
  'town-leader',
];
const bureau: readonly OfficeRole[] = ['bureau-officer', 'bureau-leader'];

/** Which offices may do what (policy default, after section 1 of the requirements). `household`: also the household itself. */
const permitted: Readonly<
  Record<Action, { readonly roles: readonly OfficeRole[]; readonly household: boolean }>
> = {
  'register:write': { roles: ['bureau-officer'], household: false },
  'household:read': {
    roles: ['grid-member', 'grid-leader', ...villageAndTown, ...bureau, 'auditor'],
    household: true,
  },
  'household:record-facts': {
    roles: ['bureau-officer', 'town-officer', 'village-officer'],
    household: false,
  },
  'case:open': { roles: ['grid-leader'], household: false },
  // 农户提: itself, or by whoever of its group or village writes it down for it.
  'case:request': { roles: ['grid-member', 'grid-leader', 'village-officer'], household: true },
  'case:withdraw': { roles: ['village-officer', 'bureau-officer'], household: true },
  'case:pause': { roles: ['village-officer', 'town-officer', 'bureau-officer'], household: false },
  'case:read': { roles: everyOffice, household: true },
  'candidate-list:read': {
    roles: ['grid-member', 'grid-leader', ...villageAndTown, ...bureau, 'auditor'],
    household: false,
  },
  'evidence:add': { roles: everyOffice.filter((role) => role !== 'auditor'), household: true },
  'evidence:read': { roles: everyOffice, household: true },
  'filing:read': {
    roles: ['town-officer', 'town-leader', 'joint-checker', ...bureau, 'leadership-secretary', 'auditor'],
    household: false,
  },
  'filing:close-early': { roles: ['town-officer'], household: false },
  'city-report:read': { roles: [...bureau, 'leadership-secretary', 'auditor'], household: false },
  'city-report:amend': { roles: ['bureau-officer'], household: false },
  'ledger:verify': { roles: everyOffice, household: true },
  'executions:operate': { roles: ['operator'], household: false },
};

/**
 * Role and jurisdiction, checked here and nowhere else.
 * An office sees what lies inside its own division. The people of a department see only what it was asked about.
 */
export const authorise = (actor: PersonActor, action: Action, resource: Resource): AccessAnswer => {
  const rule = permitted[action];
  const isOwn = resource.householdId !== undefined && resource.householdId === actor.ownHousehold;
  if (isOwn && rule.household) return 'allowed';
  const seeing = actor.offices.filter(
    (office) =>
      contains(office.division, resource.place) &&
      (!isOfDepartment(office.role) ||
        (office.department !== undefined && resource.departments?.includes(office.department) === true)),
  );
  if (seeing.some((office) => rule.roles.includes(office.role))) return 'allowed';
  return seeing.length > 0 || isOwn ? 'role-not-permitted' : 'hidden';
};
