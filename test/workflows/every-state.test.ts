import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { millisOf } from '../../shared/domain/calendar/instant.ts';
import type { JsonObject } from '../../shared/ports/record-store.ts';
import type { CaseStanding } from '../../workflows/release-case/signals.ts';
import {
  answers,
  at,
  breaks,
  type FunctionOfTheHouse,
  type Rehearsal,
  rehearse,
  settableClock,
  theCase,
} from './runner/rehearsal.ts';

const path = join(import.meta.dirname, '..', '..', 'workflows', 'release-case', 'release-case.asl.json');
const asl: JsonObject = z.record(z.string(), z.json()).parse(JSON.parse(readFileSync(path, 'utf8')));
const input = { caseNumber: 'R-610302-2022-000123', round: 1, attempt: 1 };

const machineShape = z.looseObject({ States: z.record(z.string(), z.looseObject({})) });
/** The names of all states, with those inside of a Map. */
const statesOf = (machine: unknown): readonly string[] =>
  Object.entries(machineShape.parse(machine).States).flatMap(([name, state]) => [
    name,
    ...('ItemProcessor' in state ? statesOf(state['ItemProcessor']) : []),
  ]);

type Script = {
  readonly begins: CaseStanding;
  /** The answers of the people, by task: given only after the step has escalated once. */
  readonly people?: Readonly<Record<string, CaseStanding>>;
  readonly functions?: Readonly<Record<string, FunctionOfTheHouse>>;
};

const anHour = 3_600_000;
const asked = z.looseObject({ taskId: z.string(), token: z.string() });
const instant = (millis: number) => at(new Date(millis).toISOString());

/** Plays a case to its end; everybody answers, but nobody before being reminded. */
const playToTheEnd = async ({ begins, people = {}, functions = {} }: Script): Promise<Rehearsal> => {
  const clock = settableClock();
  const waiting = new Map<string, string>();
  const reminded = new Set<string>();
  const played = rehearse(
    asl,
    {
      'read-case-standing': () => answers(begins),
      'await-step': (payload) => {
        const { taskId, token } = asked.parse(payload);
        waiting.set(taskId, token);
        return answers(null);
      },
      'escalate-step': (payload) => {
        reminded.add(z.looseObject({ taskId: z.string() }).parse(payload).taskId);
        return answers({ wakeAt: instant(millisOf(clock.now()) + anHour) });
      },
      ...functions,
    },
    { clock },
  );
  await played.start(input);
  for (let turn = 0; turn < 200 && played.runner.describe(theCase)?.status === 'running'; turn += 1) {
    const ready = [...reminded].find((taskId) => waiting.has(taskId) && taskId in people);
    if (ready === undefined) {
      await played.passTo(played.runner.nextDueAt() ?? clock.now());
      continue;
    }
    reminded.delete(ready);
    const token = waiting.get(ready) ?? '';
    waiting.delete(ready);
    const answered = people[ready];
    if (answered !== undefined && (await played.runner.signals.succeed(token, answered)) === 'delivered')
      await played.runner.runReady();
  }
  return played;
};

const wakeAt = '2022-09-29T00:00:00.000Z';
const standing = (
  stage: CaseStanding['stage'],
  tasks: readonly string[] = [],
  waitUntil: string | null = null,
): CaseStanding => ({ stage, tasks: tasks.map((taskId) => ({ taskId, wakeAt })), waitUntil });
const inTurn = (...given: readonly CaseStanding[]): FunctionOfTheHouse => {
  const left = [...given];
  return () => answers(left.shift() ?? null);
};

const noticeEnd = '2022-10-08T16:00:00.000Z';
const broken: FunctionOfTheHouse = () => breaks('Lambda.ServiceException');

/** Held by an objection, carried over, filed late, reported late, and nobody does anything before being reminded. */
const longWay = (): Script => ({
  begins: standing('home-visit', ['visit']),
  people: {
    visit: standing('household-confirmation', ['household']),
    household: standing('appraisal', ['meeting']),
    meeting: standing('notice-posting', ['posting']),
    posting: standing('notice', [], noticeEnd),
    investigation: standing('notice', ['decision'], noticeEnd),
    decision: standing('notice', [], noticeEnd),
    town: standing('filing-confirmation', ['confirmation']),
    confirmation: standing('filing', [], '2022-11-25T16:01:00.000Z'),
    health: standing('department-comparison', ['housing']),
    housing: standing('spot-check', ['check']),
    check: standing('announcement', ['announce']),
    announce: standing('leadership-filing', ['leaders']),
    leaders: standing('system-marking', ['mark']),
    mark: standing('city-report', [], '2022-12-05T16:01:00.000Z'),
  },
  functions: {
    'conclude-notice': inTurn(
      standing('notice', ['investigation'], noticeEnd),
      standing('town-verification', ['town']),
    ),
    'record-filing': inTurn(
      standing('filing', [], '2022-11-25T16:06:00.000Z'),
      standing('department-comparison', ['health', 'housing']),
    ),
    'record-city-report': inTurn(
      standing('city-report', [], '2022-12-06T16:00:00.000Z'),
      standing('reported'),
    ),
  },
});

const otherWays: Readonly<Record<string, Script & { readonly ends: string }>> = {
  'an objection that was upheld': {
    begins: standing('objection-follow-up', ['follow-up']),
    people: { 'follow-up': standing('superseded') },
    ends: 'RoundOver',
  },
  'a comparison that nobody has to answer': {
    begins: standing('department-comparison'),
    ends: 'StageUnknown',
  },
  'a department whose step is broken': {
    begins: standing('department-comparison', ['health']),
    functions: { 'await-step': broken },
    ends: 'NeedsAnOperator',
  },
};

describe('the release case', () => {
  test('goes the long way, and every step of it escalates before it is answered', async () => {
    const played = await playToTheEnd(longWay());
    expect(played.states().at(-1)).toBe('Reported');
    const order = ['WaitForNoticeEnd', 'ConcludeNotice', 'AwaitObjection', 'EscalateObjection'];
    order.push('AwaitTownVerification', 'AwaitFilingConfirmation', 'WaitForFilingCutOff', 'RecordFiling');
    order.push('CompareWithDepartments', 'AwaitSpotCheck', 'WaitForCityReport', 'RecordCityReport');
    const first = order.map((name) => played.states().indexOf(name));
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    const times = (name: string) => played.states().filter((state) => state === name).length;
    // Investigation and decision; the notice, the filing and the report looked at twice.
    expect(times('EscalateObjection')).toBe(2);
    expect(times('EscalateDepartmentAnswer')).toBe(2);
    expect(['ConcludeNotice', 'RecordFiling', 'RecordCityReport'].map(times)).toEqual([2, 2, 2]);
  });

  test.each(Object.entries(otherWays))('%s', async (_name, { ends, ...script }) => {
    expect((await playToTheEnd(script)).states().at(-1)).toBe(ends);
  });

  test('has no state that none of these ways enters', async () => {
    const entered = new Set<string>();
    for (const script of [longWay(), ...Object.values(otherWays)])
      for (const name of (await playToTheEnd(script)).states()) entered.add(name);
    expect([...entered].toSorted()).toEqual(statesOf(asl).toSorted());
  });
});
