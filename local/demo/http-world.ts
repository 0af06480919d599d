import { UnexpectedAnswer, type World } from './world.ts';

const restMillis = 50;
const triesAtMost = 600;

/** What `fetch` says of a connection that broke or was never made; anything else is a defect. */
const isBroken = (error: unknown): boolean => error instanceof TypeError;

/**
 * A world on an installation that may be cut off at any moment: every request is sent until it is answered, which
 * is safe because each carries a key or changes nothing when it comes twice.
 * @param whereabouts waits until the installation is up.
 */
export const httpWorld = async (
  whereabouts: () => Promise<string>,
  progress: (line: string) => void,
): Promise<World> => {
  const baseUrl = await whereabouts();
  const tokens = new Map<string, string>();

  const send = async (url: string, init: RequestInit): Promise<Response> => {
    for (let sent = 1; ; sent += 1) {
      try {
        await whereabouts();
        const response = await fetch(url, init);
        // Read to its end here: the connection may break in the middle of the answer too.
        const body = await response.arrayBuffer();
        if (response.status !== 503 || sent >= triesAtMost)
          return new Response(body.byteLength === 0 ? null : body, response);
      } catch (error) {
        if (!isBroken(error) || sent >= triesAtMost) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, restMillis));
    }
  };

  const local = async (path: string, body?: object): Promise<Record<string, string>> => {
    const response = await send(`${baseUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new UnexpectedAnswer(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };

  return {
    baseUrl,
    send,
    async token(personId) {
      const known = tokens.get(personId);
      if (known !== undefined) return known;
      const token = (await local('/local/token', { personId }))['access_token'] ?? '';
      tokens.set(personId, token);
      return token;
    },
    now: async () => (await local('/local/clock'))['now'] ?? '',
    async advanceTo(to) {
      // A token lasts for a working day.
      tokens.clear();
      await local('/local/clock', { to });
    },
    progress,
  };
};
