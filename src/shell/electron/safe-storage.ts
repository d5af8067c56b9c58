import { readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { syncDirectory, writeFileAtomic } from '#node/files.ts';
import type { Secrets } from '#node/secrets.ts';
import { fileSecrets, type SecretStore } from '#shell/secret-store.ts';

/** What is used of Electron's `safeStorage`; its synchronous methods are deprecated. */
export interface SafeStorageLike {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }>;
  getSelectedStorageBackend(): string;
}

const secretsText = z.record(z.string().max(64), z.string().max(4096));

/**
 * True where the system really keeps a key for us.
 *
 * On Linux without a key ring Electron "encrypts" under a fixed password (`basic_text`): then a file
 * that only its owner reads is more honest.
 */
export async function protectsSecrets(
  safeStorage: SafeStorageLike,
  platform: NodeJS.Platform,
): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** Secrets encrypted under a key of the operating system's. */
export function safeStorageSecrets(safeStorage: SafeStorageLike, path: string): SecretStore {
  const write: SecretStore['write'] = async (secrets) => {
    writeFileAtomic(path, await safeStorage.encryptStringAsync(JSON.stringify(secrets)));
  };
  return {
    write,
    async read() {
      if (!existsSync(path)) return null;
      const { secrets, shouldReEncrypt } = await opened(safeStorage, path);
      // The system changed its key: what is kept under the old one may not be readable tomorrow.
      if (shouldReEncrypt) await write(secrets);
      return secrets;
    },
  };
}

/**
 * Moves secrets that a file of their owner's held (a till that was enrolled in the web shell, or before
 * its system had a key ring) under the system's key. The file is removed once what was encrypted has been
 * opened again; one that says something else is left alone.
 */
export async function moveSecrets(path: string, encrypted: SecretStore): Promise<void> {
  const file = fileSecrets(path);
  if ((await encrypted.read()) === null) {
    const plain = await file.read();
    if (plain === null) return;
    await encrypted.write(plain);
  }
  const left = await file.read().catch(() => null);
  if (left === null || !isDeepStrictEqual(left, await encrypted.read())) return;
  await rm(path);
  syncDirectory(dirname(path));
}

/** What lies in the file; an error that says what to do, because the system's own says only that it failed. */
async function opened(
  safeStorage: SafeStorageLike,
  path: string,
): Promise<{ readonly secrets: Secrets; readonly shouldReEncrypt: boolean }> {
  const encrypted = await readFile(path);
  try {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(encrypted);
    return { secrets: secretsText.parse(JSON.parse(result)), shouldReEncrypt };
  } catch (error) {
    throw new Error(
      `${path} does not open with this system's key ring. Sign in to the computer as the user who set the till up, or restore the file and the user's key ring from a backup`,
      { cause: error },
    );
  }
}
