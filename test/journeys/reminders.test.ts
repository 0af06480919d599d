import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shanghai } from '../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { askFor } from '../../local/demo/world.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { reportUpToNotice, seeInbox } from '../support/three-households/exits.ts';
import { decide, type Household, reportCandidate, seeCase } from '../support/three-households/steps.ts';

const slow: Household = { householdId: 'H-0001', group: '610302901201001' };
const doubted: Household = { householdId: 'H-0003', group: '610302901202001' };
const village = 'village-610302901201';
const villageLeader = 'village-leader-610302901201';
const town = 'town-610302901';

let embedded: EmbeddedWorld;
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

/** What an inbox shows of a case, or of the town's month. */
const seenOf = async (as: string, streamId: string) =>
  (await seeInbox(embedded.world, as))
    .filter(({ taskId }) => taskId.startsWith(`${streamId}.`))
    .map(({ step, kind, reminded, overdue }) =>
      [step, kind, reminded ? 'reminded' : '', overdue ? 'overdue' : '']
        .filter((word) => word !== '')
        .join(' '),
    );
const at = (day: string, time: string) => embedded.world.advanceTo(shanghai(day, time));

describe('a step that stays undone', () => {
  let caseNumber = '';
  const everybody = () => Promise.all([village, villageLeader, town].map((as) => seenOf(as, caseNumber)));

  test('is the village’s alone until the last working day before it is due, 09:00', async () => {
    caseNumber = await reportCandidate(embedded.world, slow);
    // Reported on Monday the 5th, five working days: the 10th to 12th are Mid-Autumn, so it is due on the 13th.
    await at('2022-09-09', '08:59');
    expect(await everybody()).toEqual([['home-visit to-decide'], [], []]);
    await at('2022-09-09', '09:00');
    expect(await everybody()).toEqual([['home-visit to-decide reminded'], [], []]);
  });

  test('is told to the village’s leader when its last day is over', async () => {
    await at('2022-09-13', '23:59');
    expect(await everybody()).toEqual([['home-visit to-decide reminded'], [], []]);
    await at('2022-09-14', '00:00');
    expect(await everybody()).toEqual([
      ['home-visit to-decide reminded overdue'],
      ['home-visit escalated overdue'],
      [],
    ]);
  });

  test('two working days later the level above is told as well', async () => {
    await at('2022-09-16', '23:59');
    expect(await seenOf(town, caseNumber)).toEqual([]);
    await at('2022-09-17', '00:00');
    expect(await everybody()).toEqual([
      ['home-visit to-decide reminded overdue'],
      ['home-visit escalated overdue'],
      ['home-visit escalated overdue'],
    ]);
  });

  test('once it is done nobody is told of it any more', async () => {
    const { world } = embedded;
    const evidence = [await uploadPhoto(world, village, caseNumber, 'visit')];
    await decide(world, caseNumber, village, {
      step: 'home-visit',
      outcome: 'eligible',
      evidence,
      record: '已入户。',
    });
    expect(await everybody()).toEqual([['household-confirmation to-decide'], [], []]);
  });
});

describe('a town’s month', () => {
  const month = 'F-610302901-2022-09';

  test('is in the town’s inbox from the last working day before the 25th, a Sunday, until it is filed', async () => {
    await at('2022-09-23', '08:59');
    expect(await seenOf(town, month)).toEqual([]);
    await at('2022-09-23', '09:00');
    expect(await seenOf(town, month)).toEqual(['filing-cut-off to-decide']);
    await at('2022-09-25', '23:59');
    expect(await seenOf(town, month)).toHaveLength(1);
    await at('2022-09-26', '00:00');
    expect(await seenOf(town, month)).toEqual([]);
  });
});

describe('two objections at once', () => {
  test('each escalates on its own day, whichever was filed first', async () => {
    const { world } = embedded;
    const { caseNumber, noticeId } = await reportUpToNotice(world, doubted);
    const object = (key: string) =>
      askFor(world, `/v1/notices/${noticeId}/objections`, {
        method: 'POST',
        key,
        body: { ground: 'measure-not-in-place', statement: '岗位没有落实。' },
      });
    await at('2022-09-26', '10:00');
    await object('the first');
    await at('2022-09-27', '10:00');
    await object('the second');
    // National Day: nobody looked by the 30th, and the seven days after it are none to work on.
    await at('2022-10-12', '00:00');
    const escalated = (await seeCase(world, caseNumber, 'auditor-1')).timeline
      .filter(({ type, data }) => type === 'step-escalated' && String(data['taskId']).includes('objection'))
      .map(({ at: instant, data }) => `${instant} ${String(data['taskId']).slice(-2)}`);
    expect(escalated.slice(0, 2)).toEqual(['2022-09-29T16:00:00.000Z o1', '2022-09-30T16:00:00.000Z o2']);
    expect(escalated.filter((one) => one.endsWith('o1')).length).toBeGreaterThan(1);
    expect(escalated.filter((one) => one.endsWith('o2')).length).toBeGreaterThan(1);
  });
});
