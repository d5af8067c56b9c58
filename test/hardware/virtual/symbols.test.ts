import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EscposPrinter } from '#hardware/escpos/escpos-types.ts';
import type { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { DEFAULT_PROFILE, PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import { virtualWire } from '#hardware/printer/make-transport.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { pngOf } from '#hardware/virtual/png.ts';
import { captured } from '#test/hardware/escpos/captured.ts';
import { TURKISH_RECEIPT } from '#test/hardware/printer/receipts.ts';
import { code128, ean13, pictureOf, readBarcodes, readQr, type Picture } from './read-picture.ts';
import { bench } from './workshop.ts';

async function printed(use: (printer: TillPrinter) => EscposPrinter): Promise<Picture> {
  const { printer, strips, problems } = bench();
  printer.receive(captured((till) => use(till.begin().align('ct'))));
  printer.tear();
  expect(problems()).toEqual([]);
  return pictureOf(await pngOf(strips[0] ?? expect.fail('nothing was printed')));
}

describe('codes are read back from the picture by decoders that share nothing with the printer', () => {
  it('QR codes of any content, by jsQR', async () => {
    const content = fc.oneof(
      fc.stringMatching(/^[A-Z0-9:/.-]{1,60}$/),
      fc.webUrl(),
      fc.constantFrom('İğşçöü ıÇÖ', 'مرحبا', 'REG1000000457'),
    );
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        expect(
          readQr(await printed((till) => till.feed(4).qrcode(text, null, 'M', 5).feed(4))),
        ).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('QR codes drawn as dots, for printers that draw none', async () => {
    const picture = await printed((till) =>
      till.feed(4).qrimage('HTTPS://R.EXAMPLE/7F3K9Q2M').feed(4),
    );
    expect(readQr(picture)).toBe('HTTPS://R.EXAMPLE/7F3K9Q2M');
  });

  it('EAN-13 of any twelve digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[0-9]{12}$/), async (digits) => {
        const picture = await printed((till) => till.barcode(digits, 'EAN13'));
        const read = readBarcodes(picture, ean13);
        expect(read).toHaveLength(1);
        expect(read[0]?.slice(0, 12)).toBe(digits);
      }),
      { numRuns: 15 },
    );
  });

  it('Code 128 of any text, in set B, in set C and with braces', async () => {
    const code = fc.oneof(
      fc.stringMatching(/^[ -~]{1,14}$/),
      fc.stringMatching(/^([0-9]{2}){2,12}$/),
    );
    await fc.assert(
      fc.asyncProperty(code, async (text) => {
        const picture = await printed((till) => till.barcode(text, 'CODE128', { width: 2 }));
        expect(readBarcodes(picture, code128)).toEqual([text]);
      }),
      { numRuns: 20 },
    );
  });

  it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
    'the QR code and the card number of a whole receipt, on %s',
    async (_, profile) => {
      const { bytes } = await layoutReceipt(TURKISH_RECEIPT, profile);
      const strips: PaperStrip[] = [];
      const { printer } = virtualWire(profile, (strip) => void strips.push(strip));
      printer.receive(bytes);
      printer.tear();
      const picture = await pictureOf(await pngOf(strips[0] ?? expect.fail('nothing was printed')));
      expect(readQr(picture)).toBe('HTTPS://R.EXAMPLE/7F3K9Q2M');
      expect(readBarcodes(picture, ean13)).toEqual(['2900000000018']);
    },
  );

  it('a module of the printed QR code is at least four dots, even at 300 characters on 58 mm', async () => {
    const content = 'https://r.example/'.padEnd(300, 'x');
    const narrow = PRINTER_PROFILES.find((each) => each.id === 'generic-58') ?? DEFAULT_PROFILE;
    const strips: PaperStrip[] = [];
    const { printer } = virtualWire(narrow, (strip) => void strips.push(strip));
    const lines = [{ kind: 'qr', content, caption: null }] as const;
    printer.receive(
      (await layoutReceipt({ language: 'tr', openDrawer: false, lines }, narrow)).bytes,
    );
    printer.tear();
    const mark = strips[0]?.marks.find((each) => each.kind === 'dots');
    expect(mark?.scaleX).toBeGreaterThanOrEqual(4);
    expect(
      readQr(await pictureOf(await pngOf(strips[0] ?? expect.fail('nothing was printed')))),
    ).toBe(content);
  });
});
