import type * as z from 'zod/mini';
import { getReleaseCaseContract } from '../../../shared/contracts/release-case.ts';
import { stepName } from '../../../shared/contracts/task.ts';
import { villageOf } from '../../../shared/domain/access/identifiers.ts';
import { shanghaiText } from '../../../shared/domain/calendar/shanghai-text.ts';
import type { ReleaseTask } from '../../../shared/domain/release/events.ts';
import { isOpen, type Stage } from '../../../shared/domain/release/state.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getReleaseCase, type TimelineEntry } from '../../../shared/use-cases/release/get-release-case.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

type CaseBody = z.input<typeof getReleaseCaseContract.success.body>;

const standingOf = (stage: Stage): CaseBody['standing'] => {
  switch (stage.name) {
    case 'notice':
      return { ...stage, objections: [...stage.objections] };
    case 'department-comparison':
      return {
        ...stage,
        asked: [...stage.asked],
        answered: [...stage.answered],
        refused: [...stage.refused],
        failedMeasureIds: [...stage.failedMeasureIds],
      };
    default:
      return stage;
  }
};

/** What the release standards said as the newest round began. */
const findingsOf = (timeline: readonly TimelineEntry[]): CaseBody['findings'] => {
  const started = timeline.findLast(({ type }) => type === 'release-round-started');
  return getReleaseCaseContract.success.body.shape.findings.parse(started?.data['findings'] ?? []);
};

const taskOf = (task: ReleaseTask, now: string): CaseBody['tasks'][number] => {
  const { taskId, assignees, openedAt, dueAt, notBefore, reminded, escalations, escalatedTo } = task;
  const step = stepName.parse(task.step);
  return {
    taskId,
    step,
    assignees: [...assignees],
    openedAt,
    dueAt,
    ...(notBefore === undefined ? {} : { notBefore }),
    overdue: now >= dueAt,
    reminded,
    escalations,
    escalatedTo: [...escalatedTo],
  };
};

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'clock' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(getReleaseCaseContract, deps, async ({ actor, path }) => {
    const outcome = await getReleaseCase(deps, actor, path.caseNumber);
    if ('refusal' in outcome) return outcome;
    const { state, version, timeline } = outcome.value;
    const { caseNumber, householdId, group, people, openedAt, round, policyVersion, stage } = state;
    const now = deps.clock.now();
    const value: CaseBody = {
      caseNumber,
      householdId,
      village: villageOf(group),
      group,
      people,
      openedAt,
      round,
      status: isOpen(state) ? 'open' : stage.name === 'reported' ? 'reported' : 'closed',
      policyVersion,
      stage: stage.name,
      standing: standingOf(stage),
      tasks: state.tasks.map((task) => taskOf(task, now)),
      findings: findingsOf(timeline),
      failedMeasures: [...state.failedMeasures],
      endedRounds: [...state.endedRounds],
      ...(state.releasedAt === undefined ? {} : { releasedAt: state.releasedAt }),
      version,
      timeline: timeline.map((entry) => ({ ...entry, atShanghai: shanghaiText(entry.at) })),
    };
    return { value };
  });
