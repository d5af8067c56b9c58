import { SCAN_LENGTH_MAX } from '#scan/settings.ts';
import type { HidPosLayout } from './hid-descriptor.ts';
import { textOfBytes } from './text-of-bytes.ts';

/** What one input report carries. */
export interface HidPosReport {
  /** The AIM identifier `]cm`, or empty where the device sent none. */
  readonly identifier: string;
  readonly data: Uint8Array;
  /** The code goes on in the next report. */
  readonly continued: boolean;
}

/**
 * Layouts to try where the report descriptor cannot be read (Windows, macOS): the common one, and
 * the one with the AIM identifier one byte later. A report fits only if `]` is in its place.
 */
export const GUESSED_LAYOUTS: readonly HidPosLayout[] = [
  {
    reportId: 2,
    lengthAt: 1,
    aimAt: 2,
    dataAt: 5,
    dataLength: 56,
    continued: { byte: 63, bit: 0 },
  },
  {
    reportId: 2,
    lengthAt: 1,
    aimAt: 3,
    dataAt: 6,
    dataLength: 56,
    continued: { byte: 63, bit: 0 },
  },
];

const BRACKET = 0x5d;
const GUESS_LENGTH_MIN = 8;

/** Takes a report apart by the layouts its device describes; null when it is not a scan. */
export function readHidPosReport(
  report: Uint8Array,
  layouts: readonly HidPosLayout[],
): HidPosReport | null {
  const layout = layouts.find(({ reportId }) => reportId === 0 || report[0] === reportId);
  return layout === undefined || report.length <= layout.dataAt ? null : takeApart(report, layout);
}

/** The same for a device whose descriptor nobody could read. */
export function guessHidPosReport(report: Uint8Array): HidPosReport | null {
  const layout = GUESSED_LAYOUTS.find(
    ({ reportId, aimAt }) => report[0] === reportId && aimAt !== null && report[aimAt] === BRACKET,
  );
  return layout === undefined || report.length < GUESS_LENGTH_MIN
    ? null
    : takeApart(report, layout);
}

function takeApart(report: Uint8Array, layout: HidPosLayout): HidPosReport {
  const end = Math.min(report.length, layout.dataAt + layout.dataLength);
  const data = report.subarray(layout.dataAt, end);
  const counted = layout.lengthAt === null ? 0 : (report[layout.lengthAt] ?? 0);
  // Some devices leave the count at zero, or count the identifier in: then unused bytes are NUL.
  const isCounted = counted > 0 && counted <= data.length;
  const { continued } = layout;
  return {
    identifier:
      layout.aimAt === null ? '' : identifierOf(report.subarray(layout.aimAt, layout.aimAt + 3)),
    // A copy: the caller's buffer may be used again.
    data: Uint8Array.from(isCounted ? data.subarray(0, counted) : withoutNuls(data)),
    continued: continued !== null && (((report[continued.byte] ?? 0) >> continued.bit) & 1) === 1,
  };
}

function identifierOf(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes);
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text) ? text : '';
}

function withoutNuls(data: Uint8Array): Uint8Array {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end -= 1;
  return data.subarray(0, end);
}

/** Joins continued reports to codes. */
export interface HidPosAssembler {
  /** Answers a whole code as text with its AIM identifier in front, null text when it is too long. */
  push(report: HidPosReport): { readonly text: string | null } | null;
  /** Forgets a code whose end did not come. */
  reset(): void;
  isOpen(): boolean;
}

/** Makes an assembler with no open code. Bytes are decoded once, when all are there. */
export function createHidPosAssembler(): HidPosAssembler {
  let parts: Uint8Array[] = [];
  let length = 0;
  let identifier = '';
  let isOpen = false;

  const reset = (): void => {
    parts = [];
    length = 0;
    identifier = '';
    isOpen = false;
  };

  return {
    push(report) {
      if (!isOpen) identifier = report.identifier;
      isOpen = true;
      length += report.data.length;
      if (length <= SCAN_LENGTH_MAX) parts.push(report.data);
      if (report.continued) return null;
      const text =
        length <= SCAN_LENGTH_MAX ? identifier + textOfBytes(Buffer.concat(parts)) : null;
      reset();
      return { text };
    },
    reset,
    isOpen: () => isOpen,
  };
}
