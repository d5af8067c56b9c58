import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '#node/files.ts';
import type { SecretStore } from '#shell/secret-store.ts';

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
      const decrypted = await safeStorage.decryptStringAsync(await readFile(path));
      const secrets = secretsText.parse(JSON.parse(decrypted.result));
      // The system changed its key: what is kept under the old one may not be readable tomorrow.
      if (decrypted.shouldReEncrypt) await write(secrets);
      return secrets;
    },
  };
}
