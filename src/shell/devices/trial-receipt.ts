import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';

type Language = 'en' | 'tr' | 'de' | 'ar';

const WORDS: Readonly<Record<Language, { readonly title: string; readonly letters: string }>> = {
  en: { title: 'Test page', letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz' },
  tr: { title: 'Deneme sayfası', letters: 'ÇĞİIÖŞÜ çğıiöşü Fıstıkçı şahap, pijamalı hasta' },
  de: { title: 'Testseite', letters: 'ÄÖÜẞ äöüß Zwölf Boxkämpfer, Größe, Straße' },
  ar: { title: 'صفحة اختبار', letters: 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي' },
};
const DIGITS = '0123456789 .,:;-+*/()% € ₺ $';

/** A page that shows everything a receipt may need; it opens no drawer. */
export function trialReceipt(language: Language): ReceiptDocument {
  const { title, letters } = WORDS[language];
  const others = Object.entries(WORDS).filter(([name]) => name !== language);
  return {
    language,
    lines: [
      { kind: 'text', text: 'Regulars', align: 'center', size: 'large', bold: true },
      text(title),
      { kind: 'rule' },
      text(letters),
      ...others.map(([, { letters: each }]) => text(each)),
      text(DIGITS),
      {
        kind: 'pair',
        start: '1 × 25,00',
        end: '25,00',
        size: 'normal',
        bold: false,
        inverted: false,
      },
      { kind: 'pair', start: 'TOTAL', end: '25,00', size: 'large', bold: true, inverted: false },
      { kind: 'rule' },
      { kind: 'barcode', symbology: 'ean13', content: '4006381333931' },
      { kind: 'qr', content: 'REGULARS TEST', caption: null },
      { kind: 'cut' },
    ],
    openDrawer: false,
  };
}

function text(words: string): ReceiptLine {
  return { kind: 'text', text: words, align: 'start', size: 'normal', bold: false };
}
