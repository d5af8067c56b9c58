import { programme, type Programme } from '#loyalty/programme.ts';
import type { ReadableDb } from '#server/database/database.ts';

/** A programme as it was in a version, for a till that never had it; null where nobody did. */
export async function findProgramme(
  db: ReadableDb,
  tenant: string,
  id: string,
  version: number,
): Promise<Programme | null> {
  const [row] = await db.query<{ readonly document: unknown }>(
    'select document from programme_version where tenant = $1 and programme = $2 and version = $3',
    [tenant, id, version],
  );
  return row === undefined ? null : programme.parse(row.document);
}
