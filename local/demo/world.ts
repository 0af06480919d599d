/** Where a rehearsal is played: an installation, tokens for its people, and a clock that can be set forward. */
export type World = {
  readonly baseUrl: string;
  /** How requests are sent; a rehearsal under faults sends them until they are answered. */
  send(url: string, init: RequestInit): Promise<Response>;
  /** @returns a bearer token for the account. */
  token(personId: string): Promise<string>;
  /** @returns the installation's time, ISO 8601 in UTC. */
  now(): Promise<string>;
  /** Sets the clock forward; returns when everything due by then has been carried out. */
  advanceTo(instant: string): Promise<void>;
  /** Called before a person decides, for a rehearsal in which people are slow. */
  hesitate?(task: { readonly taskId: string; readonly step: string }, as: string): Promise<void>;
  /** Told of every step, for whoever watches. */
  progress(line: string): void;
};

/** The installation answered what the rehearsal did not expect. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

type Asked = {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: object;
  readonly as?: string;
  readonly key?: string;
};

/** @returns the answer's status and its JSON. */
export const ask = async (
  world: World,
  path: string,
  { method = 'GET', body, as, key }: Asked,
): Promise<{ status: number; json: unknown }> => {
  const headers: Record<string, string> = {};
  if (as !== undefined) headers['authorization'] = `Bearer ${await world.token(as)}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  const response = await world.send(`${world.baseUrl}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
};

/** Asks, and takes nothing but success. @throws UnexpectedAnswer with what came instead. */
export const askFor = async <Answer>(world: World, path: string, asked: Asked): Promise<Answer> => {
  const { status, json } = await ask(world, path, asked);
  if (status >= 300)
    throw new UnexpectedAnswer(
      `${asked.method ?? 'GET'} ${path} as ${asked.as ?? 'anyone'}: ${status} ${JSON.stringify(json)}`,
    );
  return json as Answer;
};
