import { SHIFT_REPORTS_MAX } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import { journalEntry, type ShiftFigures } from '#journal/entry.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { wallMs, type Core } from './core.ts';
import { shiftReceipt } from './receipt/shift-receipt.ts';
import { refusal } from './session.ts';
import { shiftFigures } from './shifts.ts';

/** One shift as a report: X while it is open, Z once it is closed. */
export interface ShiftReport {
  /** Transaction that closed it, under which its slip was printed; null while it is open. */
  readonly tx: string | null;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  readonly figures: ShiftFigures;
}

/** This till's shifts, newest first. A closed one says what was journalled, whatever came since. */
export function shiftReports(core: Core): readonly ShiftReport[] {
  const { read } = core.ports.database;
  return read.shifts(SHIFT_REPORTS_MAX).flatMap((shift): ShiftReport[] => {
    const { openedAtMs, lastSeq } = shift;
    if (lastSeq === null) {
      return [{ tx: null, openedAtMs, closedAtMs: null, figures: shiftFigures(core, shift) }];
    }
    const [row] = read.entriesBetween(lastSeq, lastSeq);
    const entry = row === undefined ? null : journalEntry.parse(JSON.parse(row.text));
    if (entry === null || entry.body.kind !== 'shift-close') return [];
    const { kind: _kind, ...figures } = entry.body;
    return [{ tx: entry.tx, openedAtMs, closedAtMs: entry.atMs, figures }];
  });
}

/**
 * Prints the open shift as it stands.
 *
 * Past the print queue, because that would store a job and X changes no stored byte: a slip that does
 * not come out is asked for again.
 */
export async function printX(core: Core): Promise<Result<null, Message>> {
  const { database, devices, ids } = core.ports;
  const shift = database.read.openShift();
  if (shift === null) return err(refusal('no-open-shift'));
  const figures = shiftFigures(core, shift);
  const slip = shiftReceipt(core, figures, shift.openedAtMs, wallMs(core), false);
  const printed = await devices.print(ids.uuid(), slip);
  const failed = !printed.ok || printed.value.state === 'failed';
  return failed ? err(refusal('report-not-printed')) : ok(null);
}
