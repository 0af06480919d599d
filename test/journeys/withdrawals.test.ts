import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shanghai } from '../../local/demo/legal-day.ts';
import { askFor } from '../../local/demo/world.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { executionsOf } from '../support/executions-of.ts';
import { reportUpToNotice, seeInbox, withdrawCase } from '../support/three-households/exits.ts';
import {
  type Household,
  reportCandidate,
  untilStage,
  verifyOnSite,
} from '../support/three-households/steps.ts';

const first: Household = { householdId: 'H-0001', group: '610302901201001' };
const second: Household = { householdId: 'H-0002', group: '610302901201001' };
const third: Household = { householdId: 'H-0004', group: '610302901201002' };
const fourth: Household = { householdId: 'H-0008', group: '610302901201002' };
const as = 'auditor-1';

let embedded: EmbeddedWorld;
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

type FilingSeen = {
  readonly filings: readonly { readonly caseNumbers: readonly string[] }[];
  readonly waiting: readonly string[];
};
const september = (): Promise<FilingSeen> =>
  askFor(embedded.world, '/v1/filings/610302901/2022-09', { as: 'bureau-1' });

describe('withdrawn', () => {
  const withdrawn: string[] = [];
  const isOver = async (caseNumber: string) => {
    withdrawn.push(caseNumber);
    expect(await untilStage(embedded.world, caseNumber, as, 'closed')).toMatchObject({ tasks: [] });
    expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 aborted case-withdrawn']);
  };

  test('by the household at the visit', async () => {
    const caseNumber = await reportCandidate(embedded.world, first);
    await withdrawCase(embedded.world, caseNumber, 'home-H-0001');
    await isOver(caseNumber);
  });

  test('while its notice hangs, which is taken from the board', async () => {
    const { caseNumber, noticeId } = await reportUpToNotice(embedded.world, second);
    const board = async () => {
      const { notices } = await askFor<{ notices: { noticeId: string; status: string }[] }>(
        embedded.world,
        '/v1/notices',
        {},
      );
      return notices.find((notice) => notice.noticeId === noticeId);
    };
    expect(await board()).toBeDefined();
    await withdrawCase(embedded.world, caseNumber, 'home-H-0002');
    await isOver(caseNumber);
    expect((await board())?.status).not.toBe('running');
  });

  test('by the bureau while it waits to be filed: the town’s month no longer lists it', async () => {
    const { world } = embedded;
    const { caseNumber } = await reportUpToNotice(world, third);
    const other = await reportUpToNotice(world, fourth);
    await world.advanceTo(shanghai('2022-09-14'));
    await verifyOnSite(world, third, caseNumber);
    await verifyOnSite(world, fourth, other.caseNumber);
    expect((await september()).waiting.toSorted()).toEqual([caseNumber, other.caseNumber].toSorted());
    await withdrawCase(world, caseNumber, 'bureau-1');
    await isOver(caseNumber);
    expect((await september()).waiting).toEqual([other.caseNumber]);
    await world.advanceTo(shanghai('2022-09-26'));
    expect((await september()).filings.flatMap(({ caseNumbers }) => caseNumbers)).toEqual([other.caseNumber]);
    await untilStage(world, other.caseNumber, as, 'department-comparison');
    await withdrawCase(world, other.caseNumber, 'home-H-0008');
    await isOver(other.caseNumber);
  });

  test('it stays over: nothing is started for it again, and nobody is asked about it', async () => {
    const { world, machine } = embedded;
    await world.advanceTo(shanghai('2022-11-08'));
    await machine.runTimer('reconcile-workflows');
    expect(withdrawn).toHaveLength(4);
    for (const caseNumber of withdrawn)
      expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 aborted case-withdrawn']);
    for (const inbox of ['village-610302901201', 'village-leader-610302901201', 'department-health'])
      expect(await seeInbox(world, inbox)).toEqual([]);
  });
});
