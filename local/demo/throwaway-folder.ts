import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const roomEnough = 256 * 1024 * 1024;

/** @returns whether the system keeps files in memory there, with room for a rehearsal. */
const isUsable = (folder: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= roomEnough;
  } catch {
    return false;
  }
};

/**
 * A folder that goes away with the rehearsal. It need not outlive the power, only the processes, so it lies in memory
 * where it can: a year is some twenty thousand durable writes, and a busy disk would make minutes of them.
 */
export const throwawayFolder = (): string => {
  const base = process.env['TMPDIR'] === undefined && isUsable('/dev/shm') ? '/dev/shm' : tmpdir();
  return mkdtempSync(join(base, 'shouxian-demo-'));
};
