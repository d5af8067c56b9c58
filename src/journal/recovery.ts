import type { TerminalRow } from './posting-rows.ts';

/**
 * Whether a restored server still waits for a till.
 *
 * A backup does not know the grants given since, nor that two references were found to be one person.
 * Until every till has sent again what it wrote before it heard of the restore, its profiles too,
 * nothing can be set aside or expire: those points may be held or spent out there. A till that is gone
 * for good must be fenced.
 */
export function isRecovering(terminals: Iterable<TerminalRow>, epoch: number): boolean {
  for (const terminal of terminals) {
    if (terminal.state !== 'active') continue;
    if (terminal.epoch !== epoch || !terminal.recovered) return true;
  }
  return false;
}

/** What a HELLO says that matters after a restore. */
export interface JoiningHello {
  readonly headSeq: number;
  /** Every profile of this till was accepted in this life. */
  readonly settled: boolean;
}

/**
 * What a HELLO changes: the first in this life notes where the till's journal ended, a later one that
 * all up to there has come back. Null where it changes nothing.
 */
export function joinLife(
  terminal: TerminalRow,
  epoch: number,
  { headSeq, settled }: JoiningHello,
): Pick<TerminalRow, 'epoch' | 'recoverThrough' | 'recovered'> | null {
  const joins = terminal.epoch !== epoch;
  if (!joins && terminal.recovered) return null;
  const recoverThrough = joins ? headSeq : terminal.recoverThrough;
  const recovered = settled && terminal.ackSeq >= recoverThrough;
  return joins || recovered ? { epoch, recoverThrough, recovered } : null;
}
