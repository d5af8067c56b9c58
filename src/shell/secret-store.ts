import { readSecrets, writeSecrets, type Secrets } from '#node/secrets.ts';

/**
 * Where a till keeps every secret it has: its private key, the tenant's identifier key and the pepper
 * of its PINs. One port, so that no secret lies anywhere else: not in the database, not in the
 * enrolment's file, not in the log.
 */
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
