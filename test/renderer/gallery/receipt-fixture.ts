import type { z } from 'zod';
import type { receiptDocument } from '#contract/device.ts';

type Receipt = z.infer<typeof receiptDocument>;
type ReceiptLine = Receipt['lines'][number];

const text = (
  words: string,
  size: 'normal' | 'large' | 'huge' = 'normal',
  bold = false,
): ReceiptLine => ({ kind: 'text', text: words, align: 'center', size, bold });
const pair = (
  start: string,
  end: string,
  change: {
    readonly bold?: boolean;
    readonly inverted?: boolean;
    readonly size?: 'normal' | 'huge';
  } = {},
): ReceiptLine => ({
  kind: 'pair',
  start,
  end,
  size: change.size ?? 'normal',
  bold: change.bold ?? false,
  inverted: change.inverted ?? false,
});

/** The receipt of the picture, as a document. */
export function receiptOf(): Receipt {
  return {
    language: 'tr',
    openDrawer: false,
    lines: [
      text('MODA KAHVE', 'huge', true),
      text('21.11.2026 14:32 · Kasa 2 · Elif K.'),
      { kind: 'rule' },
      pair('2 Flat white', '180,00'),
      pair('1 Simit, susamlı', '45,00'),
      pair('* Simit hediye', '−45,00'),
      { kind: 'rule' },
      pair('TOPLAM', '500,00 TL', { bold: true, size: 'huge' }),
      pair('Ayşe Y.', 'ALTIN', { bold: true, inverted: true }),
      pair('Kazandığınız', '1.025 PUAN', { bold: true }),
      pair('Puanınız', '2.159'),
      { kind: 'qr', content: 'R:7K3M9P2QX', caption: '7K3M-9P2QX' },
      { kind: 'cut' },
    ],
  };
}

/** A small strip as the virtual printer draws it. */
export const paperSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 560" width="384" height="560">' +
  '<rect width="384" height="560" fill="#fffdf8"/>' +
  '<text x="192" y="60" font-family="monospace" font-size="34" font-weight="700" text-anchor="middle">MODA KAHVE</text>' +
  '<text x="24" y="120" font-family="monospace" font-size="20">2 Flat white</text>' +
  '<text x="360" y="120" font-family="monospace" font-size="20" text-anchor="end">180,00</text>' +
  '<text x="24" y="170" font-family="monospace" font-size="32" font-weight="700">TOPLAM</text>' +
  '<text x="360" y="170" font-family="monospace" font-size="32" font-weight="700" text-anchor="end">500,00 TL</text>' +
  '<rect x="112" y="220" width="160" height="160" fill="#14120f"/></svg>';
