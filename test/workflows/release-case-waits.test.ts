import { describe, expect, test } from 'vitest';
import { inTurn, later, play, standing } from './played-case.ts';
import { answers, at, breaks, theCase } from './runner/rehearsal.ts';

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
    const played = play(standing('leadership-filing', ['leaders']));
    await played.start();
    await played.decide('leaders', standing('closed'));
    expect(played.runner.describe(theCase)).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(/^AwaitSystemMarking /),
    });
  });

  test.each(['department-comparison', 'adjustment'] as const)(
    'one of several steps of %s that fails for good stops all of them in the open',
    async (stage) => {
      const played = play(standing(stage, ['health', 'housing']), {
        'await-step': () => breaks('Lambda.ServiceException'),
      });
      await played.start();
      await played.passTo(at('2022-09-28T04:00:00.000Z'));
      expect(played.runner.describe(theCase)).toMatchObject({ status: 'failed' });
      expect(played.states().at(-1)).toBe('NeedsAnOperator');
    },
  );
});
