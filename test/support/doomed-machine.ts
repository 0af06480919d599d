import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startMachine } from '../../local/machine.ts';
import { demoDistrict, demoRegistrar } from '../../local/seed/demo-district.ts';
import type { WriteObserver } from '../../shared/adapters/embedded/database.ts';
import type { DistrictCode, PersonId } from '../../shared/domain/access/identifiers.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import { progressMark } from './progress-mark.ts';

/**
 * A real embedded machine that kills itself with SIGKILL at a chosen commit, for the crash test.
 * Arguments: folder, port, `before` or `after`, and how many commits it survives at
 * most; its first step forward it never survives, so that it dies in every state there is.
 */
const [folder = '', port = '', moment = '', survives = ''] = process.argv.slice(2);

const killAt = Number(survives);
let commits = 0;
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

/** Another connection, as everybody else's: it sees what is committed. */
let looking: DatabaseSync | undefined;
let bornAt = '';
const hasGotOn = (): boolean => {
  if (looking === undefined) return false;
  return progressMark(looking) !== bornAt;
};
const observer: WriteObserver = {
  beforeCommit() {
    if (moment === 'before' && (commits >= killAt || hasGotOn())) die();
  },
  afterCommit() {
    commits += 1;
    if (moment === 'after' && (commits > killAt || hasGotOn())) die();
  },
};
const file = join(folder, 'shouxian.db');
if (existsSync(file) && killAt < Number.MAX_SAFE_INTEGER) {
  looking = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  bornAt = progressMark(looking);
}

const machine = await startMachine({
  folder,
  port: Number(port),
  clock: { virtualFrom: '2022-09-05T01:00:00.000Z' as Instant },
  house: { district: demoDistrict.code as DistrictCode, registrar: demoRegistrar as PersonId },
  observer,
  report: (error) => console.error(error instanceof Error ? error.stack : String(error)),
});
console.log(JSON.stringify({ baseUrl: machine.baseUrl }));
