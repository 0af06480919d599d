import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import { answers, at, type FunctionOfTheHouse, rehearse, theCase, tokenKeeper } from './runner/rehearsal.ts';

const definition = (name: string): JsonObject =>
  z
    .record(z.string(), z.json())
    .parse(
      JSON.parse(
        readFileSync(join(import.meta.dirname, '..', '..', 'workflows', name, `${name}.asl.json`), 'utf8'),
      ),
    );
const inTurn = (...given: readonly Json[]): FunctionOfTheHouse => {
  const left = [...given];
  return () => answers(left.shift() ?? null);
};
const cutOff = '2022-10-25T16:00:00.000Z';

describe('the monthly filing', () => {
  const input = { town: '610302101', month: '2022-10', attempt: 1 };
  const open = (waitUntil: string) => ({ stage: 'open', waitUntil });
  const completed = { stage: 'completed', waitUntil: null };

  test('waits for the cut-off and completes the month', async () => {
    const played = rehearse(definition('monthly-filing'), {
      'read-filing-standing': inTurn(open(cutOff)),
      'complete-filing': inTurn(completed),
    });
    await played.start(input);
    expect(played.calls).toHaveLength(1);
    await played.passTo(at(cutOff));
    expect(played.calls).toEqual([
      { name: 'read-filing-standing', payload: { town: input.town, month: input.month } },
      { name: 'complete-filing', payload: { town: input.town, month: input.month } },
    ]);
    expect(played.states().at(-1)).toBe('Completed');
  });

  test('reminds the town once in time, and waits on for the cut-off', async () => {
    const played = rehearse(definition('monthly-filing'), {
      'read-filing-standing': inTurn({ stage: 'before-reminder', waitUntil: '2022-10-24T01:00:00.000Z' }),
      'remind-town': inTurn(open(cutOff)),
      'complete-filing': inTurn(completed),
    });
    await played.start(input);
    await played.passTo(at('2022-10-24T00:59:59.000Z'));
    expect(played.calls.map(({ name }) => name)).toEqual(['read-filing-standing']);
    await played.passTo(at('2022-10-24T01:00:00.000Z'));
    expect(played.calls.at(-1)).toEqual({
      name: 'remind-town',
      payload: { town: input.town, month: input.month },
    });
    expect(played.states().at(-1)).toBe('WaitForFilingCutOff');
    await played.passTo(at(cutOff));
    expect(played.states().at(-1)).toBe('Completed');
  });

  test('that was completed before its reminder ends at the look', async () => {
    const played = rehearse(definition('monthly-filing'), {
      'read-filing-standing': inTurn({ stage: 'before-reminder', waitUntil: '2022-10-24T01:00:00.000Z' }),
      'remind-town': inTurn(completed),
    });
    await played.start(input);
    await played.passTo(at('2022-10-24T01:00:00.000Z'));
    expect(played.states().at(-1)).toBe('Completed');
  });

  test('that woke too early waits again', async () => {
    const played = rehearse(definition('monthly-filing'), {
      'read-filing-standing': inTurn(open('2022-10-25T15:59:59.000Z')),
      'complete-filing': inTurn(open(cutOff), completed),
    });
    await played.start(input);
    await played.passTo(at('2022-10-25T15:59:59.500Z'));
    expect(played.states().at(-1)).toBe('WaitForFilingCutOff');
    await played.passTo(at(cutOff));
    expect(played.runner.describe(theCase)?.status).toBe('succeeded');
  });

  test('that is complete already ends at once', async () => {
    const played = rehearse(definition('monthly-filing'), { 'read-filing-standing': inTurn(completed) });
    await played.start(input);
    expect(played.states()).toEqual(['ReadFilingStanding', 'IsTheMonthFiled', 'Completed']);
  });

  test('that stands elsewhere stops where an operator sees it', async () => {
    const played = rehearse(definition('monthly-filing'), {
      'read-filing-standing': inTurn({ stage: 'lost', waitUntil: null }),
    });
    await played.start(input);
    expect(played.runner.describe(theCase)).toMatchObject({ status: 'failed', error: 'stage-unknown' });
  });
});

describe('the city report', () => {
  const input = { district: '610302', month: '2022-10', attempt: 1 };
  const unsigned = { stage: 'signature', tasks: [{ taskId: 'sign', wakeAt: '2022-11-05T16:00:00.000Z' }] };
  const signed = { stage: 'signed', tasks: [] };

  test('waits for its signature, past the 5th and for as long as it takes', async () => {
    const { keep, newest } = tokenKeeper();
    const played = rehearse(definition('city-report'), {
      'read-city-report-standing': inTurn(unsigned),
      'await-step': keep,
      'escalate-step': inTurn({ wakeAt: '2022-11-06T16:00:00.000Z' }, { wakeAt: '2022-11-07T16:00:00.000Z' }),
    });
    await played.start(input);
    await played.passTo(at('2022-11-07T00:00:00.000Z'));
    expect(played.states().filter((name) => name === 'EscalateSignature')).toHaveLength(2);
    await played.runner.signals.succeed(newest(), signed);
    await played.runner.runReady();
    expect(played.states().at(-1)).toBe('Signed');
    expect(played.calls[0]?.payload).toEqual({ district: input.district, month: input.month });
  });

  test('that is signed already ends at once', async () => {
    const played = rehearse(definition('city-report'), { 'read-city-report-standing': inTurn(signed) });
    await played.start(input);
    expect(played.states().at(-1)).toBe('Signed');
  });
});
