const ESC = 0x1b;
const GS = 0x1d;
const FS = 0x1c;
const DLE = 0x10;

/** The commands Regulars sends that escpos has wrong or not at all, as bytes. Ranges are asserted. */
export const commands = {
  /** Leaves multi-byte mode, which firmware sold in Asia starts in; harmless elsewhere. */
  cancelKanji: (): Buffer => Buffer.from([FS, 0x2e]),
  feedDots: (dots: number): Buffer => Buffer.from([ESC, 0x4a, byte(dots)]),
  feedLines: (lines: number): Buffer => Buffer.from([ESC, 0x64, byte(lines)]),
  reverse: (on: boolean): Buffer => Buffer.from([GS, 0x42, on ? 1 : 0]),
  emphasis: (on: boolean): Buffer => Buffer.from([ESC, 0x45, on ? 1 : 0]),
  underline: (dots: 0 | 1 | 2): Buffer => Buffer.from([ESC, 0x2d, dots]),
  /** Dots from the left edge. */
  leftMargin: (dots: number): Buffer => Buffer.from([GS, 0x4c, ...word(dots)]),
  printAreaWidth: (dots: number): Buffer => Buffer.from([GS, 0x57, ...word(dots)]),
  /** Feeds to the cutter plus `feedDots`, then cuts; ignored unless the line buffer is empty. */
  cutAfterFeed: (partial: boolean, feedDots = 0): Buffer =>
    Buffer.from([GS, 0x56, partial ? 0x42 : 0x41, byte(feedDots)]),
  /** Kicks a drawer. The printer counts in 2 ms; an off time under four on times burns solenoids. */
  drawerPulse: (pin: 2 | 5, onMs: number, offMs: number): Buffer =>
    Buffer.from([
      ESC,
      0x70,
      pin === 2 ? 0 : 1,
      byte(Math.round(onMs / 2)),
      byte(Math.round(offMs / 2)),
    ]),
  /** Kicks a drawer at once, ahead of what is buffered; counts in 100 ms, 1 to 8. */
  drawerPulseNow: (pin: 2 | 5, onUnits: number): Buffer =>
    Buffer.from([DLE, 0x14, 1, pin === 2 ? 0 : 1, within(onUnits, 1, 8)]),
  /** Makes the printer deaf to DLE DC4 inside data: function 1 kicks, function 2 powers off. */
  setRealTimePulse: (enabled: boolean): Buffer =>
    Buffer.from([GS, 0x28, 0x44, 3, 0, 0x14, 1, enabled ? 1 : 0]),
  disableRealTimePulseAndPowerOff: (): Buffer =>
    Buffer.from([GS, 0x28, 0x44, 5, 0, 0x14, 1, 0, 2, 0]),
  /** Asks for status 1 printer, 2 offline cause, 3 error cause, 4 paper; answered at once. */
  requestStatus: (kind: 1 | 2 | 3 | 4): Buffer => Buffer.from([DLE, 0x04, kind]),
  /** Status sent unasked on a change: 1 drawer, 2 online, 4 errors, 8 paper. */
  automaticStatus: (mask: number): Buffer => Buffer.from([GS, 0x61, byte(mask)]),
  /** Asks for the paper sensor in turn, so the answer follows what was sent before. */
  requestPaperInTurn: (): Buffer => Buffer.from([GS, 0x72, 1]),
  /** Clears an error and the buffers behind it. */
  recoverClearingBuffers: (): Buffer => Buffer.from([DLE, 0x05, 2]),
  /** Asks to hear `id` (four characters 20 to 7E) once everything before it is on paper. */
  requestProcessId: (id: string): Buffer =>
    Buffer.from([GS, 0x28, 0x48, 6, 0, 0x30, 0x30, ...processIdBytes(id)]),
  /** Beeper most clones have: `times` 1 to 9, each 100 ms times `lengthUnits` 1 to 9. */
  beepClone: (times: number, lengthUnits: number): Buffer =>
    Buffer.from([ESC, 0x42, within(times, 1, 9), within(lengthUnits, 1, 9)]),
  /** Epson's integrated beeper: on and off in 100 ms. */
  beepEpson: (times: number, lengthUnits: number): Buffer =>
    Buffer.from([
      ESC,
      0x28,
      0x41,
      5,
      0,
      0x61,
      0x64,
      within(times, 1, 63),
      byte(lengthUnits),
      byte(lengthUnits),
    ]),
} as const;

/** Sixteen bits, low byte first. */
export function word(value: number): [number, number] {
  within(value, 0, 65_535);
  return [value & 0xff, value >> 8];
}

/** The four bytes of a process id, checked. */
export function processIdBytes(id: string): Buffer {
  const bytes = Buffer.from(id, 'latin1');
  const allowed = bytes.every((each) => each >= 0x20 && each <= 0x7e);
  if (bytes.length !== 4 || !allowed)
    throw new Error('a process id is four characters of 20 to 7E');
  return bytes;
}

function byte(value: number): number {
  return within(value, 0, 255);
}

function within(value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${value} is not an integer from ${least} to ${most}`);
  }
  return value;
}
