import { UnexpectedAnswer } from '../../../local/demo/world.ts';

const pollMillis = 250;
const pollsAtMost = 240;

/** Looks until `ready` says yes: workflows carry decisions on by themselves, on some installations a moment later. */
export const until = async <Seen>(
  what: string,
  look: () => Promise<Seen>,
  ready: (seen: Seen) => boolean,
): Promise<Seen> => {
  for (let poll = 0; poll < pollsAtMost; poll += 1) {
    const seen = await look();
    if (ready(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, pollMillis));
  }
  throw new UnexpectedAnswer(`waited in vain: ${what}`);
};
