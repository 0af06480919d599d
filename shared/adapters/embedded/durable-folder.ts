import { closeSync, fsyncSync, openSync } from 'node:fs';

/**
 * Has the names in a folder on disk, as `fsync` of a file has its content: without it a power cut can take back a file
 * that was written whole. (Windows neither needs nor allows it.)
 */
export const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
