import { DEFAULT_LINE_SPACING_DOTS } from './print-settings.ts';
import { drawBarcode, drawColumns, drawRaster, graphicsFunction } from './drawing-effects.ts';
import { symbolFunction } from './symbol-effects.ts';
import type { PrintEngine } from './print-engine.ts';

type Effect = (engine: PrintEngine, bytes: Uint8Array) => void;

const nothing: Effect = () => undefined;

/** Commands that set how text looks. */
const TEXT: readonly (readonly [string, Effect])[] = [
  ['ESC @', (engine) => engine.initialise()],
  [
    'ESC !',
    (engine, bytes) => {
      const mode = at(bytes, 2);
      Object.assign(engine.settings, {
        font: (mode & 0x01) === 0 ? 'A' : 'B',
        bold: (mode & 0x08) !== 0,
        scaleY: (mode & 0x10) === 0 ? 1 : 2,
        scaleX: (mode & 0x20) === 0 ? 1 : 2,
        underline: (mode & 0x80) === 0 ? 0 : 1,
      });
    },
  ],
  [
    'GS !',
    (engine, bytes) => {
      engine.settings.scaleX = ((at(bytes, 2) >> 4) & 7) + 1;
      engine.settings.scaleY = (at(bytes, 2) & 7) + 1;
    },
  ],
  ['ESC E', (engine, bytes) => void (engine.settings.bold = (at(bytes, 2) & 1) === 1)],
  ['ESC G', (engine, bytes) => void (engine.settings.doubleStrike = (at(bytes, 2) & 1) === 1)],
  ['GS B', (engine, bytes) => void (engine.settings.inverted = (at(bytes, 2) & 1) === 1)],
  [
    'ESC -',
    (engine, bytes) => void (engine.settings.underline = chosen([0, 1, 2] as const, bytes)),
  ],
  ['ESC M', (engine, bytes) => void (engine.settings.font = chosen(['A', 'B'] as const, bytes))],
  ['ESC SP', (engine, bytes) => void (engine.settings.characterSpacingDots = at(bytes, 2))],
  ['ESC 2', (engine) => void (engine.settings.lineSpacingDots = DEFAULT_LINE_SPACING_DOTS)],
  ['ESC 3', (engine, bytes) => void (engine.settings.lineSpacingDots = at(bytes, 2))],
  [
    'ESC a',
    (engine, bytes) => {
      if (!engine.line.empty) engine.problem('ESC a in the middle of a line is ignored');
      else engine.settings.align = chosen(['start', 'center', 'end'] as const, bytes);
    },
  ],
  [
    'ESC t',
    (engine, bytes) => {
      engine.settings.page = engine.options.codePages.get(at(bytes, 2)) ?? null;
      if (engine.settings.page === null)
        engine.problem(`code page ${at(bytes, 2)} is not in this printer`);
    },
  ],
  [
    'ESC R',
    (engine, bytes) => {
      if (at(bytes, 2) !== 0) engine.problem('only the international set 0 (U.S.A.) is drawn');
    },
  ],
];

/** Commands that move the paper or the print position. */
const POSITION: readonly (readonly [string, Effect])[] = [
  ['ESC J', (engine, bytes) => engine.line.print(engine.settings, at(bytes, 2))],
  [
    'ESC d',
    (engine, bytes) => {
      engine.line.print(engine.settings, at(bytes, 2) * engine.settings.lineSpacingDots);
    },
  ],
  ['ESC $', (engine, bytes) => engine.line.moveTo(word(bytes, 2), engine.settings)],
  [
    'ESC \\',
    (engine, bytes) => {
      const by = word(bytes, 2);
      engine.line.moveTo(
        engine.line.position + (by >= 0x8000 ? by - 0x10000 : by),
        engine.settings,
      );
    },
  ],
  [
    'ESC D',
    (engine, bytes) => {
      engine.settings.tabColumns = [...bytes.subarray(2, -1)].slice(0, 32);
    },
  ],
  ['GS L', (engine, bytes) => setArea(engine, word(bytes, 2), engine.settings.areaWidthDots)],
  ['GS W', (engine, bytes) => setArea(engine, engine.settings.leftMarginDots, word(bytes, 2))],
  ['GS V', (engine, bytes) => cutPaper(engine, bytes)],
  ['ESC i', (engine) => cutPaper(engine, Uint8Array.of(0, 0, 0))],
  ['ESC m', (engine) => cutPaper(engine, Uint8Array.of(0, 0, 1))],
];

