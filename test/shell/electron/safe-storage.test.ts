import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveSecrets, protectsSecrets, safeStorageSecrets } from '#shell/electron/safe-storage.ts';
import { fileSecrets } from '#shell/secret-store.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-secrets-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Electron's safeStorage with a key that can be changed; what it writes is not what it was given. */
function fakeSafeStorage(backend = 'gnome_libsecret') {
  const fake = {
    key: 1,
    writes: 0,
    isAsyncEncryptionAvailable: async () => true,
    async encryptStringAsync(text: string) {
      fake.writes += 1;
      return Buffer.from(JSON.stringify({ key: fake.key, hex: Buffer.from(text).toString('hex') }));
    },
    async decryptStringAsync(bytes: Buffer) {
      const { key, hex } = JSON.parse(bytes.toString()) as { key: number; hex: string };
      return { result: Buffer.from(hex, 'hex').toString(), shouldReEncrypt: key !== fake.key };
    },
    getSelectedStorageBackend: () => backend,
  };
  return fake;
}

describe('secrets', () => {
  it('lie encrypted on the disk and come back, in Electron', async () => {
    const path = join(folder, 'safe.bin');
    const secrets = safeStorageSecrets(fakeSafeStorage(), path);
    expect(await secrets.read()).toBeNull();
    await secrets.write({ privateKey: 'very-private' });
    expect(readFileSync(path, 'utf8')).not.toContain('very-private');
    expect(await secrets.read()).toEqual({ privateKey: 'very-private' });
  });

  it('say what to do where the key ring does not open them, and are left as they lie', async () => {
    const path = join(folder, 'foreign.bin');
    await safeStorageSecrets(fakeSafeStorage(), path).write({ privateKey: 'a' });
    const before = readFileSync(path);
    const locked = {
      ...fakeSafeStorage(),
      decryptStringAsync: () => Promise.reject(new Error('Error while decrypting the ciphertext')),
    };
    await expect(safeStorageSecrets(locked, path).read()).rejects.toThrow(
      'Sign in to the computer as the user who set the till up',
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    writeFileSync(path, 'half a file');
    await expect(safeStorageSecrets(fakeSafeStorage(), path).read()).rejects.toThrow(
      'does not open with this system',
    );
  });

  it('are encrypted again when the system has a new key', async () => {
    const storage = fakeSafeStorage();
    const secrets = safeStorageSecrets(storage, join(folder, 'rotated.bin'));
    await secrets.write({ privateKey: 'a' });
    storage.key = 2;
    await secrets.read();
    await secrets.read();
    expect(storage.writes).toBe(2);
  });

  it('of a till that had them in a file move under the system’s key, and the file goes', async () => {
    const path = join(folder, 'plain.json');
    const file = fileSecrets(path);
    const storage = fakeSafeStorage();
    const encrypted = safeStorageSecrets(storage, join(folder, 'moved.bin'));
    await moveSecrets(path, encrypted);
    expect(await encrypted.read()).toBeNull();
    await file.write({ privateKey: 'a' });
    await moveSecrets(path, encrypted);
    expect(await encrypted.read()).toEqual({ privateKey: 'a' });
    expect(await file.read()).toBeNull();
    // A power cut between the two: what is left is taken away at the next start.
    await file.write({ privateKey: 'a' });
    await moveSecrets(path, encrypted);
    expect(await file.read()).toBeNull();
    await file.write({ privateKey: 'of another till' });
    await moveSecrets(path, encrypted);
    expect(await file.read()).toEqual({ privateKey: 'of another till' });
    expect(await encrypted.read()).toEqual({ privateKey: 'a' });
    expect(storage.writes).toBe(1);
  });

  it('stay in their file where what was encrypted does not open again', async () => {
    const path = join(folder, 'kept.json');
    await fileSecrets(path).write({ privateKey: 'a' });
    const wrong = {
      ...fakeSafeStorage(),
      decryptStringAsync: async () => ({ result: '{}', shouldReEncrypt: false }),
    };
    await moveSecrets(path, safeStorageSecrets(wrong, join(folder, 'wrong.bin')));
    expect(await fileSecrets(path).read()).toEqual({ privateKey: 'a' });
  });

  it('are not trusted to a Linux without a key ring', async () => {
    expect(await protectsSecrets(fakeSafeStorage('basic_text'), 'linux')).toBe(false);
    expect(await protectsSecrets(fakeSafeStorage(), 'linux')).toBe(true);
    expect(await protectsSecrets(fakeSafeStorage('basic_text'), 'win32')).toBe(true);
    const none = { ...fakeSafeStorage(), isAsyncEncryptionAvailable: async () => false };
    expect(await protectsSecrets(none, 'win32')).toBe(false);
  });

  it('lie in a file of their owner’s in the web shell, and are refused when others can read it', async () => {
    const path = join(folder, 'secrets.json');
    const secrets = fileSecrets(path);
    await secrets.write({ privateKey: 'a' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await secrets.read()).toEqual({ privateKey: 'a' });
    rmSync(path);
    writeFileSync(path, '{}', { mode: 0o644 });
    await expect(secrets.read()).rejects.toThrow('chmod 600');
  });
});
