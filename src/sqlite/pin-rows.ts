import { assertNever } from '#loyalty/result.ts';
import { type TriesChange, WHOLE_TILL } from '#till/pin-tries.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

/** Wrong PINs since the last right one, by staff reference; `''` for the whole till. */
export function readPinTries(db: ReadableDb): ReadonlyMap<string, number> {
  const rows = db.all<{ cashier: string; wrong: number }>('SELECT cashier, wrong FROM pin_tries');
  return new Map(rows.map(({ cashier, wrong }) => [cashier, wrong]));
}

/** Counts a wrong PIN, or begins anew after a right one. */
export function changePinTries(db: WritableDb, change: TriesChange): void {
  switch (change.kind) {
    case 'wrong':
      for (const whose of [change.of, WHOLE_TILL]) {
        db.run(
          'INSERT INTO pin_tries VALUES (?, 1) ON CONFLICT DO UPDATE SET wrong = wrong + 1',
          whose,
        );
      }
      return;
    case 'right':
      if (change.all) db.run('DELETE FROM pin_tries');
      else db.run('DELETE FROM pin_tries WHERE cashier IN (?, ?)', change.of, WHOLE_TILL);
      return;
    default:
      return assertNever(change, 'change of PIN tries');
  }
}
