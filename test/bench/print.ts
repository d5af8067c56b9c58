import { createBitmap, blacken } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { textOf } from '#hardware/virtual/paper.ts';
import { pngOf } from '#hardware/virtual/png.ts';
import { EPSON_LIKE_80, VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { pictureOf, readQr } from '#test/hardware/virtual/read-picture.ts';
import { median, type Bench, type Figure } from './figures.ts';
import {
  bareEscpos,
  nodeThermalPrinter,
  pointOfSaleEncoder,
  receiptline,
  regulars,
  type Maker,
} from './peers/receipt-makers.ts';

const LOGO = { width: 384, height: 96 } as const;
const QR = 'HTTPS://R.EXAMPLE/7F3K9Q2M';
const LINES = [
  'GÜNEŞ ÇAY EVİ',
  'Bağdat Cd. 12, Kadıköy',
  'Fiş 000123        21.11.2026',
  'Ihlamur çayı           45,00',
  'Poğaça               2x30,00',
  'Şekerli simit          18,00',
  'Üzümlü kek             55,00',
  'TOPLAM             178,00 TL',
  'Kazandığınız puan         23',
  'Bakiyeniz              1.240',
  'Teşekkür ederiz, iyi günler',
  'Öneri: kart İÇİN QR okutun',
] as const;

const RUNS = 400;
const WARM_UP = 100;
/** What comes after: it shows whatever the receipt left behind in the printer. */
const NEXT_RECEIPT = Buffer.from('NEXT\n\u001dV\u0000', 'latin1');
/** Turkish text, logo, QR code, one cut, one drawer pulse, no other letter on this paper or the next. */
const FACTS = ['text', 'logo', 'QR', 'cut', 'drawer', 'clean'] as const;
type Fact = (typeof FACTS)[number];

function logo(): Bitmap {
  const bitmap = createBitmap(LOGO.width, LOGO.height);
  for (let y = 0; y < LOGO.height; y += 1) {
    for (let x = 0; x < LOGO.width; x += 1) {
      const isRing = Math.abs(Math.hypot((x - 192) / 3, y - 48) - 36) < 6;
      if (isRing || (x + y) % 29 === 0) blacken(bitmap, x, y);
    }
  }
  return bitmap;
}

const picture = logo();

/** What comes out of the virtual printer, held against what should. */
async function factsOf(bytes: Buffer): Promise<readonly Fact[]> {
  const strips: PaperStrip[] = [];
  const pulses: number[] = [];
  const printer = new VirtualPrinter(
    { ...EPSON_LIKE_80, bufferBytes: 65_536 },
    {
      onAnswer: () => undefined,
      onStrip: (strip) => void strips.push(strip),
      onDrawer: (pin) => void pulses.push(pin),
    },
  );
  printer.receive(bytes);
  printer.receive(NEXT_RECEIPT);
  const [strip, next, ...more] = strips;
  if (strip === undefined) return [];
  const dots = strip.marks.filter((mark) => mark.kind === 'dots' && mark.source === 'image');
  const text = textOf(strip);
  const isLogo = dots.some(
    (mark) =>
      mark.kind === 'dots' && Buffer.from(mark.bitmap.data).equals(Buffer.from(picture.data)),
  );
  const holds: Readonly<Record<Fact, boolean>> = {
    text: LINES.every((line) => text.includes(line)),
    logo: isLogo,
    QR: readQr(await pictureOf(await pngOf(strip))) === QR,
    cut: strip.cut !== 'torn' && next !== undefined && more.length === 0,
    drawer: pulses.join() === '2',
    clean: strayText(text) === '' && (next === undefined ? '' : textOf(next)) === 'NEXT',
  };
  return FACTS.filter((fact) => holds[fact]);
}

/** What stands on the paper beside the lines: commands that came out as text. */
function strayText(text: string): string {
  return LINES.reduce((rest, line) => rest.replace(line, ''), text).trim();
}

async function millisecondsEach(maker: Maker): Promise<number> {
  for (let run = 0; run < WARM_UP; run += 1) await maker.make();
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startMs = performance.now();
    await maker.make();
    samples.push(performance.now() - startMs);
  }
  return median(samples);
}

interface Outcome {
  readonly name: string;
  readonly right: readonly Fact[];
  readonly bytes: number;
  readonly ms: number;
}

async function measured(maker: Maker): Promise<Outcome> {
  const bytes = await maker.make();
  const right = await factsOf(bytes);
  return { name: maker.name, right, bytes: bytes.length, ms: await millisecondsEach(maker) };
}

/** Who gets what right, one row each: `+` and `-` under the facts. */
function tableOf(outcomes: readonly Outcome[]): string {
  const head = `  ${''.padEnd(46)}${FACTS.map((fact) => fact.padStart(8)).join('')}`;
  const rows = outcomes.map(
    ({ name, right }) =>
      `  ${name.padEnd(46)}${FACTS.map((fact) => (right.includes(fact) ? '+' : '-').padStart(8)).join('')}`,
  );
  return `${[head, ...rows].join('\n')}\n`;
}

/**
 * The same receipt (logo, 12 Turkish lines, QR code, cut, drawer) by Regulars and by what else there
 * is: time, bytes, and who gets what right, read off the virtual printer's paper. Regulars has to be at
 * most as slow and as large as the fastest of the others that is right in everything.
 */
export const print: Bench = {
  name: 'print',
  async run() {
    const receipt = { logo: picture, lines: LINES, qr: QR };
    const makers = [regulars, bareEscpos, pointOfSaleEncoder, nodeThermalPrinter, receiptline];
    const outcomes: Outcome[] = [];
    for (const make of makers) outcomes.push(await measured(make(receipt)));
    process.stdout.write(tableOf(outcomes));
    const fastest = outcomes
      .slice(1)
      .filter(({ right }) => right.length === FACTS.length)
      .toSorted((one, other) => one.ms - other.ms)[0];
    return outcomes.flatMap((outcome, index): Figure[] => {
      const limit = (value: number | undefined): Figure['limit'] =>
        index > 0 || value === undefined ? null : { kind: 'at-most', value };
      const { name, ms, bytes, right } = outcome;
      return [
        { name: `${name}, a receipt`, value: ms, unit: 'ms', limit: limit(fastest?.ms) },
        { name: `${name}, its size`, value: bytes, unit: 'bytes', limit: limit(fastest?.bytes) },
        {
          name: `${name}, right of ${FACTS.length}`,
          value: right.length,
          unit: '',
          limit: index > 0 ? null : { kind: 'at-least', value: FACTS.length },
        },
      ];
    });
  },
};
