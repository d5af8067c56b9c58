import { readSecrets, writeSecrets, type Secrets } from '#node/secrets.ts';

/** Where a till keeps its private key and the tenant's identifier key. */
export interface SecretStore {
  /** Null where there are none yet. Rejects where they cannot be read: guessing would be worse. */
  read(): Promise<Secrets | null>;
  write(secrets: Secrets): Promise<void>;
}

/** Secrets in a file only its owner reads: the web shell's way, and Linux without a key ring. */
export function fileSecrets(path: string): SecretStore {
  return {
    read: async () => readSecrets(path),
    write: async (secrets) => writeSecrets(path, secrets),
  };
}
