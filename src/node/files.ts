import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Makes the names in a directory survive a power cut. Windows has no such call and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Makes a folder, and those above it, so that their names survive a power cut: a file that was fsynced
 * in a folder whose own name is lost is lost with it. Does nothing where it is there.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const first = mkdirSync(path, { recursive: true, mode });
  if (first === undefined) return;
  const highest = resolve(first);
  for (let made = resolve(path); ; made = dirname(made)) {
    syncDirectory(dirname(made));
    if (made === highest) return;
  }
}

/**
 * Replaces a file as a whole: afterwards it holds the old bytes or the new ones, never a mixture,
 * and the new ones are on stable storage. Throws what the file system throws; then the old file stands.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o600): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    const handle = openSync(temporary, 'wx', mode);
    try {
      writeWhole(handle, typeof content === 'string' ? Buffer.from(content) : content);
    } finally {
      closeSync(handle);
    }
    putInPlace(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Gives a whole file its name, in place of what had it; its bytes and its name are on stable storage then. */
export function putInPlace(whole: string, path: string): void {
  const handle = openSync(whole, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(whole, path);
  syncDirectory(dirname(path));
}

/** A file's text; null where there is no such file. Throws whatever else the file system throws. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function writeWhole(handle: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
}
