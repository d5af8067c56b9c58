import type { Database, WritableDb } from '#server/database/database.ts';

/** A database in whose next transaction something else is sent before a statement. */
export interface MeddledDatabase extends Database {
  /** Sends `text` right before the statement of this number, from 1, of the next transaction. */
  meddle(text: string, before: number): void;
  /** How many statements the last transaction had. */
  readonly statements: number;
}

/** Stands between a server and its database. What is sent in between is not waited for, nor its failure heard. */
export function meddled(database: Database): MeddledDatabase {
  let next: { readonly text: string; readonly before: number } | null = null;
  let statements = 0;
  const between = (db: WritableDb): WritableDb => {
    const now = next;
    next = null;
    statements = 0;
    const count = (): void => {
      statements += 1;
      if (now?.before === statements) db.query(now.text).catch(() => undefined);
    };
    return {
      keys: db.keys,
      query(text, values) {
        count();
        return db.query(text, values);
      },
      execute(text, values) {
        count();
        return db.execute(text, values);
      },
    };
  };
  return {
    kind: database.kind,
    keys: database.keys,
    query: (text, values) => database.query(text, values),
    transaction: (work) => database.transaction((db) => work(between(db))),
    close: () => database.close(),
    meddle(text, before) {
      next = { text, before };
    },
    get statements() {
      return statements;
    },
  };
}
