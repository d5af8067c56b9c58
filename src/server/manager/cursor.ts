/** A place in a list that is in order of time: what follows it is the next page. */
export interface PagePlace {
  readonly atMs: number;
  /** What tells apart those of one moment. */
  readonly id: string;
}

/** Parts are apart by what no reference, number or code contains. */
const PLACE = /^(-?[0-9]{1,16})\n(.+)$/;

/** Reads where the next page begins; null for the first page, and for what no page said. */
export function readCursor(cursor: string | null): PagePlace | null {
  const [, time, id] = PLACE.exec(cursor ?? '') ?? [];
  const atMs = Number(time);
  return id === undefined || !Number.isSafeInteger(atMs) ? null : { atMs, id };
}

/** Writes where the next page begins. */
export function writeCursor({ atMs, id }: PagePlace): string {
  return `${atMs}\n${id}`;
}
