import { describe, expect, test } from 'vitest';
import { inTurn, later, play, standing } from './played-case.ts';
import { at } from './runner/rehearsal.ts';

describe('a case that does not go straight on', () => {
  const ends = [
    ['a request that is declined', 'request', 'closed'],
    ['a candidate that is not eligible', 'home-visit', 'closed'],
    ['a household that refuses', 'household-confirmation', 'closed'],
    ['an appraisal that is not passed', 'appraisal', 'closed'],
    ['a new report after a return', 're-report', 'superseded'],
    ['a restart after a pause', 'paused', 'superseded'],
  ] as const;
  test.each(ends)('%s ends its execution', async (_what, stage, next) => {
    const played = play(standing(stage, ['task']));
    await played.start();
    await played.decide('task', standing(next));
    expect([played.status(), played.states().at(-1)]).toEqual(['succeeded', 'RoundOver']);
  });

  test('a request that is taken up goes on in the same execution', async () => {
    const played = play(standing('request', ['answer']));
    await played.start();
    await played.decide('answer', standing('home-visit', ['visit']));
    expect(played.now()).toEqual(['AwaitHomeVisit']);
  });

  const returning = [
    ['town-verification', 'AwaitTownVerification'],
    ['filing-confirmation', 'AwaitFilingConfirmation'],
    ['spot-check', 'AwaitSpotCheck'],
    ['announcement', 'AwaitAnnouncement'],
  ] as const;
  test.each(returning)('returned at %s, everybody adjusts at the same time', async (stage, waits) => {
    const played = play(standing(stage, ['decide']));
    await played.start();
    expect(played.now()).toEqual([waits]);
    await played.decide('decide', standing('adjustment', ['village', 'health']));
    expect(played.now().filter((name) => name === 'AwaitAdjustment')).toHaveLength(2);
    await played.decide('health', standing('adjustment', ['village']));
    await played.decide('village', standing('re-report', ['report']));
    expect(played.now()).toEqual(['AwaitReReport']);
  });

  test('departments that did not implement send it back once all of them have answered', async () => {
    const played = play(standing('department-comparison', ['health', 'housing']));
    await played.start();
    await played.decide('health', standing('department-comparison', ['housing']));
    expect(played.now()).toContain('AwaitDepartmentAnswer');
    await played.decide('housing', standing('adjustment', ['village', 'health-adjusts']));
    expect(played.now().filter((name) => name === 'AwaitAdjustment')).toHaveLength(2);
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
