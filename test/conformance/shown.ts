import { accountStatement } from '#loyalty/account-statement.ts';
import type { CommandOutcome } from '#loyalty/commands-apply.ts';
import {
  currentProgrammes,
  type Ledger,
  memberByIdentifier,
  spendable,
  stateOf,
} from '#loyalty/ledger.ts';
import { messagesOnBalance, messagesOnEnrol } from '#loyalty/milestones.ts';
import { minorPerMajor, roundToMultiple } from '#loyalty/money.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import * as figures from '#loyalty/quote-figures.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import { askLedger } from '#loyalty/questions.ts';
import { divide, rate, rational, toNumber } from '#loyalty/rational.ts';
import { decimal } from './programme.ts';
import { type Fields, isFields, text } from './table.ts';
import type { World } from './world.ts';

/** Numbers, at any depth, in units of which so many make one of the case's. */
function inUnits(value: unknown, perOne: number): unknown {
  if (typeof value === 'number') return toNumber(divide(rate(decimal(value)), rational(perOne)));
  if (Array.isArray(value)) return value.map((item) => inUnits(item, perOne));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, inUnits(of, perOne)]));
}

/** What a use case gave, by the product's names as cases write them: `dueMinor` is money `due`. */
export function shown({ main }: World, of: object, currency = 'EUR'): Fields {
  const entries = Object.entries(of).map(([key, value]) => {
    const [, name = key, minor] = /^(.+?)(Minor)?$/.exec(key) ?? [];
    const perOne = minor === undefined ? smallestPerPoint(main.unit) : minorPerMajor(currency);
    return [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      inUnits(value, perOne),
    ];
  });
  return Object.fromEntries(entries);
}

const second = (atMs: number | null | undefined): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString().slice(0, 19) : null;

/** What a command did, in the figures of the main programme. */
export function outcomeShown(world: World, outcome: CommandOutcome): Fields {
  const { refund, earnings, reason, voucherPoints: vouchersValueMinor = 0, ...done } = outcome;
  const plain = Object.entries(done).filter(([, value]) => typeof value !== 'object');
  const claimed = earnings?.find(({ programme }) => programme === world.main.id)?.points ?? 0;
  return {
    ...shown(world, { ...Object.fromEntries(plain), vouchersValueMinor }),
    ...(earnings && shown(world, { earned: claimed })),
    ...(refund && shown(world, figures.refundFigures(refund, world.main.id))),
    ...(reason && { reason: reason.code, error: reason.code }),
  };
}

/** What expectations call by the name of a member. */
function aboutShown({ main, ledger, nowMs }: World, ref: string): [string, unknown][] {
  const { lastCredit } = accountStatement(ledger, spendable(ref, main.id), nowMs);
  const { identifiers = [], mergedInto = null } = ledger.members.get(ref) ?? {};
  const cards = [...ledger.members.values()].flatMap((member) => member.identifiers);
  const found = cards.filter((card) => memberByIdentifier(ledger, card) === ref);
  return [
    [`${ref}_usable_through`, lastCredit?.usableThrough ?? null],
    [`${ref}_archived`, mergedInto !== null],
    [`cards_usable_for_${ref}`, found.filter((card) => !identifiers.includes(card)).length],
  ];
}

/** Messages that are due for what changed of a member. */
function sentShown({ main, ledger, nowMs, milestones }: World, ref: string, before: Ledger) {
  const account = spendable(ref, main.id);
  const [then, now] = [before, ledger].map((of) => stateOf(of, account, nowMs).balance);
  const joined = ledger.members.has(ref) && !before.members.has(ref);
  return [
    ...(joined ? messagesOnEnrol(milestones) : []),
    ...messagesOnBalance(milestones, then ?? 0, now ?? 0),
  ];
}

