import type { DepartmentId, DivisionCode, HouseholdId, PersonId } from './identifiers.ts';

/** The five levels of section 1 that decide in a case, plus the household itself. */
export type Level = 'household' | 'group' | 'village' | 'town' | 'district';

export const officeRoles = [
  'grid-member', // 网格员
  'grid-leader', // 网格长
  'village-officer', // 村级排查工作组
  'village-leader', // 村党支部书记
  'town-officer', // 乡振办
  'town-leader', // 镇党委负责人
  'department-officer', // 行业部门
  'department-leader', // 行业部门负责人
  'joint-checker', // 核查组
  'bureau-officer', // 乡村振兴局
  'bureau-leader', // 乡村振兴局负责人
  'leadership-secretary', // 领导小组
  'auditor', // 审计
  'operator', // 运维
] as const;

export type OfficeRole = (typeof officeRoles)[number];
export type Role = OfficeRole | 'household';

export const levelOf: Readonly<Record<Role, Level>> = {
  household: 'household',
  'grid-member': 'group',
  'grid-leader': 'group',
  'village-officer': 'village',
  'village-leader': 'village',
  'town-officer': 'town',
  'town-leader': 'town',
  'department-officer': 'district',
  'department-leader': 'district',
  'joint-checker': 'district',
  'bureau-officer': 'district',
  'bureau-leader': 'district',
  'leadership-secretary': 'district',
  auditor: 'district',
  operator: 'district',
};

/** Length in digits of the division code that an office of this role is held in. */
export const officeCodeLength: Readonly<Record<OfficeRole, 6 | 9 | 12 | 15>> = {
  'grid-member': 15,
  'grid-leader': 15,
  'village-officer': 12,
  'village-leader': 12,
  'town-officer': 9,
  'town-leader': 9,
  'department-officer': 6,
  'department-leader': 6,
  'joint-checker': 6,
  'bureau-officer': 6,
  'bureau-leader': 6,
  'leadership-secretary': 6,
  auditor: 6,
  operator: 6,
};

/** An office that a person holds. `department` is there exactly for the people of a department. */
export type Office = {
  readonly role: OfficeRole;
  readonly division: DivisionCode;
  readonly department?: DepartmentId;
};

/** Someone who has been identified, with the offices that the register gives them today. */
export type PersonActor = {
  readonly personId: PersonId;
  readonly offices: readonly Office[];
  /** The household that they belong to, if it is registered: they may not decide about it. */
  readonly ownHousehold?: HouseholdId;
};

/** A timer or a workflow task of ours; never a substitute for a person's decision. */
export type SystemActor = { readonly system: string };

/** Somebody from the public, not identified. */
export type PublicActor = { readonly anonymous: true };

/** Whether an office of this role is held in one department. */
export const isOfDepartment = (role: Role): boolean =>
  role === 'department-officer' || role === 'department-leader';

/** Who must do a step: an office, or the household itself. */
export type Assignee =
  | { readonly role: OfficeRole; readonly division: DivisionCode; readonly department?: DepartmentId }
  | { readonly role: 'household'; readonly household: HouseholdId };

/** @returns the key of the inbox 待办 that tasks for this assignee are listed in. */
export const inboxOf = (assignee: Assignee): string => {
  if (assignee.role === 'household') return `household@${assignee.household}`;
  const department = assignee.department === undefined ? '' : `:${assignee.department}`;
  return `${assignee.role}@${assignee.division}${department}`;
};

/** @returns every inbox that this person reads. */
export const inboxesOf = (actor: PersonActor): string[] => [
  ...actor.offices.map(inboxOf),
  ...(actor.ownHousehold === undefined
    ? []
    : [inboxOf({ role: 'household', household: actor.ownHousehold })]),
];

/** @returns the assignee among `assignees` that this person is, if any. */
export const assigneeHeldBy = (actor: PersonActor, assignees: readonly Assignee[]): Assignee | undefined => {
  const mine = new Set(inboxesOf(actor));
  return assignees.find((assignee) => mine.has(inboxOf(assignee)));
};

/** Who stands behind an event, as the ledger records it: the person and the office that they acted in. */
export type RecordedActor =
  | { readonly personId: PersonId; readonly role: Role; readonly inbox: string }
  | { readonly system: string }
  | { readonly anonymous: true };
