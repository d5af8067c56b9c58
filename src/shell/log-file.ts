import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A till runs for years on a small disk: the log may take this much, twice. */
const FILE_BYTES_MAX = 5 * 1024 * 1024;
const FILES_KEPT = 4;

/**
 * A log file that does not grow for ever: `till.log`, then `till.log.1` … `till.log.4`.
 *
 * A log that cannot be written never stops a sale; the line goes to `fallback` instead.
 */
export function logFile(
  path: string,
  fallback: (line: string) => void,
  bytesMax = FILE_BYTES_MAX,
): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    const length = Buffer.byteLength(line);
    try {
      if (bytes > 0 && bytes + length > bytesMax) {
        rotate(path);
        bytes = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      bytes += length;
    } catch {
      fallback(line);
    }
  };
}

function rotate(path: string): void {
  for (let number = FILES_KEPT; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (statSync(from, { throwIfNoEntry: false }) !== undefined)
      renameSync(from, `${path}.${number}`);
  }
}