/** Everything about an account and its member, and what a step wrote. */
export function accountShown(world: World, ref: string, before: Ledger): Fields {
  const { main, ledger, nowMs } = world;
  const { rows, lastCredit, tier, ...statement } = accountStatement(
    ledger,
    spendable(ref, main.id),
    nowMs,
  );
  const programme = askLedger(ledger, { ask: 'programme', programme: main.id, atMs: nowMs });
  const added = ledger.entries.slice(before.entries.length);
  const [entry] = added;
  const holders = [
    ...ledger.members.keys(),
    ...ledger.entries.map(({ account }) => account.holder),
  ];
  const byProgramme = currentProgrammes(ledger).map(({ id, name, unit }) => {
    const { balance } = stateOf(ledger, spendable(ref, id), nowMs);
    return [`${name['en']}_balance`, inUnits(balance, smallestPerPoint(unit))];
  });
  const consumed = statement.lastConsumed.map(({ source, points }) => ({ lot: source, points }));
  return {
    ...shown(world, {
      ...statement,
      ...(programme.ok && programme.value),
      lastOpen: lastCredit?.open ?? 0,
      lastConsumed: consumed,
      redeemEntries: consumed.map(({ lot, points }) => ({ lot, points: -points })),
      newEntries: added.map(({ amount }) => amount),
      newPoints: entry?.amount,
    }),
    ...Object.fromEntries(holders.flatMap((of) => aboutShown(world, of))),
    entry: entry && {
      ...{ type: entry.type, by: entry.actor, reason: entry.reason },
      ...shown(world, {
        points: entry.amount,
        breakdown: entry.breakdown,
        basisMinor: entry.basisMinor,
      }),
    },
    ...Object.fromEntries(byProgramme),
    error_or_policy: statement.balance < 0 ? 'points_already_redeemed' : null,
    enrolled: true,
    sent: sentShown(world, ref, before),
    ledger_entries: rows.length,
    entries: rows.filter(({ sourceType }) => sourceType !== 'manual').length,
    rollback_entries: rows.filter(({ type }) => type === 'reverse').length,
    expires: second(lastCredit?.expiresAtMs)?.slice(0, 10),
    expires_at: second(lastCredit?.expiresAtMs),
    usable_through: lastCredit?.usableThrough,
    tier: tier?.name['en'] ?? null,
    tier_through: tier?.through ? `${tier.through}T23:59:59` : null,
    events: ledger.tierEvents
      .slice(before.tierEvents.length)
      .map(({ kind, to }) => `tier_${kind}:${world.tierName(to)}`),
    auto_redeemed: ledger.vouchers.slice(before.vouchers.length).length,
  };
}

/** What an order issued and wrote. */
export function issuedShown(world: World, id: unknown): Fields {
  const { ledger, nowMs } = world;
  const first = ledger.vouchers.find(({ sale }) => sale === id);
  const account = first && spendable(first.holder, first.programme);
  const value = account === undefined ? 0 : stateOf(ledger, account, nowMs).available;
  return {
    ...shown(world, { voucherValueMinor: value }),
    coupon_points: value,
    ledger_entries_for_order: ledger.entries.filter(
      ({ source, account: { purpose } }) => source === id && purpose === 'spendable',
    ).length,
  };
}

/** A quote of a basket, for its programme and as a whole. */
export function quoteShown(world: World, order: Fields, quote: Quote): Fields {
  const { main, ledger, nowMs } = world;
  const { redemptions, lines, taxMinor, dueMinor, untaxedDueMinor, subtotalMinor } = quote;
  const { tier, ...own } = figures.programmeFigures(quote, main);
  const used = redemptions.filter(({ valueMinor }) => valueMinor > 0);
  const words = figures.quoteWords(quote, ledger.programmes);
  const [applied, claimable, notApplied] = [words.applied, words.claimable, words.notApplied].map(
    (several) => several.map((name) => name['en']),
  );
  const { balance } = stateOf(ledger, spendable(text(order['member'] ?? 'm'), main.id), nowMs);
  const byTax = Object.entries(figures.discountByCategory(quote)).flatMap(([category, amount]) =>
    category.startsWith('tax:') ? [[category.slice(4), amount]] : [],
  );
  const points = shown(world, { ...own, previewBalance: balance + own.earned });
  const money = {
    ...{ dueMinor, taxMinor, untaxedDueMinor, basisMinor: own.basisMinor },
    paidByValueMinor: quote.paidByValueMinor,
    discountMinor: -quote.discountMinor,
    unitPriceMinor: lines[0]?.unitPriceMinor,
    rewardAmountMinor: -(redemptions.at(-1)?.valueMinor ?? 0),
    rewardLinesMinor: words.discounts.map(({ name, valueMinor }) => {
      return { reward: name['en'], amount: -valueMinor };
    }),
    discountsByTaxMinor: Object.fromEntries(byTax),
    totalRoundedBeforeMinor: roundToMultiple(
      subtotalMinor,
      ledger.settings.cashRoundingMinor,
      'half-up',
    ),
  };
  return {
    ...{ ...points, ...shown(world, money, quote.currency) },
    receipt_rows: [
      ['Won', points['earned']],
      ['Spent', points['spent']],
    ].filter(([, of]) => of !== 0),
    discount_lines: words.discountedTaxes.length,
    line_count: [...lines, ...used].length,
    promotion_applied: Object.keys(own.breakdown).find((rule) => rule !== 'base'),
    ...(tier === null ? {} : { tier: world.tierName(tier) }),
    ...{ applied, applies: words.applied.length > 0, free: figures.freeUnits(quote), claimable },
    [`claimable_on_${text(order['id'])}`]: claimable,
    ...{ not_applied: notApplied, codes_kept: words.keptCodes, coupons_issued: words.vouchers },
    error: figures.firstRefusal(quote) ?? undefined,
    allowed_or_explained: own.spent > 0 || figures.firstRefusal(quote) !== null,
  };
}
