import { describe, expect, it } from 'vitest';
import type { EscposPrinter } from '#hardware/escpos/escpos-types.ts';
import type { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { virtualWire } from '#hardware/printer/make-transport.ts';
import { PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { pngOf } from '#hardware/virtual/png.ts';
import { captured } from '#test/hardware/escpos/captured.ts';
import { TURKISH_RECEIPT } from '#test/hardware/printer/receipts.ts';
import { decodersMissing, readByDmtx, readByZbar } from '#test/hardware/support/decoders.ts';
import { needs } from '#test/support/needs.ts';
import { bench } from './workshop.ts';

const missing = await decodersMissing();

async function paperOf(use: (printer: TillPrinter) => EscposPrinter): Promise<Buffer> {
  const { printer, strips, problems } = bench();
  printer.receive(captured((till) => use(till.begin().align('ct').feed(3)).feed(3)));
  printer.tear();
  expect(problems()).toEqual([]);
  return pngOf(strips[0] ?? expect.fail('nothing was printed'));
}

describe(
  'codes on the virtual printer’s paper are read back by zbar and libdmtx',
  needs(missing),
  () => {
    it.each([
      ['EAN-13', '8690504000013', '8690504000013'],
      ['EAN-8', '96385074', '96385074'],
      ['CODE-128', 'LYL-000123', 'LYL-000123'],
      ['CODE-128', '2900000000018', '2900000000018'],
      ['CODE-128', 'aB{}~ ^_`', 'aB{}~ ^_`'],
      ['CODE-39', 'REG-42', 'REG-42'],
      ['I2/5', '123456', '123456'],
    ] as const)('%s of %s', async (type, content, read) => {
      const kinds = {
        'EAN-13': 'EAN13',
        'EAN-8': 'EAN8',
        'CODE-128': 'CODE128',
        'CODE-39': 'CODE39',
        'I2/5': 'ITF',
      } as const;
      const png = await paperOf((till) =>
        till.barcode(content, kinds[type], { width: 2, height: 90 }),
      );
      expect(await readByZbar(png)).toEqual([{ type, text: read }]);
    });

    it.each(['R:7K3QXB2M4', 'HTTPS://R.EXAMPLE/C/7K3QXB2M4', '2900000000018', 'x'.repeat(300)])(
      'QR code of %s',
      async (content) => {
        const png = await paperOf((till) => till.qrcode(content, null, 'M', 5));
        expect(await readByZbar(png)).toEqual([{ type: 'QR-Code', text: content }]);
      },
    );

    it.each(['2900000000018', 'https://r.example/c/7K3Q', 'x'.repeat(80)])(
      'Data Matrix of %s',
      async (content) => {
        const png = await paperOf((till) => till.dataMatrix(content, 5));
        expect(await readByDmtx(png)).toBe(content);
      },
    );

    it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
      'both codes of a whole receipt, on %s',
      async (_, profile) => {
        const { bytes } = await layoutReceipt(TURKISH_RECEIPT, profile);
        const strips: PaperStrip[] = [];
        const { printer } = virtualWire(profile, (strip) => void strips.push(strip));
        printer.receive(bytes);
        printer.tear();
        const png = await pngOf(strips[0] ?? expect.fail('nothing was printed'));
        const read = await readByZbar(png);
        expect(read.toSorted((a, b) => a.type.localeCompare(b.type))).toEqual([
          { type: 'EAN-13', text: '2900000000018' },
          { type: 'QR-Code', text: 'HTTPS://R.EXAMPLE/7F3K9Q2M' },
        ]);
      },
    );

    it('finds nothing on paper without a code', async () => {
      const png = await paperOf((till) => till.text('8690504000013'));
      expect(await readByZbar(png)).toEqual([]);
      expect(await readByDmtx(png)).toBe('');
    });
  },
);
