import type { TerminalRow } from './posting-rows.ts';

/**
 * Whether a restored server still waits for a till.
 *
 * A backup does not know the grants given since. Until every till has said HELLO and sent what it
 * wrote before it did, nothing can be set aside or expire: those points may be held out there. A till
 * that is gone for good must be fenced.
 */
export function isRecovering(terminals: Iterable<TerminalRow>, epoch: number): boolean {
  for (const terminal of terminals) {
    if (terminal.state !== 'active') continue;
    if (terminal.epoch !== epoch || terminal.ackSeq < terminal.recoverThrough) return true;
  }
  return false;
}

/** A till that joins the server's present life, at the end of its journal; null where it has. */
export function joinLife(
  terminal: TerminalRow,
  epoch: number,
  headSeq: number,
): Pick<TerminalRow, 'epoch' | 'recoverThrough'> | null {
  return terminal.epoch === epoch ? null : { epoch, recoverThrough: headSeq };
}
