import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aslText } from './asl-document.ts';
import { type StateMachineName, stateMachines } from './state-machines.ts';

for (const name of Object.keys(stateMachines) as StateMachineName[]) {
  const path = join(import.meta.dirname, name, `${name}.asl.json`);
  writeFileSync(path, aslText(name));
  console.log(path);
}
