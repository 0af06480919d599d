import type { AwaitStep, EscalateStep, StepEscalated } from '../../../workflows/fragments/signals.ts';
import { inboxOf } from '../../domain/access/actor.ts';
import { type Instant, instantFromMillis, millisOf, parseInstant } from '../../domain/calendar/instant.ts';
import { currentPolicy, policyOf } from '../../domain/calendar/policy.ts';
import { type CityReport, decideCityReport } from '../../domain/city-report/city-report.ts';
import { contextWithoutFacts } from '../../domain/release/commands.ts';
import { decide } from '../../domain/release/decide.ts';
import type { TaskId } from '../../domain/release/identifiers.ts';
import { commit, type Plan } from '../../ledger/commit.ts';
import {
  loadStream,
  momentFor,
  planAppend,
  streamOfTask,
  taskKey,
  taskOfRecord,
} from '../../ledger/stream.ts';
import type { JsonObject } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { cityReportStream } from '../monthly/city-report-stream.ts';
import { vacantInboxes } from '../registers/office-holders.ts';
import { appendToCase } from '../release/append-to-case.ts';
import { asCaseNumber } from '../release/case-stream.ts';
import { requireCase } from '../release/read-case.ts';
import { callbackKey, callbackPlace } from './rendezvous.ts';

/** @returns whether the callback that is stored waits since later than this one: then this call was overtaken. */
const isOvertaken = (stored: JsonObject, enteredAt: Instant, retry: number): boolean => {
  const { enteredAt: storedAt, retry: storedRetry } = stored;
  if (typeof storedAt !== 'string' || typeof storedRetry !== 'number') return false;
  return storedAt > enteredAt || (storedAt === enteredAt && storedRetry > retry);
};

/** A step that waits for an office which nobody holds is told upwards at once, and not when it is due. */
const tellOfVacancy = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
  taskId: string,
): Promise<void> => {
  const record = await deps.store.get(taskKey(streamOfTask(taskId), taskId));
  const task = record === undefined ? undefined : taskOfRecord(record);
  if (task === undefined || task.status !== 'open' || task.escalations > 0) return;
  const vacant = await vacantInboxes(deps.store, task);
  if (task.assignees.every((assignee) => vacant.includes(inboxOf(assignee))))
    await escalateStep(deps, { taskId });
};

/**
 * The last holder of an office has left it with steps open: each of them is told upwards at once. Whatever is cut off
 * here is told when the step is next looked at.
 */
export const tellOfVacatedOffice = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
  inbox: string,
): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await deps.store.query({
      pk: `INBOX#${inbox}`,
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    for (const { body } of page.records)
      if (body['kind'] === 'to-decide') await tellOfVacancy(deps, String(body['taskId']));
    after = page.next;
  } while (after !== undefined);
};

/**
 * Stores where the workflow waits, sealed, and nothing else: the relay brings decision and callback together, whichever
 * comes second. A newer token replaces an older one; a call that was overtaken by a newer one changes nothing.
 * @throws for a time that is none: a defect of the definition.
 */
export const awaitStep = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData'>,
  { taskId, token, enteredAt: entered, retry }: AwaitStep,
): Promise<void> => {
  const { store, personalData } = deps;
  const enteredAt = parseInstant(entered);
  if (enteredAt === undefined) throw new Error('a state was entered at no time');
  const key = callbackKey(taskId);
  await commit(deps, async () => {
    const before = await store.get(key);
    if (before !== undefined && isOvertaken(before.body, enteredAt, retry))
      return { writes: [], answer: undefined };
    const prepared = await personalData.prepare('CALLBACKS');
    const { box } = await personalData.box('CALLBACKS', callbackPlace(taskId), token);
    const expect = before === undefined ? 'absent' : { rev: before.rev };
    return {
      writes: [...prepared, { kind: 'put', key, body: { box, enteredAt, retry }, expect }],
      answer: undefined,
    };
  });
  await tellOfVacancy(deps, taskId);
};

/** What an escalation that came too late answers: look again in a minute, the decision is on its way. */
const soon = (now: Parameters<typeof millisOf>[0]): StepEscalated => ({
  wakeAt: instantFromMillis(millisOf(now) + 60_000),
});

const escalateSignature = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
  taskId: string,
): Promise<StepEscalated> =>
  commit(deps, async (): Promise<Plan<StepEscalated>> => {
    const loaded = await loadStream<CityReport>(deps.store, streamOfTask(taskId));
    const now = momentFor(loaded, deps.clock.now());
    const task = loaded.state?.tasks.find((open) => open.taskId === taskId);
    if (loaded.state === undefined || task === undefined) return { writes: [], answer: soon(now) };
    const policy = policyOf(loaded.state.policyVersion) ?? currentPolicy(now);
    const actor = { system: 'escalate-step' };
    const vacant = await vacantInboxes(deps.store, task);
    const decision = decideCityReport(
      loaded.state,
      { type: 'escalate-signature', taskId, vacant },
      { now, actor, policy },
    );
    if ('refusal' in decision) return { writes: [], answer: { wakeAt: task.wakeAt } };
    const append = { loaded, events: decision.events, at: now, actor, outcome: () => ({ result: {} }) };
    const { writes, state } = planAppend(cityReportStream, append);
    return {
      writes,
      answer: { wakeAt: state.tasks.find((open) => open.taskId === taskId)?.wakeAt ?? soon(now).wakeAt },
    };
  });

/**
 * Nobody has decided by the time the workflow looked: a reminder 提醒 before the last day, an escalation 升级督办 after
 * it, goes on record. The answer is when to look again, always strictly later than now.
 */
export const escalateStep = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
  { taskId }: EscalateStep,
): Promise<StepEscalated> => {
  const caseNumber = asCaseNumber(streamOfTask(taskId));
  if (caseNumber === undefined) return escalateSignature(deps, taskId);
  return commit(deps, async (): Promise<Plan<StepEscalated>> => {
    const loaded = await requireCase(deps.store, caseNumber);
    const now = momentFor(loaded, deps.clock.now());
    const actor = { system: 'escalate-step' };
    const context = contextWithoutFacts(now, actor, currentPolicy(now));
    const task = loaded.state.tasks.find((open) => open.taskId === taskId);
    const vacant = task === undefined ? [] : await vacantInboxes(deps.store, task);
    const command = { type: 'escalate-step', taskId: taskId as TaskId, vacant } as const;
    const decision = decide(loaded.state, command, context);
    if ('refusal' in decision || task === undefined) {
      return {
        writes: [],
        answer: task === undefined || task.wakeAt <= now ? soon(now) : { wakeAt: task.wakeAt },
      };
    }
    const { writes, state } = await appendToCase(deps, { loaded, events: decision.events, at: now, actor });
    return {
      writes,
      answer: { wakeAt: state.tasks.find((open) => open.taskId === taskId)?.wakeAt ?? soon(now).wakeAt },
    };
  });
};
