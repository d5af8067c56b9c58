import type { BasketLine } from '#loyalty/basket.ts';
import { noFacts, type Facts, useKey } from '#loyalty/facts.ts';
import { freshMember, type Member, newStanding } from '#loyalty/member.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';
import { inputOf, line, noonMs, programmeOf } from '#test/loyalty/arrange.ts';

/** A part of a programme document. */
export type More = Partial<ProgrammeDocument>;
export type RuleDocument = NonNullable<ProgrammeDocument['rules']>[number];
export type RewardDocument = NonNullable<ProgrammeDocument['rewards']>[number];

/** A sale to record, or to try: its name and the quote's input. */
export interface Scenario {
  readonly name: string;
  readonly input: QuoteInput;
}

export const named = (en: string): { id: string; name: { en: string } } => ({
  id: en.toLowerCase().replaceAll(' ', '-'),
  name: { en },
});

const included = (percent: string) => [{ kind: 'rate', percent, included: true } as const];

/** Bread, tea and soap with three kinds of tax, and a deposit. */
export const groceries: readonly BasketLine[] = [
  line(1250, {
    id: 'bread',
    sku: 'bread',
    categories: ['food'],
    quantityMilli: 2000,
    taxes: included('10'),
  }),
  line(499, {
    id: 'tea',
    sku: 'tea',
    categories: ['food', 'sale'],
    quantityMilli: 3000,
    taxes: included('20'),
  }),
  line(733, {
    id: 'soap',
    sku: 'soap',
    taxes: [
      { kind: 'rate', percent: '8.5', included: false },
      { kind: 'per-unit', amountMinor: 12 },
    ],
  }),
  line(25, { id: 'bottle', kind: 'deposit', taxes: [] }),
];

/** Cheese by weight, a gift card, a tip and the delivery. */
export const counter: readonly BasketLine[] = [
  line(8990, { id: 'cheese', sku: 'cheese', categories: ['food'], quantityMilli: 350 }),
  line(5000, { id: 'card', sku: 'card', kind: 'gift-card', taxes: [] }),
  line(300, { id: 'tip', kind: 'tip', taxes: [] }),
  line(499, { id: 'van', kind: 'delivery', taxes: [{ kind: 'contained', amountMinor: 40 }] }),
];

/** Bread is bought while tea is taken back. */
export const exchange: readonly BasketLine[] = [
  line(1250, { id: 'bread', sku: 'bread', categories: ['food'], quantityMilli: 4000 }),
  line(499, { id: 'tea', sku: 'tea', categories: ['food', 'sale'], quantityMilli: -1000 }),
];

export const baskets = { groceries, counter, exchange } as const;

/** A proven member of the club and of its neighbours. */
export function regular(more: Partial<typeof newStanding> = {}): Member {
  const available = more.available ?? 250;
  const standing = {
    ...newStanding,
    ...more,
    available,
    spendableHere: more.spendableHere ?? available,
  };
  return {
    ...freshMember('anna', 'verified'),
    age: 30,
    birthday: '11-21',
    enrolledOn: '2025-03-01',
    segments: ['friends'],
    standings: { club: standing, other: standing },
  };
}

/** What the counters say about her. */
export const known: Facts = {
  ...noFacts,
  visits: 4,
  lastSaleAtMs: noonMs - 5 * 86_400_000,
  pricesMinor: { mug: 900 },
};

const perMoney: RuleDocument = {
  ...named('Base'),
  effect: { kind: 'per-money', points: '1', perMinor: 100 },
};

/** A sale of the club under a changed document. */
export function sale(
  name: string,
  documents: readonly More[],
  lines: readonly BasketLine[],
  more: Partial<QuoteInput> = {},
): Scenario {
  const programmes = documents.map((document) => programmeOf({ rules: [perMoney], ...document }));
  const input = inputOf(lines, { programmes, member: regular(), facts: known, ...more });
  return { name, input };
}

export { perMoney };

/** Counters of a club that has been used. */
export const uses = {
  [useKey('club', '', 'member', 'day')]: { times: 2, points: 20 },
  [useKey('club', '', 'programme', 'life')]: { times: 3, points: 90 },
  [useKey('club', 'base', 'member', 'day')]: { times: 2, points: 5 },
  [useKey('club', 'base', 'member', 'week')]: { times: 2, points: 6 },
  [useKey('club', 'extras', 'member', 'day')]: { times: 2, points: 3 },
  [useKey('club', 'base', 'programme', 'life')]: { times: 1, points: 5 },
  [useKey('club', 'visit', 'member', 'year')]: { times: 1, points: 7 },
};
