import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiptDocument } from '#contract/device.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { virtualWire } from '#hardware/printer/make-transport.ts';
import {
  DEFAULT_PROFILE,
  PRINTER_PROFILES,
  profileById,
} from '#hardware/printer/profile-catalogue.ts';
import type { PrinterProfile } from '#hardware/printer/profile.ts';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { RealTimeFront } from '#hardware/virtual/real-time.ts';
import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import { ARABIC_RECEIPT, pair, SHORT_RECEIPT, text, TURKISH_RECEIPT } from './receipts.ts';

interface Printed {
  readonly bytes: Buffer;
  readonly lacking: readonly string[];
  readonly strips: readonly PaperStrip[];
  readonly words: string;
  readonly trace: string;
  readonly problems: readonly string[];
}

/** Lays a document out and prints it on a virtual printer of the same profile. */
async function printed(
  document: ReceiptDocument,
  profile: PrinterProfile = DEFAULT_PROFILE,
): Promise<Printed> {
  const { bytes, lacking } = await layoutReceipt(document, profile);
  const strips: PaperStrip[] = [];
  const { printer } = virtualWire(profile, (strip) => void strips.push(strip));
  expect(printer.receive(bytes)).toBe(bytes.length);
  const lines = printer.trace.lines;
  return {
    bytes,
    lacking,
    strips,
    words: strips.map(textOf).join('\n'),
    trace: lines.map((each) => (each.kind === 'text' ? `"${each.text}"` : each.text)).join('\n'),
    problems: lines.filter((each) => each.kind === 'problem').map((each) => each.text),
  };
}

function receipt(lines: readonly ReceiptLine[], language = 'tr'): ReceiptDocument {
  return { language, openDrawer: false, lines };
}

function golden(name: string): string {
  return readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
}

function asGolden(result: Printed): string {
  const hex = result.bytes.toString('hex').match(/.{1,64}/g) ?? [];
  return `${result.words}\n\n${result.trace}\n\n${hex.join('\n')}\n`;
}

describe('a whole receipt', () => {
  it('in Turkish on 80 mm is the golden one, byte for byte', async () => {
    expect(asGolden(await printed(TURKISH_RECEIPT))).toBe(golden('turkish-80.txt'));
  });

  it('in Turkish on 58 mm is the golden one, byte for byte', async () => {
    const narrow = profileById('generic-58') ?? DEFAULT_PROFILE;
    const result = await printed(TURKISH_RECEIPT, narrow);
    const hex = result.bytes.toString('hex').match(/.{1,64}/g) ?? [];
    expect(`${result.trace}\n\n${hex.join('\n')}\n`).toBe(golden('turkish-58.txt'));
  });

  it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
    'prints on %s without one command the printer does not know',
    async (_, profile) => {
      for (const document of [TURKISH_RECEIPT, ARABIC_RECEIPT, SHORT_RECEIPT]) {
        const result = await printed(document, profile);
        expect(result.problems).toEqual([]);
        expect(result.lacking).toEqual([]);
      }
    },
  );

  it('selects the page by the number this printer has for it', async () => {
    const zjiang = await printed(SHORT_RECEIPT, profileById('zjiang-80') ?? DEFAULT_PROFILE);
    expect(zjiang.bytes.subarray(0, 7).toString('hex')).toBe('1b401b743d1c2e');
    const epson = await printed(SHORT_RECEIPT, profileById('epson-tm-t20') ?? DEFAULT_PROFILE);
    expect(epson.bytes.subarray(0, 6).toString('hex')).toBe('1b401b740d54');
  });
});

