import type { SetupAnswers } from '#contract/setup.ts';
import { ITEM_SKU } from '#contract/setup.ts';
import { type MarketId, markets } from '#loyalty/market.ts';
import { presetById } from '#loyalty/presets/catalogue.ts';
import {
  type Knob,
  type KnobValues,
  type PresetShop,
  usualKnobs,
} from '#loyalty/presets/preset-knobs.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import { amountFrom, amountText, countFrom } from './numbers.ts';

/** What was typed so far, as it was typed. The PIN is the only part that is not remembered. */
export interface Draft {
  readonly language: Language;
  readonly storeName: string;
  readonly storeAddress: string;
  readonly market: MarketId;
  readonly currency: string;
  readonly tax: 'none' | 'included' | 'added';
  readonly taxPercent: string;
  readonly timeZone: string;
  readonly cutOverHour: number;
  readonly scannedCardSpends: boolean;
  /** Null = the language's own word for a coffee. */
  readonly itemName: string | null;
  readonly itemPrice: string;
  readonly preset: string;
  /** Knobs somebody turned, by preset; the others stand where they usually do. */
  readonly turned: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly goods: string;
  readonly cashiers: readonly string[];
  readonly managerName: string;
  readonly managerPin: string;
}

const usualTax: Readonly<Record<MarketId, Pick<Draft, 'tax' | 'taxPercent'>>> = {
  TR: { tax: 'included', taxPercent: '10' },
  DE: { tax: 'included', taxPercent: '19' },
  US: { tax: 'none', taxPercent: '8' },
  SA: { tax: 'included', taxPercent: '15' },
};

const usualPrice: Readonly<Record<MarketId, string>> = { TR: '120', DE: '4', US: '5', SA: '18' };

const homeMarket: Readonly<Record<Language, MarketId>> = { en: 'US', tr: 'TR', de: 'DE', ar: 'SA' };

/** Everything that goes with a country. */
export function ofMarket(market: MarketId): Partial<Draft> {
  const { currency, timeZone } = markets[market];
  return { market, currency, timeZone, ...usualTax[market], itemPrice: usualPrice[market] };
}

/** A draft in which nothing was typed yet. */
export function newDraft(language: Language): Draft {
  return {
    language,
    storeName: '',
    storeAddress: '',
    market: 'US',
    currency: 'USD',
    tax: 'none',
    taxPercent: '8',
    timeZone: 'Etc/UTC',
    cutOverHour: 4,
    scannedCardSpends: true,
    itemName: null,
    itemPrice: '5',
    preset: 'boutique',
    turned: {},
    goods: '',
    cashiers: [''],
    managerName: '',
    managerPin: '',
    ...ofMarket(homeMarket[language]),
  };
}

/** Another language; as long as nothing was typed, its country comes with it. */
export function speak(draft: Draft, language: Language): Draft {
  if (draft.storeName !== '') return { ...draft, language };
  return { ...draft, language, ...ofMarket(homeMarket[language]) };
}

/** The shop that presets are fitted to, or null while the price is none. */
export function presetShopOf(draft: Draft): PresetShop | null {
  const priceMinor = amountFrom(draft.itemPrice, draft.currency);
  if (!(priceMinor >= 1)) return null;
  return { currency: draft.currency, item: { sku: ITEM_SKU, priceMinor } };
}

/** Whether a language writes 20,50 and not 20.50. */
export function writesComma(language: Language): boolean {
  return language === 'tr' || language === 'de';
}

/** What stands in a knob's field. */
export function knobText(
  draft: Pick<Draft, 'preset' | 'turned' | 'language'>,
  knob: Knob,
  shop: PresetShop,
): string {
  const typed = draft.turned[draft.preset]?.[knob.id];
  if (typed !== undefined) return typed;
  const usual = knob.usual(shop);
  if (knob.unit !== 'money' || typeof usual !== 'number') return String(usual);
  return amountText(usual, shop.currency, writesComma(draft.language));
}

