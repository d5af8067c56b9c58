import { readFileSync, statSync } from 'node:fs';
import { writeFileAtomic } from './files.ts';

/** Small secrets by name, such as a till's private key. */
export type Secrets = Readonly<Record<string, string>>;

/** Largest secrets file that is read, in bytes. */
const SECRETS_BYTES_MAX = 65_536;

/**
 * Reads the secrets file; null where there is none yet.
 *
 * Throws where others could read it, or where it is not a flat JSON object of texts: guessing with
 * keys would be worse than stopping.
 */
export function readSecrets(path: string): Secrets | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new Error(`${path} can be read by others. Run: chmod 600 ${path}`);
  }
  if (stat.size > SECRETS_BYTES_MAX) throw new Error(`${path} is too large to hold secrets`);
  const value = parsed(readFileSync(path, 'utf8'));
  if (!isFlatTexts(value))
    throw new Error(`${path} does not hold secrets; restore it from a backup`);
  return value;
}

/** The value; null where the text is not JSON, which holds no secrets either. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Replaces the secrets file, readable by its owner only, on stable storage before it returns. */
export function writeSecrets(path: string, secrets: Secrets): void {
  writeFileAtomic(path, `${JSON.stringify(secrets)}\n`, 0o600);
}

function isFlatTexts(value: unknown): value is Secrets {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((secret) => typeof secret === 'string')
  );
}
