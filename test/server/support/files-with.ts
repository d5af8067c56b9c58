import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file under a folder that holds one of the texts, in UTF-8 or UTF-16, or one of the bytes. */
export function filesWith(folder: string, secrets: readonly (string | Uint8Array)[]): string[] {
  const needles = secrets.flatMap((secret) =>
    typeof secret === 'string'
      ? [Buffer.from(secret), Buffer.from(secret, 'utf16le')]
      : [Buffer.from(secret)],
  );
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return needles.some((needle) => bytes.includes(needle));
    });
}
