import { afterEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import { completeFiling, remindTown } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { readFilingStanding } from '../../shared/use-cases/monthly/read-standing.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import { getTask } from '../../shared/use-cases/tasks/get-task.ts';
import { listTasks } from '../../shared/use-cases/tasks/list-tasks.ts';
import { awaitStep, escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { bureau, person, townOfficer, village, villager } from '../support/release-people.ts';
import {
  codeOf,
  createVillageWorld,
  leaders,
  october,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

const inbox = async (who: PersonActor) =>
  (await listTasks(world, who, { limit: 50 })).tasks.map(({ step, kind, reminded, overdue }) => ({
    step,
    kind,
    reminded,
    overdue,
  }));

describe('a step that stays undone', () => {
  test('reminds who must do it, then tells their leader, then the level above', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    const taskId = await world.taskId(caseNumber, 'home-visit');
    // Reported on Tuesday the 20th: due on Tuesday the 27th, five working days later.
    world.passTo('2022-09-26 08:59');
    expect(await escalateStep(world, { taskId })).toEqual({ wakeAt: '2022-09-26T01:00:00.000Z' });
    expect(await inbox(villager)).toMatchObject([{ kind: 'to-decide', reminded: false }]);

    world.passTo('2022-09-26 09:00');
    expect(await escalateStep(world, { taskId })).toEqual({ wakeAt: '2022-09-27T16:00:00.000Z' });
    expect(await inbox(villager)).toMatchObject([{ kind: 'to-decide', reminded: true, overdue: false }]);
    expect(await inbox(leaders.village)).toEqual([]);

    world.passTo('2022-09-28 00:00');
    await escalateStep(world, { taskId });
    expect(await inbox(leaders.village)).toMatchObject([
      { step: 'home-visit', kind: 'escalated', overdue: true },
    ]);
    expect(await inbox(townOfficer)).toEqual([]);

    world.passTo('2022-10-01 00:00');
    await escalateStep(world, { taskId });
    expect(await inbox(townOfficer)).toMatchObject([{ step: 'home-visit', kind: 'escalated' }]);
    expect(taken(await getTask(world, leaders.village, taskId))).toMatchObject({
      yours: false,
      reminded: true,
      escalations: 2,
    });

    const visit = {
      step: 'home-visit',
      outcome: 'eligible',
      evidence: [await world.photo(caseNumber)],
      record: texts.visit,
    } as const;
    // Being told is not having to decide.
    expect(codeOf(await world.decide(caseNumber, leaders.village, visit))).toBe('task-not-yours');
    await world.did(caseNumber, villager, visit);
    for (const told of [leaders.village, townOfficer]) expect(await inbox(told)).toEqual([]);
  });

  test('is told upwards at once when nobody holds the office, and nothing is lost by a handover', async () => {
    world = await createVillageWorld();
    await world.registerPerson({ ...villager, offices: [] });
    const caseNumber = await world.open(1);
    const taskId = await world.taskId(caseNumber, 'home-visit');
    const waits = { taskId, token: 'token', enteredAt: world.clock.now(), retry: 0 };
    await awaitStep(world, waits);
    expect(await inbox(leaders.village)).toMatchObject([
      { step: 'home-visit', kind: 'escalated', overdue: false },
    ]);
    // A second token of the same wait tells nobody again.
    await awaitStep(world, { ...waits, token: 'newer', retry: 1 });
    expect((await world.state(caseNumber)).tasks).toMatchObject([{ escalations: 1 }]);

    const successor = person('successor', { role: 'village-officer', division: village });
    await world.registerPerson(successor);
    expect(await inbox(successor)).toMatchObject([{ step: 'home-visit', kind: 'to-decide' }]);
    await world.did(caseNumber, successor, {
      step: 'home-visit',
      outcome: 'eligible',
      evidence: [await world.photo(caseNumber, successor)],
      record: texts.visit,
    });
    expect(codeOf(await getTask(world, { ...villager, offices: [] }, taskId))).toBe('not-found');
  });

  test('is told upwards at once when its office falls vacant, and not while somebody else holds it too', async () => {
    world = await createVillageWorld();
    const colleague = person('colleague', { role: 'village-officer', division: village });
    await world.registerPerson(colleague);
    const caseNumber = await world.open(1);
    await world.registerPerson({ ...villager, offices: [] });
    expect(await inbox(leaders.village)).toEqual([]);
    await world.registerPerson({ ...colleague, offices: [] });
    expect(await inbox(leaders.village)).toMatchObject([{ step: 'home-visit', kind: 'escalated' }]);
    expect((await world.state(caseNumber)).tasks).toMatchObject([{ escalations: 1 }]);
  });

  test('passes over a leader whose office is vacant', async () => {
    world = await createVillageWorld();
    await world.registerPerson({ ...leaders.village, offices: [] });
    const taskId = await world.taskId(await world.open(1), 'home-visit');
    for (const day of ['2022-09-26 09:00', '2022-09-28 00:00']) {
      world.passTo(day);
      await escalateStep(world, { taskId });
    }
    expect(await inbox(townOfficer)).toMatchObject([{ step: 'home-visit', kind: 'escalated' }]);
  });
});

describe('the month of a town', () => {
  test('stands in its inbox from the last working day before the cut-off until it is filed', async () => {
    world = await createVillageWorld();
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    // The 25th is a Tuesday: the town is reminded on Monday the 24th, at nine.
    const before = { stage: 'before-reminder', waitUntil: '2022-10-24T01:00:00.000Z' };
    expect(await readFilingStanding(world, october)).toEqual(before);
    expect(await remindTown(world, october)).toEqual(before);
    world.passTo('2022-10-24 09:00');
    const open = { stage: 'open', waitUntil: '2022-10-25T16:00:00.000Z' };
    expect(await remindTown(world, october)).toEqual(open);
    expect(await remindTown(world, october)).toEqual(open);
    expect(await inbox(townOfficer)).toMatchObject([{ step: 'filing-cut-off', kind: 'to-decide' }]);

    const taskId = 'F-610302101-2022-10.filing-cut-off';
    expect(taken(await getTask(world, townOfficer, taskId))).toMatchObject({ status: 'open', yours: true });
    const input = { step: 'filing-confirmation', outcome: 'unchanged' } as const;
    expect(codeOf(await decideTask(world, townOfficer, { taskId, input }, world.key()))).toBe(
      'wrong-decision-for-step',
    );
    world.passTo('2022-10-26 00:00');
    await completeFiling(world, october);
    expect(await inbox(townOfficer)).toEqual([]);
    expect(taken(await getTask(world, bureau, taskId))).toMatchObject({ status: 'ended' });
  });

  test('is not reminded when the reminder was slept through', async () => {
    world = await createVillageWorld();
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    world.passTo('2022-10-26 00:00');
    expect(await remindTown(world, october)).toMatchObject({ stage: 'open' });
    expect(await inbox(townOfficer)).toEqual([]);
  });
});
