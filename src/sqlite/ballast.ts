import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Room kept back for the sales that are on the counter when the disk fills up. */
export const BALLAST_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Lays the ballast down where there is plenty of room (eight times its size), so that it never is
 * itself what fills the disk. Real bytes: a sparse file would give nothing back.
 */
export function layBallast(path: string, bytes: number): void {
  if (bytes === 0 || existsSync(path)) return;
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    if (bavail * bsize < bytes * 8) return;
    const file = openSync(path, 'wx', 0o600);
    try {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, bytes), 0x5a);
      for (let left = bytes; left > 0; left -= chunk.length) {
        writeSync(file, chunk, 0, Math.min(chunk.length, left));
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    rmSync(path, { force: true });
  }
}

/** Gives the ballast back to the disk. True when there was some. */
export function dropBallast(path: string): boolean {
  if (!existsSync(path)) return false;
  rmSync(path, { force: true });
  return true;
}
