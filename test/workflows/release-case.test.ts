import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import { type CaseStanding, caseStages } from '../../workflows/release-case/signals.ts';
import { answers, at, breaks, type FunctionOfTheHouse, rehearse, theCase } from './runner/rehearsal.ts';

const asl: JsonObject = z
  .record(z.string(), z.json())
  .parse(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, '..', '..', 'workflows', 'release-case', 'release-case.asl.json'),
        'utf8',
      ),
    ),
  );

const later = '2022-10-20T00:00:00.000Z';
const standing = (
  stage: CaseStanding['stage'],
  tasks: readonly string[] = [],
  waitUntil: string | null = null,
): CaseStanding => ({ stage, tasks: tasks.map((taskId) => ({ taskId, wakeAt: later })), waitUntil });

const asked = z.looseObject({ taskId: z.string(), token: z.string() });
const input = { caseNumber: 'R-610302-2022-000123', round: 1, attempt: 1 };

/** A case whose ledger answers what it is told to, and whose people answer by `decide`. */
const play = (
  begins: CaseStanding,
  functions: Readonly<Record<string, FunctionOfTheHouse>> = {},
  definition: JsonObject = asl,
) => {
  const waiting = new Map<string, string>();
  const awaitStep: FunctionOfTheHouse = (payload) => {
    const { taskId, token } = asked.parse(payload);
    waiting.set(taskId, token);
    return answers(null);
  };
  const rehearsal = rehearse(definition, {
    'read-case-standing': () => answers(begins),
    'await-step': awaitStep,
    ...functions,
  });
  return {
    ...rehearsal,
    waiting,
    start: () => rehearsal.start(input),
    decide: async (taskId: string, result: CaseStanding) => {
      const token = waiting.get(taskId) ?? '';
      expect(await rehearsal.runner.signals.succeed(token, result)).toBe('delivered');
      await rehearsal.runner.runReady();
    },
    status: () => rehearsal.runner.describe(theCase)?.status,
    now: () => rehearsal.runner.describe(theCase)?.states.map(({ name }) => name) ?? [],
  };
};

const inTurn = (...given: readonly Json[]): FunctionOfTheHouse => {
  const left = [...given];
  return () => answers(left.shift() ?? null);
};

describe('the straight case', () => {
  const begin = standing('home-visit', ['visit']);
  const walk = async () => {
    const played = play(begin, {
      'conclude-notice': inTurn(standing('town-verification', ['town'])),
      'record-filing': inTurn(standing('department-comparison', ['health', 'housing'])),
      'record-city-report': inTurn(standing('reported')),
    });
    await played.start();
    await played.decide('visit', standing('household-confirmation', ['household']));
    await played.decide('household', standing('appraisal', ['meeting']));
    await played.decide('meeting', standing('notice-posting', ['posting']));
    await played.decide('posting', standing('notice', [], '2022-10-08T16:00:00.000Z'));
    await played.passTo(at('2022-10-08T16:00:00.000Z'));
    await played.decide('town', standing('filing', [], '2022-10-25T16:01:00.000Z'));
    await played.passTo(at('2022-10-25T16:01:00.000Z'));
    return played;
  };
  const finish = async (played: Awaited<ReturnType<typeof walk>>) => {
    await played.decide('housing', standing('department-comparison', ['health']));
    await played.decide('health', standing('spot-check', ['check']));
    await played.decide('check', standing('announcement', ['announce']));
    await played.decide('announce', standing('leadership-filing', ['leaders']));
    await played.decide('leaders', standing('system-marking', ['mark']));
    await played.decide('mark', standing('city-report', [], '2022-11-05T16:01:00.000Z'));
    await played.passTo(at('2022-11-05T16:01:00.000Z'));
  };

  test('goes from the home visit to the city report', async () => {
    const played = await walk();
    await finish(played);
    expect(played.status()).toBe('succeeded');
    expect(played.states().at(-1)).toBe('Reported');
  });

  test('makes at most half as many transitions again as it has steps, timers, effects and branches', async () => {
    const played = await walk();
    await finish(played);
    const humanSteps = 9 + 2;
    const [timers, effects, branches] = [3, 4, 2];
    expect(played.states().length).toBeLessThanOrEqual(1.5 * (humanSteps + timers + effects + branches));
  });

  test('asks every function with the names of the round only', async () => {
    const played = await walk();
    await finish(played);
    for (const { name, payload } of played.calls)
      if (name !== 'await-step')
        expect(payload).toEqual({ caseNumber: input.caseNumber, round: input.round });
  });
});