/** Where the knobs of a preset stand; NaN where a field holds no number. */
export function knobsOf(draft: Pick<Draft, 'preset' | 'turned'>, shop: PresetShop): KnobValues {
  const preset = presetById(draft.preset);
  if (preset === null) return {};
  const typed = draft.turned[draft.preset] ?? {};
  const turned = preset.knobs.flatMap(({ id, unit }) => {
    const text = typed[id];
    if (text === undefined) return [];
    return [
      [
        id,
        unit === 'code'
          ? text
          : unit === 'money'
            ? amountFrom(text, shop.currency)
            : countFrom(text),
      ],
    ];
  });
  return { ...usualKnobs(preset, shop), ...Object.fromEntries(turned) };
}

/** One line of pasted goods: a name, then a price, between them a tab or a semicolon. */
export interface PastedLine {
  readonly number: number;
  readonly text: string;
  readonly goods: { readonly name: string; readonly priceMinor: number } | null;
}

/** Reads goods as they come out of a spreadsheet; empty lines do not count. */
export function pastedGoods(text: string, currency: string): readonly PastedLine[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '') return [];
    const match =
      /^(.*\S)\s*[\t;]\s*([^\t;]+?)[\t;\s]*$/.exec(line) ?? /^(.*\S)\s+(\S+)\s*$/.exec(line);
    const priceMinor = amountFrom(withoutSign(match?.[2] ?? ''), currency);
    const goods =
      match?.[1] === undefined || !(priceMinor >= 1) ? null : { name: match[1].trim(), priceMinor };
    return [{ number: at + 1, text: line.trim().slice(0, 60), goods }];
  });
}

function withoutSign(price: string): string {
  return price.replace(/^[₺$€£﷼]\s?|\s?(?:[₺$€£﷼]|TL|TRY|EUR|USD|SAR)$/gu, '');
}

/** The draft as the answers that set-up sends. */
export function answersOf(draft: Draft, itemName: string): SetupAnswers {
  const shop = presetShopOf(draft);
  const { language, storeName, storeAddress, market, currency, timeZone, cutOverHour } = draft;
  return {
    language,
    storeName,
    storeAddress,
    market,
    currency,
    tax:
      draft.tax === 'none'
        ? null
        : {
            percent: draft.taxPercent.trim().replace(',', '.'),
            included: draft.tax === 'included',
          },
    timeZone,
    cutOverHour,
    scannedCardSpends: draft.scannedCardSpends,
    item: {
      name: draft.itemName ?? itemName,
      priceMinor: amountFrom(draft.itemPrice, currency),
    },
    choice: { preset: draft.preset, knobs: shop === null ? {} : { ...knobsOf(draft, shop) } },
    goods: pastedGoods(draft.goods, currency).flatMap(({ goods }) =>
      goods === null ? [] : [goods],
    ),
    cashiers: draft.cashiers.filter((name, at) => name.trim() !== '' || at === 0),
    managerName: draft.managerName,
    managerPin: draft.managerPin,
  };
}

const key = 'regulars.setup';

/** The draft as this machine remembers it: a window closed by mistake costs nothing but the PIN. */
export function rememberedDraft(language: Language): Draft {
  const fresh = newDraft(language);
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(key) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return fresh;
    const fits = Object.entries(stored).every(
      ([name, value]) =>
        name in fresh &&
        (name === 'itemName' || typeof value === typeof fresh[name as keyof Draft]),
    );
    return fits ? { ...fresh, ...stored, managerPin: '' } : fresh;
  } catch {
    return fresh;
  }
}

/** Remembers the draft; `null` forgets it. */
export function rememberDraft(draft: Draft | null): void {
  try {
    if (draft === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify({ ...draft, managerPin: '' }));
  } catch {
    // A full or forbidden local storage costs the memory of a draft, never the set-up.
  }
}