/** Commands that draw or store symbols and pictures. */
const DRAWING: readonly (readonly [string, Effect])[] = [
  [
    'GS h',
    (engine, bytes) => void (engine.settings.barcode.heightDots = Math.max(1, at(bytes, 2))),
  ],
  [
    'GS w',
    (engine, bytes) => {
      const dots = at(bytes, 2);
      if (dots < 2 || dots > 6) engine.problem(`a barcode module of ${dots} dots is out of 2 to 6`);
      else engine.settings.barcode.moduleDots = dots;
    },
  ],
  [
    'GS f',
    (engine, bytes) => void (engine.settings.barcode.font = chosen(['A', 'B'] as const, bytes)),
  ],
  [
    'GS H',
    (engine, bytes) => {
      engine.settings.barcode.text = chosen(['none', 'above', 'below', 'both'] as const, bytes);
    },
  ],
  ['GS k', drawBarcode],
  ['GS ( k', symbolFunction],
  ['GS v 0', drawRaster],
  ['ESC *', drawColumns],
  ['GS ( L', (engine, bytes) => graphicsFunction(engine, bytes.subarray(5))],
  ['GS 8 L', (engine, bytes) => graphicsFunction(engine, bytes.subarray(7))],
];

/** Commands that move something other than paper, or that are answered in their turn. */
const DEVICES: readonly (readonly [string, Effect])[] = [
  [
    'ESC p',
    (engine, bytes) => engine.events.onDrawer((at(bytes, 2) & 1) === 0 ? 2 : 5, at(bytes, 3) * 2),
  ],
  // Bit 0 chooses the printer; with bit 1 alone what follows is for the display behind it.
  [
    'ESC =',
    (engine, bytes) => void (engine.selected = (at(bytes, 2) & 3) === 2 ? 'display' : 'printer'),
  ],
  ['ESC B', (engine) => engine.events.onBeep()],
  ['ESC ( A', (engine) => engine.events.onBeep()],
  ['GS a', (engine, bytes) => engine.events.onAutomaticStatus(at(bytes, 2))],
  ['GS r', (engine) => engine.events.onPaperAsked()],
  ['GS I', (engine, bytes) => engine.events.onAnswer(identity(at(bytes, 2)))],
  [
    'GS ( H',
    (engine, bytes) => {
      const asked = at(bytes, 5) === 0x30 && at(bytes, 6) === 0x30 && bytes.length === 11;
      if (asked) engine.events.onAnswer(Uint8Array.of(0x37, 0x22, ...bytes.subarray(7, 11), 0));
      else engine.problem('GS ( H asks for something else than a process id');
    },
  ],
];

/** Commands obeyed without a visible effect here: modes this machine has no use for. */
const QUIET: readonly (readonly [string, Effect])[] = [
  'DLE EOT',
  'DLE ENQ',
  'DLE DC4',
  'FS .',
  'ESC U',
  'ESC c',
  'ESC S',
  'ESC ?',
  'ESC %',
  'GS ( D',
  'GS ( E',
  'GS ( K',
  'GS P',
  'GS b',
  'GS ( C',
  'ESC r',
  'ESC u',
  'ESC v',
].map((name) => [name, nothing] as const);

/** Every command this printer obeys, by name. What is not here is a problem on the paper. */
export const COMMANDS: ReadonlyMap<string, Effect> = new Map([
  ...TEXT,
  ...POSITION,
  ...DRAWING,
  ...DEVICES,
  ...QUIET,
]);

/** GS V: the plain forms cut here, the others feed first; ignored unless the line buffer is empty. */
function cutPaper(engine: PrintEngine, bytes: Uint8Array): void {
  if (!engine.line.empty) {
    engine.problem('a cut with text waiting in the line is ignored');
    return;
  }
  if (bytes.length === 4) engine.roll.feed(at(bytes, 3));
  engine.cut([1, 49, 66, 98].includes(at(bytes, 2)) ? 'partial' : 'full');
}

function setArea(engine: PrintEngine, leftDots: number, widthDots: number): void {
  if (!engine.line.empty) {
    engine.problem('a margin in the middle of a line is ignored');
    return;
  }
  const left = Math.min(leftDots, engine.options.widthDots - 12);
  engine.settings.leftMarginDots = left;
  engine.settings.areaWidthDots = Math.max(
    12,
    Math.min(widthDots, engine.options.widthDots - left),
  );
}

/** GS I: one byte of model, type and version; from 65 on a block of text. */
function identity(which: number): Uint8Array {
  const text = { 65: '1.00 ESC/POS', 66: 'Regulars', 67: 'Virtual', 68: '00000000' }[which];
  if (text !== undefined) return Uint8Array.of(0x5f, ...Buffer.from(text, 'latin1'), 0);
  return Uint8Array.of(which === 2 || which === 50 ? 0x02 : 0x01);
}

/** The value a parameter byte chooses; digits count like numbers, out of range the first. */
function chosen<const Choices extends readonly [unknown, ...unknown[]]>(
  choices: Choices,
  bytes: Uint8Array,
): Choices[number] {
  const value = at(bytes, 2);
  return choices[value >= 0x30 ? value - 0x30 : value] ?? choices[0];
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function word(bytes: Uint8Array, index: number): number {
  return at(bytes, index) + at(bytes, index + 1) * 256;
}
