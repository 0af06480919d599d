import type { Assignee } from '../access/actor.ts';
import { unreachable } from '../access/decision.ts';
import { firstLookAt } from '../access/escalation.ts';
import { type DepartmentId, districtOf, townOf, villageOf } from '../access/identifiers.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import {
  addDays,
  civilDateOf,
  dueAfter,
  firstDay,
  monthOf,
  nextMonth,
  startOfDay,
} from '../calendar/legal-time.ts';
import type { Policy, StepName } from '../calendar/policy.ts';
import type { ReleaseTask } from './events.ts';
import { type ObjectionId, taskIdOf } from './identifiers.ts';
import type { ReleaseCase } from './state.ts';

/** The part of a case that decides who must act in it. */
export type CasePlace = Pick<ReleaseCase, 'caseNumber' | 'group' | 'householdId'>;

/** The steps that are steps of a release case. */
export type ReleaseStep = Exclude<StepName, 'city-report-signature'>;

/** A request is due with the list of the month that leaves the time of the policy. */
const dueOf = (step: ReleaseStep, from: Instant, policy: Policy): Instant => {
  const { dueAt } = dueAfter(from, policy.steps[step].due);
  if (step !== 'request-answer') return dueAt;
  const lastDay = addDays(civilDateOf(dueAt), -1);
  return startOfDay(firstDay(nextMonth(monthOf(lastDay))));
};

const assigneesOf = (step: ReleaseStep, place: CasePlace, department?: DepartmentId): readonly Assignee[] => {
  const village = { role: 'village-officer', division: villageOf(place.group) } as const;
  const town = { role: 'town-officer', division: townOf(place.group) } as const;
  const district = districtOf(place.group);
  switch (step) {
    case 'request-answer':
    case 're-report':
      return [{ role: 'grid-leader', division: place.group }];
    case 'household-confirmation':
      // A household without a phone confirms on a signed form, which the village uploads.
      return [{ role: 'household', household: place.householdId }, village];
    case 'home-visit':
    case 'appraisal':
    case 'notice-posting':
    case 'objection-investigation':
    case 'objection-follow-up':
    case 'adjustment':
    case 'pause-follow-up':
      return [village];
    case 'objection-decision':
    case 'town-verification':
    case 'filing-confirmation':
      return [town];
    case 'department-comparison':
    case 'measure-adjustment':
      return [
        {
          role: 'department-officer',
          division: district,
          ...(department === undefined ? {} : { department }),
        },
      ];
    case 'spot-check':
      return [{ role: 'joint-checker', division: district }];
    case 'announcement':
    case 'leadership-filing':
    case 'system-marking':
      return [{ role: 'bureau-officer', division: district }];
    default:
      return unreachable(step);
  }
};

type TaskTerms = {
  readonly round: number;
  readonly step: ReleaseStep;
  readonly openedAt: Instant;
  readonly policy: Policy;
  readonly department?: DepartmentId;
  readonly objectionId?: ObjectionId;
  /** The month that a confirmation is for: missing its cut-off as well opens another task, not the same again. */
  readonly filingMonth?: YearMonth;
  /** Not to be decided before; the due time then counts from here. */
  readonly notBefore?: Instant;
};

/** @returns the task of one step: who may decide it, and until when it is due by the round's policy. */
export const releaseTask = (place: CasePlace, terms: TaskTerms): ReleaseTask => {
  const { round, step, openedAt, policy, department, objectionId, filingMonth, notBefore } = terms;
  const from = notBefore ?? openedAt;
  const dueAt = dueOf(step, from, policy);
  return {
    taskId: taskIdOf(place.caseNumber, round, step, department ?? objectionId ?? filingMonth),
    step,
    assignees: assigneesOf(step, place, department),
    openedAt,
    dueAt,
    ...(notBefore === undefined ? {} : { notBefore }),
    wakeAt: firstLookAt({ from, dueAt }, policy),
    reminded: false,
    escalations: 0,
    escalatedTo: [],
  };
};
