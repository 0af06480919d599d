import type { EmbeddedWorld } from './embedded-world.ts';

/** How the executions of a case stand, once nothing moves any more: round and attempt, status, and the code that ended it. */
export const executionsOf = async (
  { machine }: EmbeddedWorld,
  caseNumber: string,
): Promise<readonly string[]> => {
  await machine.engine.drain();
  return machine.runner
    .list({ workflow: 'release-case', limit: 1_000 })
    .executions.filter(({ name }) => name.startsWith(`${caseNumber}-`))
    .map((one) =>
      [one.name.slice(caseNumber.length + 1), one.status, machine.runner.describe(one)?.error]
        .filter((part) => part !== undefined)
        .join(' '),
    )
    .toSorted();
};