describe('a new attempt begins where the ledger stands', () => {
  const day = '2022-12-01T00:00:00.000Z';
  const expected: Readonly<Record<CaseStanding['stage'], string>> = {
    request: 'AwaitRequest',
    'home-visit': 'AwaitHomeVisit',
    'household-confirmation': 'AwaitHouseholdConfirmation',
    appraisal: 'AwaitAppraisal',
    'notice-posting': 'AwaitNoticePosting',
    notice: 'WaitForNoticeEnd',
    'objection-follow-up': 'AwaitObjectionFollowUp',
    'town-verification': 'AwaitTownVerification',
    'filing-confirmation': 'AwaitFilingConfirmation',
    filing: 'WaitForFilingCutOff',
    'department-comparison': 'AwaitDepartmentAnswer',
    'spot-check': 'AwaitSpotCheck',
    announcement: 'AwaitAnnouncement',
    'leadership-filing': 'AwaitLeadershipFiling',
    'system-marking': 'AwaitSystemMarking',
    'city-report': 'WaitForCityReport',
    reported: 'Reported',
    adjustment: 'AwaitAdjustment',
    're-report': 'AwaitReReport',
    paused: 'AwaitPauseFollowUp',
    closed: 'RoundOver',
    superseded: 'RoundOver',
  };
  const waitsForDay = new Set(['notice', 'filing', 'city-report']);
  const over = new Set(['reported', 'closed', 'superseded']);

  test.each(caseStages)('%s', async (stage) => {
    const tasks = waitsForDay.has(stage) || over.has(stage) ? [] : ['open'];
    const played = play(standing(stage, tasks, waitsForDay.has(stage) ? day : null));
    await played.start();
    expect(played.states().at(-1)).toBe(expected[stage]);
    expect(played.status()).toBe(over.has(stage) ? 'succeeded' : 'running');
    expect(played.states().length).toBeLessThanOrEqual(4);
  });

  test('a notice that an objection holds', async () => {
    const played = play(standing('notice', ['investigation'], day));
    await played.start();
    expect(played.states().at(-1)).toBe('AwaitObjection');
  });

  test.each([
    ['a stage that nobody knows', { stage: 'elsewhere', tasks: [], waitUntil: null }],
    ['a comparison that nobody has to answer', standing('department-comparison')],
  ])('%s stops where an operator sees it', async (_what, stand) => {
    const played = play(standing('closed'), { 'read-case-standing': () => answers(stand) });
    await played.start();
    expect(played.runner.describe(theCase)).toMatchObject({
      status: 'failed',
      error: 'stage-unknown',
      cause: `nothing in this workflow acts on the stage ${stand.stage}`,
    });
  });
});

