import { type Currency, minorPerMajor } from '#loyalty/money.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';

/** The shop a preset is fitted to: its currency, and what most of its customers buy. */
export interface PresetShop {
  readonly currency: Currency;
  readonly item: { readonly sku: string; readonly priceMinor: number };
}

/** What a knob turns. `money` is minor units, `code` text that customers type. */
export type KnobUnit = 'count' | 'money' | 'percent' | 'code';

/** Highest amount a knob may have: 1,000,000.00 in two-decimal currencies, as at the counter. */
export const KNOB_MONEY_MAX = 100_000_000;

/** One thing a shop decides about a preset. Bounds are inclusive; for a code they are its length. */
export interface Knob {
  readonly id: string;
  readonly unit: KnobUnit;
  readonly min: number;
  readonly max: number;
  readonly usual: (shop: PresetShop) => number | string;
}

/** Where the knobs of a preset stand. */
export type KnobValues = Readonly<Record<string, number | string>>;

/** A thing a preset brings to the catalogue so that it can be sold, such as a membership. */
export interface PresetProduct {
  readonly sku: string;
  readonly name: Readonly<Record<'en' | 'tr' | 'de' | 'ar', string>>;
  readonly priceMinor: number;
  readonly kind: 'membership' | 'gift-card' | 'top-up';
}

/** What a preset becomes in a shop. */
export interface FittedPreset {
  readonly documents: readonly ProgrammeDocument[];
  readonly products: readonly PresetProduct[];
}

/** A preset as set-up offers it. Its sentence is the page's, by `id`. */
export interface CataloguePreset {
  readonly id: string;
  readonly group: 'simple' | 'levels' | 'offers' | 'paid' | 'known';
  readonly knobs: readonly Knob[];
  readonly fit: (shop: PresetShop, knobs: Turned) => FittedPreset;
}

/** Knob values that were checked, each read by name. */
export interface Turned {
  readonly number: (id: string) => number;
  readonly text: (id: string) => string;
}

/** One knob that cannot stand where it stands. */
export interface KnobProblem {
  readonly knob: string;
  readonly code: 'knob-unknown' | 'knob-missing' | 'knob-too-low' | 'knob-too-high' | 'knob-code';
  readonly min: number;
  readonly max: number;
}

/** Letters and digits that nobody mistakes for one another. */
const CODE = /^[A-HJKMNP-TV-Z0-9]+$/;

/** Reads knob values: all that the preset has, each within its bounds, and no other. */
export function turnKnobs(
  preset: CataloguePreset,
  values: KnobValues,
): Result<Turned, readonly KnobProblem[]> {
  const problems: KnobProblem[] = preset.knobs.flatMap((knob) => {
    const code = problemOf(knob, values[knob.id]);
    return code === null ? [] : [{ knob: knob.id, code, min: knob.min, max: knob.max }];
  });
  for (const id of Object.keys(values)) {
    if (preset.knobs.every((knob) => knob.id !== id)) {
      problems.push({ knob: id, code: 'knob-unknown', min: 0, max: 0 });
    }
  }
  if (problems.length > 0) return err(problems);
  return ok({
    number: (id) => Number(values[id] ?? 0),
    text: (id) => String(values[id] ?? ''),
  });
}

function problemOf(knob: Knob, value: number | string | undefined): KnobProblem['code'] | null {
  if (value === undefined) return 'knob-missing';
  if (knob.unit === 'code') {
    if (typeof value !== 'string' || !CODE.test(value)) return 'knob-code';
    if (value.length < knob.min) return 'knob-too-low';
    return value.length > knob.max ? 'knob-too-high' : null;
  }
  if (typeof value !== 'number' || !Number.isInteger(value) || value < knob.min)
    return 'knob-too-low';
  return value > knob.max ? 'knob-too-high' : null;
}

/** Where the knobs stand before anybody turned them. */
export function usualKnobs(preset: CataloguePreset, shop: PresetShop): KnobValues {
  return Object.fromEntries(preset.knobs.map((knob) => [knob.id, knob.usual(shop)]));
}

/** A count, usually `usual`. */
export function count(id: string, min: number, max: number, usual: number): Knob {
  return { id, unit: 'count', min, max, usual: () => usual };
}

/** A whole percentage. */
export function percent(id: string, min: number, max: number, usual: number): Knob {
  return { id, unit: 'percent', min, max, usual: () => usual };
}

/** An amount of money, usually so many units of the shop's currency. */
export function money(id: string, usualMajor: number, min = 1): Knob {
  const usual = ({ currency }: PresetShop): number => usualMajor * minorPerMajor(currency);
  return { id, unit: 'money', min, max: KNOB_MONEY_MAX, usual };
}

/** The price of what most customers buy, in whole units; at least one. */
export function majorPrice({ currency, item }: PresetShop): number {
  return Math.max(1, item.priceMinor / minorPerMajor(currency));
}

/** The two leading digits of a number: 475 is 470, so that what people read is round. */
export function twoDigits(value: number): number {
  const whole = Math.max(1, Math.floor(value));
  const step = 10 ** Math.max(0, String(whole).length - 2);
  return Math.floor(whole / step) * step;
}

/** Points for one whole unit of money. */
export const pointsPerMajor = (usual = 1): Knob => count('pointsPerMajor', 1, 1000, usual);

/** Points of the first reward: usually what so many ordinary sales earn at one point a unit. */
export const costPoints = (usualVisits: number): Knob => ({
  id: 'costPoints',
  unit: 'count',
  min: 1,
  max: 10_000_000,
  usual: (shop) => twoDigits(usualVisits * majorPrice(shop)),
});

/** What the first reward takes off: usually half of what most customers buy. */
export const rewardMinor: Knob = {
  id: 'rewardMinor',
  unit: 'money',
  min: 1,
  max: KNOB_MONEY_MAX,
  usual: ({ item }) => Math.min(KNOB_MONEY_MAX, twoDigits(item.priceMinor / 2)),
};

/** Months after which points end; 0 is never. */
export const expiryMonths: Knob = count('expiryMonths', 0, 120, 12);

/** The setting behind `expiryMonths`. */
export function endsAfter(months: number): NonNullable<ProgrammeDocument['expiry']> {
  if (months === 0) return { kind: 'never' };
  return { kind: 'after', span: { count: months, unit: 'month' }, roundUp: 'end-of-month' };
}
