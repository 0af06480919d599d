import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOpenapi } from './openapi.ts';

const file = join(import.meta.dirname, '../../docs/openapi.json');

/** @returns the document as it is committed. */
export const openapiText = (): string => `${JSON.stringify(buildOpenapi(), undefined, 2)}\n`;

if (import.meta.main) {
  writeFileSync(file, openapiText());
  console.log(`wrote ${file}`);
}