describe('an objection', () => {
  test('holds the notice until it is investigated and decided, and the period is over', async () => {
    const end = '2022-10-08T16:00:00.000Z';
    const played = play(standing('notice', ['investigation'], end), {
      'conclude-notice': inTurn(standing('town-verification', ['town'])),
    });
    await played.start();
    await played.decide('investigation', standing('notice', ['decision'], end));
    expect(played.now()).toEqual(['AwaitObjection']);
    await played.decide('decision', standing('notice', [], end));
    expect(played.now()).toEqual(['WaitForNoticeEnd']);
    await played.passTo(at(end));
    expect(played.now()).toEqual(['AwaitTownVerification']);
  });

  test('that is undecided at the end of the period lets the notice pass only after its dismissal', async () => {
    const end = '2022-10-08T16:00:00.000Z';
    const played = play(standing('notice', [], end), {
      'conclude-notice': inTurn(
        standing('notice', ['investigation'], end),
        standing('town-verification', ['town']),
      ),
    });
    await played.start();
    await played.passTo(at(end));
    await played.decide('investigation', standing('notice', ['decision'], end));
    await played.decide('decision', standing('notice', [], end));
    expect(played.now()).toEqual(['AwaitTownVerification']);
  });

  test('after its follow-up the round is over, whatever was decided', async () => {
    for (const stage of ['closed', 'superseded'] as const) {
      const played = play(standing('objection-follow-up', ['follow-up']));
      await played.start();
      await played.decide('follow-up', standing(stage));
      expect([played.status(), played.states().at(-1)]).toEqual(['succeeded', 'RoundOver']);
    }
  });
});

describe('the monthly filing', () => {
  test('an approval after the cut-off is confirmed again before it is filed, as often as it is missed', async () => {
    const played = play(standing('town-verification', ['town']));
    await played.start();
    await played.decide('town', standing('filing-confirmation', ['confirm']));
    await played.decide('confirm', standing('filing-confirmation', ['confirm-again']));
    await played.decide('confirm-again', standing('filing', [], later));
    expect(played.now()).toEqual(['WaitForFilingCutOff']);
  });

  test('a case that wakes before its town has closed the month looks again later', async () => {
    const played = play(standing('filing', [], '2022-10-25T16:00:00.000Z'), {
      'record-filing': inTurn(
        standing('filing', [], '2022-10-25T16:05:00.000Z'),
        standing('department-comparison', ['health']),
      ),
    });
    await played.start();
    await played.passTo(at('2022-10-25T16:04:00.000Z'));
    expect(played.now()).toEqual(['WaitForFilingCutOff']);
    await played.passTo(at('2022-10-25T16:05:00.000Z'));
    expect(played.now()).toContain('AwaitDepartmentAnswer');
  });

  test('a report that nobody has signed is looked at again the next day', async () => {
    const played = play(standing('city-report', [], '2022-11-05T16:00:00.000Z'), {
      'record-city-report': inTurn(
        standing('city-report', [], '2022-11-06T16:00:00.000Z'),
        standing('reported'),
      ),
    });
    await played.start();
    await played.passTo(at('2022-11-05T16:00:00.000Z'));
    expect(played.now()).toEqual(['WaitForCityReport']);
    await played.passTo(at('2022-11-06T16:00:00.000Z'));
    expect(played.status()).toBe('succeeded');
  });
});

describe('the departments', () => {
  test('are waited for together, and the last answer leads on', async () => {
    const played = play(standing('department-comparison', ['health', 'housing', 'education']));
    await played.start();
    expect(played.now().filter((name) => name === 'AwaitDepartmentAnswer')).toHaveLength(3);
    await played.decide('education', standing('department-comparison', ['health', 'housing']));
    await played.decide('health', standing('department-comparison', ['housing']));
    await played.decide('housing', standing('spot-check', ['check']));
    expect(played.now()).toEqual(['AwaitSpotCheck']);
    expect([...played.waiting.keys()]).toContain('check');
  });

  test('a comparison of which none brought the last answer asks the ledger', async () => {
    const reads = inTurn(standing('department-comparison', ['health']), standing('spot-check', ['check']));
    const played = play(standing('closed'), { 'read-case-standing': reads });
    await played.start();
    await played.decide('health', standing('department-comparison'));
    expect(played.now()).toEqual(['AwaitSpotCheck']);
  });

  test('one that lets the day pass is reminded alone', async () => {
    const played = play(
      {
        stage: 'department-comparison',
        tasks: [
          { taskId: 'health', wakeAt: '2022-10-01T00:00:00.000Z' },
          { taskId: 'housing', wakeAt: later },
        ],
        waitUntil: null,
      },
      { 'escalate-step': inTurn({ wakeAt: '2022-10-03T00:00:00.000Z' }) },
    );
    await played.start();
    const first = played.waiting.get('health');
    await played.passTo(at('2022-10-02T00:00:00.000Z'));
    expect(played.calls.filter(({ name }) => name === 'escalate-step')).toEqual([
      { name: 'escalate-step', payload: { taskId: 'health' } },
    ]);
    expect(played.waiting.get('health')).not.toBe(first);
    await played.decide('health', standing('department-comparison', ['housing']));
    await played.decide('housing', standing('spot-check', ['check']));
    expect(played.now()).toEqual(['AwaitSpotCheck']);
  });
});

