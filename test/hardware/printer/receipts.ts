import type { PairLine, ReceiptDocument, ReceiptLine, TextLine } from '#loyalty/receipt.ts';

/** One line of text; centred only when asked. */
export function text(words: string, look: Partial<TextLine> = {}): TextLine {
  return { kind: 'text', text: words, align: 'start', size: 'normal', bold: false, ...look };
}

/** A label and its value. */
export function pair(start: string, end: string, look: Partial<PairLine> = {}): PairLine {
  return { kind: 'pair', start, end, size: 'normal', bold: false, inverted: false, ...look };
}

const RULE: ReceiptLine = { kind: 'rule' };
const SPACE: ReceiptLine = { kind: 'space' };
const CUT: ReceiptLine = { kind: 'cut' };

/** A Turkish shop's receipt with everything one can hold. */
export const TURKISH_RECEIPT: ReceiptDocument = {
  language: 'tr',
  openDrawer: true,
  lines: [
    text('MODA KAHVE', { align: 'center', size: 'huge', bold: true }),
    text('Caferağa Mah. Moda Cad. No 12, Kadıköy', { align: 'center' }),
    text('21.11.2026 14:32 · Kasa 2 · Elif K.', { align: 'center' }),
    RULE,
    pair('2 Flat white', '₺180,00'),
    pair('1 Simit, susamlı', '₺45,00'),
    pair('1 Filtre kahve çekirdeği, Guatemala Huehuetenango, öğütülmüş 250 g', '₺320,00'),
    pair('  Simit hediye (150 puan)', '-₺45,00'),
    RULE,
    pair('TOPLAM', '₺500,00', { size: 'huge', bold: true }),
    pair('Kart', '₺500,00'),
    RULE,
    pair('Ayşe Y.', 'ALTIN', { inverted: true, bold: true }),
    pair('KAZANDIĞINIZ', '23 PUAN', { size: 'large', bold: true }),
    pair('Kullandığınız 150', '15,00 TL'),
    pair('Puanınız 335', '33,50 TL', { bold: true }),
    pair('Platin üyeliğe kalan', '380'),
    pair('40 puanın son günü', '31.12.2026'),
    {
      kind: 'qr',
      content: 'HTTPS://R.EXAMPLE/7F3K9Q2M',
      caption: 'Puanların, geçmişin, iade için okut',
    },
    text('R7F3-K9Q2', { align: 'center' }),
    SPACE,
    { kind: 'barcode', symbology: 'ean13', content: '2900000000018' },
    CUT,
  ],
};

/** The shortest receipt that still is one. */
export const SHORT_RECEIPT: ReceiptDocument = {
  language: 'tr',
  openDrawer: false,
  lines: [text('Teşekkürler, yine bekleriz.'), CUT],
};

/** An Arabic receipt: no code page of ours writes it. */
export const ARABIC_RECEIPT: ReceiptDocument = {
  language: 'ar',
  openDrawer: false,
  lines: [
    text('مقهى مودا', { align: 'center', size: 'huge', bold: true }),
    text('شارع الملك فهد، الرياض', { align: 'center' }),
    RULE,
    pair('2 قهوة بيضاء', '36.00'),
    pair('1 كعكة بالسمسم', '9.00'),
    pair('2 Flat white', '18.00'),
    RULE,
    pair('المجموع', '45.00', { size: 'huge', bold: true }),
    pair('عائشة', 'ذهبي', { inverted: true }),
    pair('لقد ربحت', '23 نقطة', { size: 'large', bold: true }),
    pair('رصيدك', '335'),
    { kind: 'qr', content: 'HTTPS://R.EXAMPLE/7F3K9Q2M', caption: 'نقاطك ومشترياتك' },
    CUT,
  ],
};
