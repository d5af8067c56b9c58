import type { ShopConfig } from '#contract/shop.ts';
import type { LocalText } from '#contract/member.ts';
import { localTime } from '#loyalty/business-day.ts';
import { currencyExponent } from '#loyalty/money.ts';
import { scaleOf } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReceiptLine, TextSize } from '#loyalty/receipt.ts';
import { receiptWords, type ReceiptLanguage, type ReceiptWords } from './words.ts';

/** How figures are written on one receipt: language, currency, zone. */
export interface Writing {
  readonly language: ReceiptLanguage;
  readonly words: ReceiptWords;
  /** `1.234,50` */
  money(amountMinor: number): string;
  /** `1.234,50 TL` */
  moneyNamed(amountMinor: number): string;
  points(amount: number, programme: Programme): string;
  /** `23 puan`, of a programme that counts money `1,50 TL` */
  pointsNamed(amount: number, programme: Programme): string;
  quantity(quantityMilli: number): string;
  number(value: number): string;
  /** A calendar day, `2026-11-22`. */
  day(day: string): string;
  date(atMs: number): string;
  time(atMs: number): string;
  text(text: LocalText): string;
}

/** Latin digits on paper in every language; ₺ is in no printer's code page. */
const LOCALES: Readonly<Record<ReceiptLanguage, string>> = {
  en: 'en-u-nu-latn',
  tr: 'tr-u-nu-latn',
  de: 'de-u-nu-latn',
  ar: 'ar-u-nu-latn',
};
const CURRENCY_WORDS: Readonly<Record<string, string>> = { TRY: 'TL' };

/** The receipt language of a member, or the shop's where the member's is not one of the four. */
export function receiptLanguage(wanted: string | null, config: ShopConfig): ReceiptLanguage {
  return wanted !== null && wanted in receiptWords ? (wanted as ReceiptLanguage) : config.language;
}

/** Makes the writing for one receipt. */
export function writingFor(language: ReceiptLanguage, config: ShopConfig): Writing {
  const { currency, timeZone, market } = config;
  const decimals = currencyExponent(currency);
  const money = (amountMinor: number): string => decimal(amountMinor, decimals, language);
  const named = (amount: string, of: string): string => `${amount} ${CURRENCY_WORDS[of] ?? of}`;
  const points = (amount: number, programme: Programme): string =>
    decimal(amount, scaleOf(programme.unit), language);
  const text = (names: LocalText): string => names[language] ?? names['en'] ?? '';
  const written = (date: string): string => {
    const [year, month, day] = date.split('-');
    return language === 'en' && market === 'US'
      ? `${month}/${day}/${year}`
      : [day, month, year].join(language === 'en' ? '/' : '.');
  };
  const pad = (value: number): string => value.toString().padStart(2, '0');
  return {
    language,
    words: receiptWords[language],
    money,
    moneyNamed: (amountMinor) => named(money(amountMinor), currency),
    points,
    pointsNamed(amount, programme) {
      const { unit, unitName } = programme;
      const figure = points(amount, programme);
      return unit.kind === 'money' ? named(figure, unit.currency) : `${figure} ${text(unitName)}`;
    },
    quantity: (quantityMilli) => formatFor(language, 0, 3).format(quantityMilli / 1000),
    number: (value) => formatFor(language, 0, 3).format(value),
    day: written,
    date: (atMs) => written(localTime(atMs, timeZone).date),
    time(atMs) {
      const { hour, minute } = localTime(atMs, timeZone);
      return `${pad(hour)}:${pad(minute)}`;
    },
    text,
  };
}

/** A whole number of smallest units as a decimal; exact up to 2⁵³, as all amounts here are. */
function decimal(amount: number, digits: number, language: ReceiptLanguage): string {
  return formatFor(language, digits, digits).format(amount / 10 ** digits);
}

const formats = new Map<string, Intl.NumberFormat>();

/** A format is dear to make and free to use: four languages with four precisions are kept. */
function formatFor(language: ReceiptLanguage, least: number, most: number): Intl.NumberFormat {
  const key = `${language} ${least} ${most}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  });
  formats.set(key, made);
  return made;
}

/** Fills `{name}`. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** A paragraph. */
export function textLine(
  text: string,
  more: {
    readonly align?: 'start' | 'center' | 'end';
    readonly size?: TextSize;
    readonly bold?: boolean;
  } = {},
): ReceiptLine {
  return {
    kind: 'text',
    text: text.slice(0, 400),
    align: more.align ?? 'start',
    size: more.size ?? 'normal',
    bold: more.bold ?? false,
  };
}

/** A label and its value. */
export function pairLine(
  start: string,
  end: string,
  more: { readonly size?: TextSize; readonly bold?: boolean } = {},
): ReceiptLine {
  return {
    kind: 'pair',
    start: start.slice(0, 200),
    end: end.slice(0, 100),
    size: more.size ?? 'normal',
    bold: more.bold ?? false,
    inverted: false,
  };
}
