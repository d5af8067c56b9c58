import type { Database } from '#server/database/database.ts';

/** Rows of the named columns of each table, as text and in order: what two databases are compared by. */
export async function dumpTables(
  database: Database,
  tables: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const [table, columns] of Object.entries(tables)) {
    const rows = await database.query(`select ${columns} from ${table}`);
    state[table] = rows.map((row) => JSON.stringify(row)).toSorted();
  }
  return state;
}
