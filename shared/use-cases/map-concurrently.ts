/**
 * Runs `run` over `items`, so many at a time: fast enough for a person who waits, and no storm for a service that
 * counts calls.
 * @returns the results in the order of the items. @throws the first failure; what was begun is not awaited.
 */
export const mapConcurrently = async <Item, Result>(
  items: readonly Item[],
  atATime: number,
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  // One iterator for all: each takes the next item when it is done with its last.
  const entries = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, work));
  return results;
};
