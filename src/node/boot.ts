import { closeSync, fsyncSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './files.ts';

/**
 * What changes when the machine starts anew; null where the system does not say.
 *
 * Between two processes of one boot the page cache keeps every write; across a boot only what was
 * fsynced is certain.
 */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Puts every file under a directory, and the directories, on stable storage. */
export function syncTree(directory: string): void {
  for (const item of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, item.name);
    if (item.isDirectory()) syncTree(path);
    else if (item.isFile()) syncFile(path);
  }
  syncDirectory(directory);
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
