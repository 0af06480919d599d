import { describe, expect, test } from 'vitest';
import { schedulerCron } from '../../infra/constructs/timer.ts';
import { stageSettings } from '../../infra/stages.ts';
import { production } from './templates.ts';

const settings = (context: Readonly<Record<string, unknown>>) => stageSettings((name) => context[name]);

describe('a stage', () => {
  test('is a rehearsal unless another is named: it can be deployed as it is, and taken away', () => {
    expect(settings({})).toMatchObject({
      stage: 'rehearsal',
      partition: 'aws',
      district: '610302',
      deletionProtection: false,
      removalPolicy: 'destroy',
    });
  });

  test('production keeps what it holds, and says who signs people in', () => {
    expect(settings(production)).toMatchObject({
      issuer: production.issuer,
      audience: production.audience,
      deletionProtection: true,
      removalPolicy: 'retain-on-update-or-delete',
      logLevel: 'INFO',
    });
  });

  test('production without its settings is told all of them at once', () => {
    expect(() => settings({ stage: 'production' })).toThrow(
      /production needs -c district.*issuer.*audience.*registrar.*origin.*alarmEmail/s,
    );
  });

  test('production in which nobody would hear the alarms is refused; a rehearsal is not', () => {
    const { alarmEmail, ...unheard } = production;
    expect(settings(production).alarmEmail).toBe(alarmEmail);
    expect(() => settings(unheard)).toThrow(
      'stage production cannot be built:\n- production needs -c alarmEmail=…',
    );
    expect(settings({ ...unheard, stage: 'rehearsal' })).not.toHaveProperty('alarmEmail');
  });

  test.each([
    ['a district that is no code', { district: '6103' }, /district is not well-formed/],
    ['a stage name that no resource can bear', { stage: 'My Stage' }, /stage is not well-formed/],
    [
      'an issuer that anybody on the way can be',
      { issuer: 'http://identity.example' },
      /issuer must be https/,
    ],
    ['a region of the other partition', { partition: 'aws-cn', region: 'eu-west-1' }, /not in partition/],
    ['an address that is none', { alarmEmail: 'nobody' }, /alarmEmail is not well-formed/],
  ])('%s is refused before anything is built', (_what, context, reason) => {
    expect(() => settings(context)).toThrow(reason);
  });

  test('a rehearsal may talk to an issuer on the same machine, production may not', () => {
    const issuer = 'http://127.0.0.1:9000';
    expect(settings({ issuer }).issuer).toBe(issuer);
    expect(() => settings({ ...production, issuer })).toThrow(/issuer must be https/);
  });

  test('a Chinese region is in the Chinese partition, and that partition has a region of its own', () => {
    expect(settings({ region: 'cn-north-1' })).toMatchObject({ partition: 'aws-cn', region: 'cn-north-1' });
    expect(settings({ partition: 'aws-cn' })).toMatchObject({ region: 'cn-northwest-1' });
  });

  test('a number in a context file is taken for the text that it is', () => {
    expect(settings({ district: 610302 }).district).toBe('610302');
  });
});

describe('the clock of a timer', () => {
  test.each([
    ['0 0 1 * *', 'cron(0 0 1 * ? *)'],
    ['30 3 * * *', 'cron(30 3 * * ? *)'],
    ['0 8 * * 1', 'cron(0 8 ? * 2 *)'],
    ['0 8 * * 1-5', 'cron(0 8 ? * 2-6 *)'],
    ['0 8 * * 0', 'cron(0 8 ? * 1 *)'],
    ['0 8 * * 7', 'cron(0 8 ? * 1 *)'],
  ])('%s is %s to the scheduler', (unix, scheduler) => {
    expect(schedulerCron(unix)).toBe(scheduler);
  });

  test.each(['0 0 1 * 1', '0 0 1 *', '@daily', '0 0 L * *'])('%s is refused, not guessed', (unix) => {
    expect(() => schedulerCron(unix)).toThrow();
  });
});
