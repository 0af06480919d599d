import { describe, expect, test } from 'vitest';
import { type CaseStanding, caseStages } from '../../workflows/release-case/signals.ts';
import { input, inTurn, later, play, standing } from './played-case.ts';
import { answers, at, theCase } from './runner/rehearsal.ts';

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
    const [timers, effects] = [3, 4];
    // Each of these can end in more than one way; only the posting, the two papers after the announcement and the
    // single answer of a department lead on alone.
    const severalWays = [
      'the ledger was read',
      'eligible or not',
      'confirmed or refused',
      'passed or not',
      'the notice passed or is held',
      'filed now, confirmed first, or returned',
      'filed or not yet closed',
      'all implemented or not',
      'confirmed or failed',
      'announced or returned',
      'reported or not yet signed',
    ];
    const branched = played.states().filter((name) => name === 'WhereDoesTheCaseStand').length;
    expect(branched).toBe(severalWays.length);
    expect(played.states().length).toBeLessThanOrEqual(1.5 * (humanSteps + timers + effects + branched));
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
    ['an adjustment that nobody has to make', standing('adjustment')],
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

  test('looked at in vain asks the ledger, which may have another one to look at earlier', async () => {
    const end = '2022-10-08T16:00:00.000Z';
    const reads = inTurn(
      {
        stage: 'notice',
        tasks: [
          { taskId: 'first', wakeAt: '2022-09-29T00:00:00.000Z' },
          { taskId: 'second', wakeAt: '2022-09-30T00:00:00.000Z' },
        ],
        waitUntil: end,
      },
      {
        stage: 'notice',
        tasks: [
          { taskId: 'second', wakeAt: '2022-09-30T00:00:00.000Z' },
          { taskId: 'first', wakeAt: '2022-10-09T00:00:00.000Z' },
        ],
        waitUntil: end,
      },
      standing('notice', ['first', 'second'], end),
    );
    const looked = inTurn({ wakeAt: '2022-10-09T00:00:00.000Z' }, { wakeAt: later });
    const played = play(standing('closed'), { 'read-case-standing': reads, 'escalate-step': looked });
    await played.start();
    await played.passTo(at('2022-09-30T12:00:00.000Z'));
    expect(played.calls.filter(({ name }) => name === 'escalate-step').map(({ payload }) => payload)).toEqual(
      [{ taskId: 'first' }, { taskId: 'second' }],
    );
    expect(played.now()).toEqual(['AwaitObjection']);
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
