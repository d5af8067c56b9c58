import type { PoleLine } from '#contract/device.ts';
import type { UnitView } from '#contract/till-state.ts';
import type { LocalText } from '#contract/member.ts';
import type { ShopperScene, ShopperState } from '#contract/shopper.ts';
import { currencyExponent } from '#loyalty/money.ts';
import { assertNever } from '#loyalty/result.ts';

/** Both lines of a pole display. */
export interface PoleText {
  readonly upper: PoleLine;
  readonly lower: PoleLine;
}

interface Words {
  readonly total: string;
  readonly amount: string;
  readonly welcome: string;
  readonly thanks: string;
  readonly points: string;
  readonly onReceipt: string;
}

const ENGLISH: Words = {
  total: 'Total',
  amount: 'Amount',
  welcome: 'Welcome',
  thanks: 'Thank you',
  points: 'Points',
  onReceipt: 'On your receipt',
};
/** Two lines of twenty: the shortest word that is still one. No pole display has Arabic letters. */
const WORDS: Readonly<Record<ShopperState['shop']['language'], Words>> = {
  en: ENGLISH,
  tr: {
    total: 'Toplam',
    amount: 'Tutar',
    welcome: 'Hoş geldiniz',
    thanks: 'Teşekkürler',
    points: 'Puan',
    onReceipt: 'Fişinizde',
  },
  de: {
    total: 'Summe',
    amount: 'Betrag',
    welcome: 'Willkommen',
    thanks: 'Danke',
    points: 'Punkte',
    onReceipt: 'Auf dem Bon',
  },
  ar: ENGLISH,
};
const NUMBERS = { en: 'en', tr: 'tr', de: 'de', ar: 'en' } as const;
const BLANK: PoleLine = { start: '', end: '' };

/**
 * What the shopper's display shows, in two lines of a pole: the last goods and the sum, then thanks and
 * points. The same scenes, so that the pole never says more than the display may.
 */
export function poleText({ shop, scene }: ShopperState): PoleText {
  const words = WORDS[shop.language];
  const write = writer(shop);
  switch (scene.kind) {
    // Two lines are no place to ask anything.
    case 'join':
    case 'joined':
    case 'survey':
    case 'idle':
      return { upper: { start: shop.storeName, end: '' }, lower: BLANK };
    case 'dark':
      return { upper: BLANK, lower: BLANK };
    case 'basket':
      return basketText(scene, words, write);
    case 'thanks':
      return {
        upper: { start: words.thanks, end: write.money(scene.totalMinor) },
        lower: thanksLine(scene, words, write),
      };
    default:
      return assertNever(scene, 'scene');
  }
}

type Scene<Kind extends ShopperScene['kind']> = Extract<ShopperScene, { kind: Kind }>;
type Writer = ReturnType<typeof writer>;

function basketText(scene: Scene<'basket'>, words: Words, write: Writer): PoleText {
  const line = scene.lines.at(-1);
  if (line === undefined) {
    const balance = scene.shopper?.balance ?? null;
    return {
      upper: { start: scene.shopper?.firstName ?? words.welcome, end: '' },
      lower:
        balance === null
          ? BLANK
          : {
              start: unitWord(balance.unit, words),
              end: write.amount(balance.points, balance.unit),
            },
    };
  }
  const { name, quantityMilli, grossMinor } = line;
  const goods = name === null ? words.amount : write.name(name);
  const many = quantityMilli === 1000 ? '' : `${write.number(quantityMilli / 1000)}x `;
  return {
    upper: { start: `${many}${goods}`.slice(0, 80), end: write.money(grossMinor) },
    lower: { start: words.total, end: write.money(scene.totalMinor) },
  };
}

function thanksLine(scene: Scene<'thanks'>, words: Words, write: Writer): PoleLine {
  const { earned, claimable, balanceAfter } = scene;
  const amount = (points: number): string => write.amount(points, scene.unit);
  if (claimable > 0) return { start: words.onReceipt, end: `+${amount(claimable)}` };
  const balance = balanceAfter === null ? '' : amount(balanceAfter);
  const label = unitWord(scene.unit, words);
  if (earned > 0) return { start: `${label} +${amount(earned)}`.trim(), end: balance };
  return balance === '' ? BLANK : { start: label, end: balance };
}

/** Money and stamps are no points: they stand alone. */
function unitWord(unit: UnitView, words: Words): string {
  return unit.kind === 'points' ? words.points : '';
}

/** Latin digits in every language: a pole has no others. */
function writer({ currency, language }: ShopperState['shop']) {
  const locale = `${NUMBERS[language]}-u-nu-latn`;
  const digits = currencyExponent(currency);
  const money = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return {
    money: (minor: number) => money.format(minor / 10 ** digits),
    number: (value: number) => number.format(value),
    amount: (value: number, unit: UnitView) =>
      unit.kind === 'money'
        ? money.format(value / 10 ** digits)
        : number.format(value / 10 ** unit.scale),
    // A name in Arabic would be a row of blanks.
    name: (name: LocalText) =>
      (language === 'ar' ? name['en'] : undefined) ?? name[language] ?? name['en'] ?? '',
  };
}
