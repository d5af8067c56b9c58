import type { DrawerLevel, PrinterStatus, PrintProblem } from '#contract/device.ts';
import {
  decodeErrorCause,
  decodeOfflineCause,
  decodePaper,
  decodePrinterStatus,
  type AutomaticStatus,
} from '#hardware/escpos/status-stream.ts';

/** What a printer last said of itself; null where it has not said. */
export interface PrinterCondition {
  readonly online: boolean | null;
  readonly paper: 'ok' | 'low' | 'out' | null;
  readonly coverOpen: boolean;
  readonly error: string | null;
  /** Level of the drawer's contact. */
  readonly drawer: DrawerLevel | null;
}

/** Before the first answer. */
export const UNKNOWN_CONDITION: PrinterCondition = {
  online: null,
  paper: null,
  coverOpen: false,
  error: null,
  drawer: null,
};

/** The condition after an automatic status, which says everything at once. */
export function afterAutomatic(status: AutomaticStatus): PrinterCondition {
  return {
    online: status.online,
    paper: paperState(status.paperOut, status.nearEnd),
    coverOpen: status.coverOpen,
    error: errorOf(status.autocutterError, status.unrecoverable, status.autoRecoverable),
    drawer: levelOf(status.drawerPin3High),
  };
}

/** The condition after the answer to DLE EOT `which`. */
export function afterRealTime(
  condition: PrinterCondition,
  which: 1 | 2 | 3 | 4,
  byte: number,
): PrinterCondition {
  if (which === 1) {
    const { online, drawerPin3High } = decodePrinterStatus(byte);
    const drawer = levelOf(drawerPin3High);
    return online
      ? { ...condition, online, drawer, coverOpen: false, error: null }
      : { ...condition, online, drawer };
  }
  if (which === 2) {
    const cause = decodeOfflineCause(byte);
    const paper = cause.paperEndStop ? 'out' : condition.paper;
    return { ...condition, coverOpen: cause.coverOpen, paper, error: cause.error ? 'error' : null };
  }
  if (which === 3) {
    const { autocutterError, unrecoverable, autoRecoverable } = decodeErrorCause(byte);
    return {
      ...condition,
      error: errorOf(autocutterError, unrecoverable, autoRecoverable) ?? condition.error,
    };
  }
  const { paperOut, nearEnd } = decodePaper(byte);
  return { ...condition, paper: paperState(paperOut, nearEnd) };
}

/** What keeps the printer from printing; null when nothing it has said does. */
export function problemOf(condition: PrinterCondition): PrintProblem | null {
  if (condition.coverOpen) return 'cover-open';
  if (condition.paper === 'out') return 'paper-out';
  if (condition.error !== null) return 'printer-error';
  return condition.online === false ? 'offline' : null;
}

/** The condition as the till shows it. */
export function stateOf(condition: PrinterCondition): PrinterStatus['state'] {
  const problem = problemOf(condition);
  if (problem === null) return condition.paper === 'low' ? 'paper-low' : 'ready';
  if (problem === 'cover-open' || problem === 'paper-out' || problem === 'offline') return problem;
  return 'error';
}

function levelOf(isHigh: boolean): DrawerLevel {
  return isHigh ? 'high' : 'low';
}

function paperState(out: boolean, low: boolean): 'ok' | 'low' | 'out' {
  if (out) return 'out';
  return low ? 'low' : 'ok';
}

function errorOf(cutter: boolean, unrecoverable: boolean, hot: boolean): string | null {
  if (unrecoverable) return 'unrecoverable error: switch it off and on';
  if (cutter) return 'the cutter is jammed';
  return hot ? 'the print head is too hot' : null;
}
