import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** What the clients send: one decision each, all prepared. */
export type Shot = {
  readonly path: string;
  readonly token: string;
  readonly key: string;
  readonly body: string;
};
export type Load = { readonly baseUrl: string; readonly clients: number; readonly shots: readonly Shot[] };
export type LoadTold = { readonly wallMillis: number; readonly latencies: readonly number[] };

const { baseUrl, clients, shots } = workerData as Load;
const agent = new Agent({ keepAlive: true, maxSockets: clients });

const send = ({ path, token, key, body }: Shot): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': key,
    };
    const sent = request(`${baseUrl}${path}`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Every client sends its next decision when the one before is answered. */
const play = async (): Promise<LoadTold> => {
  const latencies: number[] = [];
  const left = [...shots];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let shot = left.shift(); shot !== undefined; shot = left.shift()) {
        const at = performance.now();
        await send(shot);
        latencies.push(performance.now() - at);
      }
    }),
  );
  agent.destroy();
  return { wallMillis: performance.now() - began, latencies };
};

parentPort?.postMessage(await play());
