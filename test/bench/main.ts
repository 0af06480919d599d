import { parseArgs } from 'node:util';
import { tableOf } from './report.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

// The logger of the functions asks once, when it is loaded; its lines are not for standard output here.
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
const { measureAll } = await import('./rows.ts');

const began = performance.now();
const measured = await measureAll(
  { sizes: [1_000, 3_000, 10_000, 30_000], steps: 300, decisions: 600, turns: 200, starts: 4 },
  (line) => console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`),
);
console.log(values.json ? JSON.stringify({ rows: measured.map(({ row }) => row) }) : tableOf(measured));
