import { connectInMemory, type Connection } from './connection.ts';
import { applyMigrations, type Migration } from './migrate.ts';

/**
 * How a database's tables, indexes and triggers are written down in it, in one text.
 *
 * SQLite's own check looks at pages and rows. A flipped bit in a column's name passes it, and the first
 * statement that names the column fails in front of a customer.
 */
export function schemaOf({ readable }: Connection): string {
  return JSON.stringify(
    readable.all(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`,
    ),
  );
}

/** How migrations write it down. */
export function schemaBy(migrations: readonly Migration[]): string {
  const made = connectInMemory();
  try {
    applyMigrations(made, migrations);
    return schemaOf(made);
  } finally {
    made.close();
  }
}
