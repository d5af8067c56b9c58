import {
  codePageLadder,
  ladderLetters,
  paperWidths,
  type PairingPage,
  type PrinterPairing,
} from '#contract/printer-pairing.ts';
import { encodeText } from '#hardware/escpos/code-page.ts';
import { commands } from '#hardware/escpos/commands.ts';
import { assertNever } from '#loyalty/result.ts';
import type { LaidOutReceipt } from './layout.ts';
import type { PrinterProfile } from './profile.ts';

const INITIALISE = Buffer.from([0x1b, 0x40]);
const CANCEL_KANJI = Buffer.from([0x1c, 0x2e]);
const LINE_FEED = Buffer.from([0x0a]);

/** A profile with what pairing found out about the one printer that is there. */
export function paired(profile: PrinterProfile, pairing: PrinterPairing): PrinterProfile {
  const { codePage, columns } = pairing;
  const width = paperWidths.find((each) => each.columns === columns);
  const page =
    codePage === null
      ? {}
      : {
          codePages: { ...profile.codePages, [codePage.page]: codePage.number },
          textPage: codePage.page,
        };
  if (width === undefined) return { ...profile, ...page };
  const { widthDots } = width;
  const paperMm = widthDots < 500 ? 58 : 80;
  return {
    ...profile,
    ...page,
    paperMm,
    widthDots,
    columnsA: width.columns,
    columnsB: Math.floor(widthDots / 9),
  };
}

/**
 * A page to be looked at, in bytes that any printer understands: it must come out of one about which
 * nothing is known yet, so only ASCII, ESC t, and the cut of the profile are in it.
 */
export function pairingBytes(page: PairingPage, profile: PrinterProfile): LaidOutReceipt {
  const kanji = profile.cancelKanji ? CANCEL_KANJI : Buffer.alloc(0);
  const cut =
    profile.cutter === 'none'
      ? Buffer.from([0x1b, 0x64, profile.tearLines])
      : commands.cutAfterFeed(profile.cutter === 'partial');
  return {
    bytes: Buffer.concat([INITIALISE, kanji, ...linesOf(page).flatMap(withEnd), cut]),
    lacking: [],
  };
}

function linesOf(page: PairingPage): readonly Buffer[] {
  switch (page) {
    case 'code-pages':
      return codePageLadder.map(({ rung, page: name, number }) =>
        Buffer.concat([
          Buffer.from(`${String(rung).padStart(2)}  `, 'latin1'),
          Buffer.from([0x1b, 0x74, number]),
          encodeText(name, ladderLetters),
        ]),
      );
    case 'widths':
      return paperWidths.map(({ columns }) => Buffer.from(ruler(columns), 'latin1'));
    default:
      return assertNever(page, 'pairing page');
  }
}

/** `....+....1....+....2....+....3 |32`: where it does not fit, its end stands on the next line. */
function ruler(columns: number): string {
  const end = `|${columns}`;
  const marks = Array.from({ length: columns - end.length }, (_, index) => {
    if ((index + 1) % 10 === 0) return String(((index + 1) / 10) % 10);
    return (index + 1) % 5 === 0 ? '+' : '.';
  });
  return marks.join('') + end;
}

function withEnd(line: Buffer): readonly Buffer[] {
  return [line, LINE_FEED];
}
