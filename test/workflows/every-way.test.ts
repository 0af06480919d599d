import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AslDocument } from '../../local/workflow-runner/runner.ts';
import type { JsonObject } from '../../shared/ports/record-store.ts';
import type { StateMachineName } from '../../workflows/state-machines.ts';
import { type Rehearsal, theCase } from './runner/rehearsal.ts';
import { type Fault, playWalk, type Walk, walks } from './walks.ts';
import { markWays, walked } from './ways.ts';

const inputs: Readonly<Record<StateMachineName, JsonObject>> = {
  'release-case': { caseNumber: 'R-610302-2022-000123', round: 1, attempt: 1 },
  'monthly-filing': { town: '610302101', month: '2022-10', attempt: 1 },
  'city-report': { district: '610302', month: '2022-10', attempt: 1 },
};
const names = Object.keys(inputs) as StateMachineName[];

const committed = (name: StateMachineName): AslDocument =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'workflows', name, `${name}.asl.json`), 'utf8'),
  ) as AslDocument;

describe.each(names)('%s', (name) => {
  const { document, ways, tasks } = markWays(committed(name));
  const taken = new Set<string>();
  const ownWalks = Object.entries(walks[name]);

  const play = async (walk: Walk, fault?: Fault): Promise<Rehearsal> => {
    const played = await playWalk(document, inputs[name], walk, fault);
    for (const way of walked(played)) taken.add(way);
    return played;
  };
  /** The walks that come to a state, by the state. */
  const comingTo = new Map<string, Walk>();

  test.each(ownWalks)('%s', async (_walk, walk) => {
    const played = await play(walk);
    expect(played.states().at(-1)).toBe(walk.ends);
    for (const state of played.states()) if (!comingTo.has(state)) comingTo.set(state, walk);
  });

  test.each(
    tasks.flatMap((at): Fault[] => [
      { at, how: 'breaks' },
      ...(at.timeoutSeconds === undefined ? [] : [{ at, how: 'too-slow' } as const]),
    ]),
  )('$at.name $how for good, and ends where an operator sees it', async (fault) => {
    const walk = comingTo.get(fault.at.name);
    if (walk === undefined) throw new Error(`no walk comes to ${fault.at.name}`);
    const played = await play(walk, fault);
    expect(played.runner.describe(theCase)).toMatchObject({
      status: 'failed',
      error: fault.how === 'breaks' ? 'Lambda.ServiceException' : 'States.Timeout',
    });
    expect(played.states().at(-1)).toBe('NeedsAnOperator');
  });

  test('has no state, no way out of one and no timeout that none of these walks comes by', () => {
    expect(ways.length).toBeGreaterThan(10);
    expect(ways.filter((way) => !taken.has(way))).toEqual([]);
  });
});
