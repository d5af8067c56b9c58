import { type Currency, currencyExponent } from '#loyalty/money.ts';

/** Names that presets give to what they make, in the four languages of the counter. */
export type FourTongues = Readonly<Record<'en' | 'tr' | 'de' | 'ar', string>>;

/** An amount as receipts write it: a point in English and Arabic, a comma in Turkish and German. */
function amount(minor: number, currency: Currency): readonly [point: string, comma: string] {
  const exponent = currencyExponent(currency);
  const digits = String(minor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const rest = digits.slice(digits.length - exponent);
  return rest === '' ? [whole, whole] : [`${whole}.${rest}`, `${whole},${rest}`];
}

/** "10.00 off". */
export function amountOff(minor: number, currency: Currency): FourTongues {
  const [point, comma] = amount(minor, currency);
  return {
    en: `${point} off`,
    tr: `${comma} indirim`,
    de: `${comma} Rabatt`,
    ar: `خصم ${point}`,
  };
}

/** "10 % off". */
export function percentOff(percent: number): FourTongues {
  return {
    en: `${percent}% off`,
    tr: `%${percent} indirim`,
    de: `${percent} % Rabatt`,
    ar: `خصم ${percent}%`,
  };
}

/** "1 point per 1.00". */
export function pointsForMoney(points: string): FourTongues {
  return {
    en: `${points} points per 1.00`,
    tr: `Her 1,00 için ${points} puan`,
    de: `${points} Punkte je 1,00`,
    ar: `${points} نقطة لكل 1.00`,
  };
}

/** "100 points more". */
export function bonusPoints(points: number): FourTongues {
  return {
    en: `${points} bonus points`,
    tr: `${points} hediye puan`,
    de: `${points} Bonuspunkte`,
    ar: `${points} نقطة إضافية`,
  };
}

/** What points are called where a shop has no name of its own. */
export const pointsWord: FourTongues = { en: 'points', tr: 'puan', de: 'Punkte', ar: 'نقطة' };
/** The programme's name until the shop gives it another. */
export const ourRegulars: FourTongues = {
  en: 'Our regulars',
  tr: 'Müdavimlerimiz',
  de: 'Unsere Stammkunden',
  ar: 'زبائننا الدائمون',
};
/** A free unit. */
export const oneFree: FourTongues = {
  en: 'One on us',
  tr: 'Bizden bir tane',
  de: 'Eins geht auf uns',
  ar: 'واحدة علينا',
};
/** Paying from stored value. */
export const payFromWallet: FourTongues = {
  en: 'Pay from the wallet',
  tr: 'Cüzdandan öde',
  de: 'Aus dem Guthaben zahlen',
  ar: 'ادفع من المحفظة',
};
/** The paid membership as a product. */
export const membershipWord: FourTongues = {
  en: 'Membership',
  tr: 'Üyelik',
  de: 'Mitgliedschaft',
  ar: 'عضوية',
};
/** The subscription as a product. */
export const subscriptionWord: FourTongues = {
  en: 'Subscription',
  tr: 'Abonelik',
  de: 'Abonnement',
  ar: 'اشتراك',
};
/** The four levels most shops have. */
export const levelWords: readonly FourTongues[] = [
  { en: 'Member', tr: 'Üye', de: 'Mitglied', ar: 'عضو' },
  { en: 'Silver', tr: 'Gümüş', de: 'Silber', ar: 'فضي' },
  { en: 'Gold', tr: 'Altın', de: 'Gold', ar: 'ذهبي' },
  { en: 'Platinum', tr: 'Platin', de: 'Platin', ar: 'بلاتيني' },
];
