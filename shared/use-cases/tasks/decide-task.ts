import type { PersonActor } from '../../domain/access/actor.ts';
import type { TaskId } from '../../domain/release/identifiers.ts';
import type { IdempotencyKey } from '../../ledger/commit.ts';
import { streamOfTask } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { type ReportSigned, signCityReport } from '../monthly/sign-city-report.ts';
import { type Outcome, refused } from '../outcome.ts';
import { asCaseNumber } from '../release/case-stream.ts';
import { decideCaseStep, type StepDecided } from '../release/decide-case-step.ts';
import type { StepInput } from '../release/step-input.ts';
import { getTask } from './get-task.ts';

export type TaskInput = StepInput | { readonly step: 'city-report-signature' };

/** A person decides an open step, whatever it belongs to: the one door for every human decision. */
export const decideTask = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'vault' | 'house'>,
  actor: PersonActor,
  { taskId, input }: { readonly taskId: string; readonly input: TaskInput },
  idempotency: IdempotencyKey,
): Promise<Outcome<StepDecided | ReportSigned>> => {
  const ofCase = asCaseNumber(streamOfTask(taskId)) !== undefined;
  if (input.step === 'city-report-signature') {
    return ofCase
      ? refused('wrong-decision-for-step', { field: 'step' })
      : signCityReport(deps, actor, taskId, idempotency);
  }
  if (!ofCase) {
    // What stands in an inbox without a decision to take: the month is filed at the filing's own address.
    const seen = await getTask(deps, actor, taskId);
    return 'refusal' in seen
      ? seen
      : refused('wrong-decision-for-step', { field: 'step', because: [seen.value.step] });
  }
  return decideCaseStep(deps, actor, { taskId: taskId as TaskId, input }, idempotency);
};