describe('a person who does not answer', () => {
  test('is escalated and waited for again, with the later day, for ever', async () => {
    const days = ['2022-10-21', '2022-10-22', '2022-10-23'].map((day) => `${day}T00:00:00.000Z`);
    const played = play(standing('appraisal', ['meeting', 'beside']), {
      'escalate-step': inTurn(...days.map((wakeAt) => ({ wakeAt }))),
    });
    await played.start();
    await played.passTo(at('2022-10-22T12:00:00.000Z'));
    expect(played.states().filter((name) => name === 'EscalateAppraisal')).toHaveLength(3);
    const { states } = played.runner.describe(theCase) ?? { states: [] };
    expect(states).toMatchObject([{ name: 'AwaitAppraisal', dueAt: '2022-10-23T00:00:00.000Z' }]);
    await played.decide('meeting', standing('notice-posting', ['posting']));
    expect(played.now()).toEqual(['AwaitNoticePosting']);
  });

  test('whose day is over already is given a second, not refused', async () => {
    const played = play(
      {
        stage: 'appraisal',
        tasks: [{ taskId: 'meeting', wakeAt: '2022-01-01T00:00:00.000Z' }],
        waitUntil: null,
      },
      { 'escalate-step': inTurn({ wakeAt: later }) },
    );
    await played.start();
    await played.passTo(at('2022-09-28T01:00:01.000Z'));
    expect(played.states()).toContain('EscalateAppraisal');
    expect(played.now()).toEqual(['AwaitAppraisal']);
  });
});

describe('what goes wrong', () => {
  test('a function that fails for a while is called again', async () => {
    let failures = 4;
    const played = play(standing('closed'), {
      'read-case-standing': () => {
        failures -= 1;
        return failures < 0 ? answers(standing('home-visit', ['visit'])) : breaks('Lambda.ServiceException');
      },
    });
    await played.start();
    await played.passTo(at('2022-09-28T01:30:00.000Z'));
    expect(played.now()).toEqual(['AwaitHomeVisit']);
  });

  test('one that fails for good ends where an operator sees it, without a word of what it was given', async () => {
    const played = play(standing('notice', [], '2022-09-29T00:00:00.000Z'), {
      'conclude-notice': () => breaks('TypeError', '王小明 610302199001011234'),
    });
    await played.start();
    await played.passTo(at('2022-09-29T03:00:00.000Z'));
    const ended = played.runner.describe(theCase);
    expect(ended).toMatchObject({ status: 'failed', error: 'TypeError' });
    expect(ended?.cause).toMatch(/^ConcludeNotice could not be carried out/);
    expect(JSON.stringify(ended)).not.toMatch(/王小明|610302199/);
  });

  test('an answer that a step did not expect is not lost: the execution ends where an operator sees it', async () => {
    const played = play(standing('home-visit', ['visit']));
    await played.start();
    await played.decide('visit', standing('closed'));
    expect(played.runner.describe(theCase)).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(/^AwaitHouseholdConfirmation /),
    });
  });

  test('a department whose step fails for good stops the comparison in the open', async () => {
    const played = play(standing('department-comparison', ['health', 'housing']), {
      'await-step': () => breaks('Lambda.ServiceException'),
    });
    await played.start();
    await played.passTo(at('2022-09-28T04:00:00.000Z'));
    expect(played.runner.describe(theCase)).toMatchObject({ status: 'failed' });
    expect(played.states().at(-1)).toBe('NeedsAnOperator');
  });
});
