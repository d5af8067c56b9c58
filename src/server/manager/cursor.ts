/** Parts of a cursor are apart by what no reference, number or code contains. */
const APART = '\n';

/** Reads where the next page begins; null for the first page. */
export function readCursor(cursor: string | null): readonly string[] | null {
  return cursor === null ? null : cursor.split(APART);
}

/** Writes where the next page begins. */
export function writeCursor(parts: readonly string[]): string {
  return parts.join(APART);
}
