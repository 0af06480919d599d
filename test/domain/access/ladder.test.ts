import { expect, test } from 'vitest';
import {
  type Assignee,
  inboxOf,
  officeCodeLength,
  type officeRoles,
} from '../../../shared/domain/access/actor.ts';
import { inboxesConcerned, ladderOf } from '../../../shared/domain/access/escalation.ts';
import type { DepartmentId, HouseholdId } from '../../../shared/domain/access/identifiers.ts';
import { group } from '../../support/release-people.ts';

const office = (role: (typeof officeRoles)[number]): Assignee => ({
  role,
  division: group.slice(0, officeCodeLength[role]) as typeof group,
  ...(role.startsWith('department') ? { department: 'health' as DepartmentId } : {}),
});
const told = (...assignees: readonly Assignee[]) => ladderOf({ assignees }).map(inboxOf);

test.each([
  ['grid-member', ['grid-leader@610302101201001', 'village-officer@610302101201']],
  ['grid-leader', ['village-leader@610302101201', 'town-officer@610302101']],
  ['village-officer', ['village-leader@610302101201', 'town-officer@610302101']],
  ['village-leader', ['town-officer@610302101']],
  ['town-officer', ['town-leader@610302101', 'bureau-officer@610302']],
  ['town-leader', ['bureau-officer@610302']],
  ['department-officer', ['department-leader@610302:health', 'bureau-leader@610302']],
  ['department-leader', ['bureau-leader@610302']],
  ['joint-checker', ['bureau-leader@610302', 'leadership-secretary@610302']],
  ['bureau-officer', ['bureau-leader@610302', 'leadership-secretary@610302']],
  ['bureau-leader', ['leadership-secretary@610302']],
  ['leadership-secretary', []],
  ['auditor', []],
  ['operator', []],
] as const)('%s: whoever leads it is told, then the level above', (role, ladder) => {
  expect(told(office(role))).toEqual(ladder);
});

test('where household and village may both decide, the village is the one with a duty', () => {
  const household: Assignee = { role: 'household', household: 'hh-0001' as HouseholdId };
  expect(told(household, office('village-officer'))).toEqual(told(office('village-officer')));
  expect(told(household)).toEqual([]);
  expect(inboxesConcerned({ assignees: [household, office('village-officer')] })).toEqual([
    'household@hh-0001',
    'village-officer@610302101201',
    'village-leader@610302101201',
    'town-officer@610302101',
  ]);
});

test('nobody is told of what is their own to decide', () => {
  expect(told(office('village-officer'), office('village-leader'))).toEqual(['town-officer@610302101']);
});
