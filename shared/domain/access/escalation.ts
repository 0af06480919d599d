import type { Instant } from '../calendar/instant.ts';
import { addDays, civilDateOf, dueAfter, reminderAt } from '../calendar/legal-time.ts';
import type { Policy, Span } from '../calendar/policy.ts';
import { type Assignee, inboxOf, type OfficeRole } from './actor.ts';
import { unreachable } from './decision.ts';
import {
  type DivisionCode,
  districtOf,
  type GroupCode,
  townOf,
  type VillageCode,
  villageOf,
} from './identifiers.ts';
import type { OpenTask } from './open-task.ts';

type OfficeAssignee = Extract<Assignee, { division: unknown }>;

const at = (role: OfficeRole, division: DivisionCode): OfficeAssignee => ({ role, division });

/** Who leads an office, and who stands above its unit. */
const aboveOffice = ({ role, division, department }: OfficeAssignee): readonly OfficeAssignee[] => {
  const district = districtOf(division);
  const village = () => villageOf(division as GroupCode | VillageCode);
  const bureauLeader = at('bureau-leader', district);
  switch (role) {
    case 'grid-member':
      return [at('grid-leader', division), at('village-officer', village())];
    case 'grid-leader':
      return [at('village-leader', village()), at('town-officer', townOf(village()))];
    case 'village-officer':
      return [at('village-leader', village()), at('town-officer', townOf(village()))];
    case 'village-leader':
      return [at('town-officer', townOf(village()))];
    case 'town-officer':
      return [at('town-leader', division), at('bureau-officer', district)];
    case 'town-leader':
      return [at('bureau-officer', district)];
    case 'department-officer':
      return [
        { ...at('department-leader', district), ...(department === undefined ? {} : { department }) },
        bureauLeader,
      ];
    case 'department-leader':
      return [bureauLeader];
    case 'joint-checker':
    case 'bureau-officer':
      return [bureauLeader, at('leadership-secretary', district)];
    case 'bureau-leader':
      return [at('leadership-secretary', district)];
    case 'leadership-secretary':
    case 'auditor':
    case 'operator':
      return [];
    default:
      return unreachable(role);
  }
};

/**
 * Who is told, in this order, when a step stays undone 逐级督办: whoever leads the office, then the level above (policy
 * default). Where a household and an office may both decide, it is the office that is reminded of its duty.
 */
export const ladderOf = ({ assignees }: Pick<OpenTask, 'assignees'>): readonly Assignee[] => {
  const office = assignees.find((assignee): assignee is OfficeAssignee => assignee.role !== 'household');
  if (office === undefined) return [];
  const own = new Set(assignees.map(inboxOf));
  return aboveOffice(office).filter((above) => !own.has(inboxOf(above)));
};

/** @returns every inbox that has to be looked into to know whether anybody is there: the task's own, and those above. */
export const inboxesConcerned = (task: Pick<OpenTask, 'assignees'>): readonly string[] =>
  [...task.assignees, ...ladderOf(task)].map(inboxOf);

/** @returns when a task is first looked at: to remind in time, or at its due time where that is too late already. */
export const firstLookAt = (
  { from, dueAt }: { readonly from: Instant; readonly dueAt: Instant },
  policy: Policy,
): Instant => {
  // 24:00 of the last day is 0:00 of the next.
  const { at: remindAt } = reminderAt(addDays(civilDateOf(dueAt), -1), policy);
  return remindAt > from ? remindAt : dueAt;
};

/** What a look at an open task leads to. `wakeAt` is always strictly later than the look. */
export type Look =
  | { readonly kind: 'too-early'; readonly wakeAt: Instant }
  | { readonly kind: 'reminder'; readonly wakeAt: Instant }
  | {
      readonly kind: 'escalation';
      readonly wakeAt: Instant;
      readonly reason: 'overdue' | 'office-vacant';
      /** Whom this look adds to those who were told already. */
      readonly to: readonly Assignee[];
    };

/**
 * Looks at an open task: before its last day those who must decide are reminded; at the due time whoever leads them is
 * told, and at every look after it the level above as well. An office that nobody holds is told upwards at once, and a
 * rung that nobody holds is passed over. Nothing is ever decided by this.
 * @param vacant the inboxes among {@link inboxesConcerned} that nobody reads.
 */
export const lookAt = (
  task: OpenTask,
  {
    now,
    policy,
    escalateEvery,
    vacant,
  }: {
    readonly now: Instant;
    readonly policy: Policy;
    readonly escalateEvery: Span;
    readonly vacant: readonly string[];
  },
): Look => {
  const nobody = new Set(vacant);
  const told = new Set(task.escalatedTo.map(inboxOf));
  const ladder = ladderOf(task).filter((rung) => !nobody.has(inboxOf(rung)));
  const overdue = now >= task.dueAt;
  const isVacant =
    task.escalations === 0 && task.assignees.every((assignee) => nobody.has(inboxOf(assignee)));
  if (isVacant && !overdue) {
    const wakeAt = firstLookAt({ from: now, dueAt: task.dueAt }, policy);
    return { kind: 'escalation', wakeAt, reason: 'office-vacant', to: ladder };
  }
  if (now < task.wakeAt) return { kind: 'too-early', wakeAt: task.wakeAt };
  if (!overdue) return { kind: 'reminder', wakeAt: task.dueAt };
  const { dueAt: wakeAt } = dueAfter(now, escalateEvery);
  const rungs = told.size === 0 && !isVacant ? ladder.slice(0, 1) : ladder;
  return {
    kind: 'escalation',
    wakeAt,
    reason: 'overdue',
    to: rungs.filter((rung) => !told.has(inboxOf(rung))),
  };
};

/** @returns the task after a reminder. */
export const remindedTask = <Task extends OpenTask>(task: Task, wakeAt: Instant): Task => ({
  ...task,
  wakeAt,
  reminded: true,
});

/** @returns the task after an escalation. */
export const escalatedTask = <Task extends OpenTask>(
  task: Task,
  wakeAt: Instant,
  to: readonly Assignee[],
): Task => ({
  ...task,
  wakeAt,
  escalations: task.escalations + 1,
  escalatedTo: [...task.escalatedTo, ...to],
});
