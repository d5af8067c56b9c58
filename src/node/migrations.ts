import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One migration file, `NNNN_slug.sql`. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex: a released migration is never edited. */
  readonly sha256: string;
}

/** A migration as a database remembers it. */
export interface AppliedMigration {
  readonly name: string;
  readonly sha256: string;
}

/** Why a database cannot be brought up to date by this program. Nothing was changed. */
export class MigrationError extends Error {
  readonly code: 'newer-version' | 'edited';
  constructor(code: 'newer-version' | 'edited', message: string) {
    super(message);
    this.name = 'MigrationError';
    this.code = code;
  }
}

const FILE = /^([0-9]{4})_[a-z0-9-]+\.sql$/;

/** Reads a folder of migrations, in order; throws where a number is missing or doubled. */
export function readMigrations(directory: string): readonly Migration[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.sql'));
  return names.toSorted().map((name, index) => {
    const number = Number(FILE.exec(name)?.[1] ?? Number.NaN);
    if (number !== index + 1) throw new Error(`${name} is not migration number ${index + 1}`);
    const sql = readFileSync(join(directory, name), 'utf8');
    return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

/** What is still to be applied; throws where the database knows a file that is edited or unknown here. */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  applied.forEach(({ name, sha256 }, index) => {
    const own = migrations[index];
    if (own === undefined || own.name !== name) {
      throw new MigrationError(
        'newer-version',
        `The data was written by a newer version (${name}). Update this program; nothing was changed.`,
      );
    }
    if (own.sha256 !== sha256) {
      throw new MigrationError(
        'edited',
        `Migration ${name} is not the one this data was made with. Restore the file; nothing was changed.`,
      );
    }
  });
  return migrations.slice(applied.length);
}
