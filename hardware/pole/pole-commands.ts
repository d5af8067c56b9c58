/** Characters of one line; every CD5220 display of the trade is 2 × 20. */
export const POLE_COLUMNS = 20;

/**
 * The commands of a pole display, each as its bytes.
 *
 * CD5220 is the set nearly every pole display has, whatever else it can be switched to. Text goes by
 * ESC Q A / ESC Q B, which write a whole line in place: nothing scrolls, nothing flickers.
 * Source: CD5220 command list; `select…` is ESC/POS, for a display behind a printer (pass-through).
 */
export const poleCommands = {
  /** ESC @: everything as at power-on. */
  initialize: () => Buffer.from([0x1b, 0x40]),
  /** CLR. */
  clear: () => Buffer.from([0x0c]),
  /** ESC l: columns and rows count from 1. */
  moveTo: (column: number, row: 1 | 2) => {
    if (!Number.isInteger(column) || column < 1 || column > POLE_COLUMNS)
      throw new Error(`a pole display has columns 1 to ${POLE_COLUMNS}, not ${column}`);
    return Buffer.from([0x1b, 0x6c, column, row]);
  },
  /** ESC Q A or ESC Q B: a whole line, padded, ended by CR. `text` is already in the display's code page. */
  line: (row: 1 | 2, text: Uint8Array) => {
    if (text.length > POLE_COLUMNS)
      throw new Error(`a line of a pole display holds ${POLE_COLUMNS} bytes, not ${text.length}`);
    if (text.some((byte) => byte < 0x20)) throw new Error('a control byte in a line of text');
    const line = Buffer.alloc(POLE_COLUMNS + 4, 0x20);
    line.set([0x1b, 0x51, row === 1 ? 0x41 : 0x42]);
    line.set(text, 3);
    line[line.length - 1] = 0x0d;
    return line;
  },
  /** ESC t: the same number means another page at another maker. */
  selectCodePage: (number: number) => Buffer.from([0x1b, 0x74, number]),
  /** ESC = 2: what follows is for the display behind the printer. */
  selectDisplay: () => Buffer.from([0x1b, 0x3d, 2]),
  /** ESC = 1: back to the printer, or the next receipt shows on the display. */
  selectPrinter: () => Buffer.from([0x1b, 0x3d, 1]),
} as const;