describe('lines', () => {
  it('a long label goes on below, its value stands at the end of the last line', async () => {
    const long = pair('1 Filtre kahve çekirdeği, Guatemala Huehuetenango, öğütülmüş', '320,00');
    expect((await printed(receipt([long]))).words).toBe(
      '1 Filtre kahve çekirdeği, Guatemala\nHuehuetenango, öğütülmüş                  320,00',
    );
  });

  it('a value that leaves no room for its label gets a line of its own', async () => {
    const wide = pair('Toplam', 'x'.repeat(44));
    expect((await printed(receipt([wide]))).words).toBe(`Toplam\n    ${'x'.repeat(44)}`);
  });

  it('amounts in lira say TL, and never a question mark', async () => {
    const { words, bytes, lacking } = await printed(
      receipt([pair('Toplam', '₺1.234,50'), text('Kur: 1 € = ₺50')]),
    );
    expect(words).toBe('Toplam                               1.234,50 TL\nKur: 1 € = 50 TL');
    expect(bytes.includes('?')).toBe(false);
    expect(lacking).toEqual([]);
  });

  it('in Arabic start from the right, words and numbers alike', async () => {
    const { strips } = await printed(receipt([text('abc'), pair('Flat white', '18.00')], 'ar'));
    expect(strips[0]?.marks).toMatchObject([
      { text: 'abc', x: 540 },
      { text: '18.00                                 Flat white' },
    ]);
  });

  it('new lines inside a text are new lines on paper', async () => {
    expect((await printed(receipt([text('bir\niki\r\nüç')]))).words).toBe('bir\niki\nüç');
  });

  it('the drawer opens once, before the paper moves, and only when asked', async () => {
    expect((await printed(TURKISH_RECEIPT)).trace.match(/ESC p/g)).toHaveLength(1);
    expect((await printed(SHORT_RECEIPT)).trace).not.toContain('ESC p');
    expect(
      (await printed({ ...SHORT_RECEIPT, lines: [], openDrawer: true })).bytes.toString('hex'),
    ).toBe('1b401b740d1c2e1b700019fa');
  });

  it('a job that does not end in a cut gets one, so that the next begins on its own paper', async () => {
    const { strips, trace } = await printed(receipt([text('a'), { kind: 'cut' }, text('b')]));
    expect(strips.map(textOf)).toEqual(['a', 'b']);
    expect(trace.match(/GS V/g)).toHaveLength(2);
  });

  it('without a cutter the paper is fed to the tear bar', async () => {
    const { trace, strips } = await printed(
      SHORT_RECEIPT,
      profileById('generic-58') ?? DEFAULT_PROFILE,
    );
    expect(strips).toEqual([]);
    expect(trace.endsWith('ESC d: 1b 64 04')).toBe(true);
  });
});

describe('what a printer cannot write', () => {
  it('is drawn as dots, so that it can be read all the same', async () => {
    const { strips, lacking } = await printed(receipt([text('مرحبا Ayşe'), text('Ayşe')]));
    expect(strips[0]?.marks).toMatchObject([
      { kind: 'dots', source: 'image' },
      { kind: 'text', text: 'Ayşe' },
    ]);
    expect(lacking).toEqual([]);
  });

  it('but in no font we have is a box for all to see, and is reported', async () => {
    const { strips, lacking } = await printed(receipt([text('積分 Ayşe 😀')]));
    expect(strips[0]?.marks).toMatchObject([{ kind: 'dots', source: 'image' }]);
    expect(lacking).toEqual(['U+7A4D', 'U+5206', 'U+1F600']);
  });

  it('a code that cannot be drawn is printed as text, and is reported', async () => {
    const { words, lacking } = await printed(
      receipt([
        { kind: 'barcode', symbology: 'ean13', content: '2900000000019' },
        { kind: 'barcode', symbology: 'code128', content: 'A'.repeat(48) },
        { kind: 'qr', content: 'a\u0010\u0004\u0001', caption: null },
      ]),
    );
    expect(words.split('\n').map((each) => each.trim())).toEqual([
      '2900000000019',
      'A'.repeat(48),
      'a',
    ]);
    expect(lacking).toEqual([
      'the check digit of this EAN-13 is wrong',
      'a Code 128 too long for the paper',
      'a printed QR code holds no control characters',
    ]);
  });
});

describe('any document the contract allows', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom(...'ğĞıİşŞ₺€ 1,.-\u001B\u001D\u0010\u0004\u0001\n'),
      maxLength: 80,
    }),
  );
  const size = fc.constantFrom('normal' as const, 'large' as const, 'huge' as const);
  const line: fc.Arbitrary<ReceiptLine> = fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      text: words,
      align: fc.constantFrom('start' as const, 'center' as const, 'end' as const),
      size,
      bold: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('pair' as const),
      start: words,
      end: words,
      size,
      bold: fc.boolean(),
      inverted: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('barcode' as const),
      symbology: fc.constantFrom('ean13' as const, 'code128' as const),
      content: fc.string({ minLength: 1, maxLength: 48 }),
    }),
    fc.record({
      kind: fc.constant('qr' as const),
      content: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
      caption: fc.option(words),
    }),
    fc.constantFrom(
      { kind: 'rule' as const },
      { kind: 'space' as const },
      { kind: 'cut' as const },
    ),
  );
  const document = fc.record({
    language: fc.constantFrom('tr', 'de', 'ar', 'en-US', ''),
    lines: fc.array(line, { maxLength: 6 }),
    openDrawer: fc.boolean(),
  });
  const profile = fc.constantFrom(...PRINTER_PROFILES);

  it('prints without a mistake, in known commands, and no word of it is obeyed', async () => {
    await fc.assert(
      fc.asyncProperty(document, profile, async (any, on) => {
        fc.pre(receiptDocument.safeParse(any).success);
        const { bytes, problems } = await printed(any, on);
        expect(problems).toEqual([]);
        expect(bytes.subarray(0, 4).toString('hex')).toMatch(/^1b401b74/);
        const front = new RealTimeFront();
        expect([...bytes].filter((byte) => front.take(byte) !== null)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
