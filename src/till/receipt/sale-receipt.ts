import type { Message } from '#contract/till-state.ts';
import type { Quote, QuotedDiscount, QuotedLine } from '#loyalty/quote-types.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import { programmeOf, type Core } from '#till/core.ts';
import type { CachedMember } from '#till/database.ts';
import { pointsWorthMinor } from '#till/points-worth.ts';
import type { Session } from '#till/session.ts';
import { balancesAsOf, type ShownBalance } from '#till/standing.ts';
import { tierView } from '#till/tier-view.ts';
import { awardLines } from './award-lines.ts';
import { foot, heading, memberCard, pointsBlock, receiptCode, type PointsBlock } from './parts.ts';
import { unitWords } from './words.ts';
import { pairLine, receiptLanguage, textLine, writingFor, type Writing } from './writing.ts';

const DAY_MS = 86_400_000;

/** The figures of a settled sale, as they are frozen on its receipt. */
export interface SaleFigures {
  readonly session: Session;
  readonly quote: Quote;
  readonly tender: 'cash' | 'card' | 'other';
  /** Token without its `R`. */
  readonly receipt: string;
  readonly number: number;
  readonly atMs: number;
  /** The member before this sale; null without one. */
  readonly member: CachedMember | null;
  /** Balances with this sale in them. */
  readonly balances: readonly ShownBalance[];
  /** What the shopper is told besides points. */
  readonly awards: readonly Message[];
}

/**
 * The receipt of a sale, in the order people read it: shop, goods with their discounts, total,
 * payment, points, code. The words are chosen now and never again: a copy repeats them.
 */
export function saleReceipt(core: Core, figures: SaleFigures): ReceiptDocument {
  const { config } = core;
  const { quote, session, tender, atMs } = figures;
  const language = receiptLanguage(figures.member?.language ?? null, config);
  const writing = writingFor(language, config);
  const { words } = writing;
  const names = new Map(session.lines.map(({ id, name }) => [id, name]));
  return {
    language,
    openDrawer: tender === 'cash',
    lines: [
      ...heading(writing, config, atMs, `${words.receipt} ${figures.number}`),
      ...quote.lines.flatMap((line) => {
        const name = names.get(line.line.id) ?? null;
        return goods(writing, line, name === null ? words.amount : writing.text(name), quote);
      }),
      ...wholeSaleRewards(writing, quote),
      ...handedOut(core, writing, quote),
      { kind: 'rule' },
      pairLine(words.total, writing.moneyNamed(quote.totalMinor), { size: 'huge', bold: true }),
      ...paidByValue(writing, quote),
      pairLine(words[tender], writing.money(quote.dueMinor)),
      ...points(core, writing, figures),
      ...awardLines(writing, figures.awards),
      ...(session.issuedCard === null || session.issuedCard.member !== session.member?.member
        ? []
        : memberCard(writing, session.issuedCard.number)),
      ...receiptCode(writing, figures.receipt, caption(core, writing, figures)),
      ...foot(writing),
    ],
  };
}

/** One article: what, how many, and what came off, each beside its amount. */
function goods(
  writing: Writing,
  { line, grossMinor, discounts }: QuotedLine,
  name: string,
  quote: Quote,
): readonly ReceiptLine[] {
  const lines: ReceiptLine[] = [pairLine(name, writing.money(grossMinor))];
  if (line.quantityMilli !== 1000) {
    lines.push(
      textLine(`  ${writing.quantity(line.quantityMilli)} x ${writing.money(line.unitPriceMinor)}`),
    );
  }
  for (const discount of discounts) {
    if (linesOf(quote, discount).length > 1) continue;
    const name = rewardName(writing, quote, discount);
    lines.push(pairLine(`  ${name}`, `-${writing.money(discount.amountMinor)}`));
  }
  return lines;
}

/** A reward shared out over several articles is one thing to a shopper: one line, its whole amount. */
function wholeSaleRewards(writing: Writing, quote: Quote): readonly ReceiptLine[] {
  const rewards = new Map(
    quote.lines.flatMap(({ discounts }) =>
      discounts.map((discount) => [`${discount.programme} ${discount.reward}`, discount] as const),
    ),
  );
  return [...rewards.values()].flatMap((reward) => {
    const amounts = linesOf(quote, reward);
    if (amounts.length < 2) return [];
    const amountMinor = amounts.reduce((sum, amount) => sum + amount, 0);
    return [pairLine(rewardName(writing, quote, reward), `-${writing.money(amountMinor)}`)];
  });
}

/** Goods a reward adds beside the basket: the shopper takes them home and finds them here. */
function handedOut(core: Core, writing: Writing, quote: Quote): readonly ReceiptLine[] {
  return quote.redemptions.flatMap(({ added, units, name }) => {
    if (added === null) return [];
    const product = core.config.products.find(({ sku }) => sku === added.sku);
    const what = product === undefined ? name : product.name;
    return [pairLine(`${units} x ${writing.text(what)}`, writing.money(0))];
  });
}

/** What a wallet or gift card paid, each by its name. */
function paidByValue(writing: Writing, quote: Quote): readonly ReceiptLine[] {
  return quote.redemptions
    .filter(({ stage }) => stage === 'payment')
    .map(({ name, valueMinor }) => pairLine(writing.text(name), writing.money(valueMinor)));
}

type RewardOf = Pick<QuotedDiscount, 'programme' | 'reward'>;

/** What a reward takes off, line by line. */
function linesOf(quote: Quote, { programme, reward }: RewardOf): readonly number[] {
  return quote.lines.flatMap(({ discounts }) => {
    const amountMinor = discounts
      .filter((discount) => discount.reward === reward && discount.programme === programme)
      .reduce((sum, discount) => sum + discount.amountMinor, 0);
    return amountMinor === 0 ? [] : [amountMinor];
  });
}

function rewardName(writing: Writing, quote: Quote, { programme, reward }: RewardOf): string {
  const done = quote.redemptions.find(
    (known) => known.reward === reward && known.programme === programme,
  );
  return done === undefined ? reward : writing.text(done.name);
}

/** A block for each programme that this sale touched, and none for any other. */
function points(core: Core, writing: Writing, figures: SaleFigures): readonly ReceiptLine[] {
  const { earnings, claimable, redemptions } = figures.quote;
  const touched = new Set([
    ...[...earnings, ...claimable].flatMap(({ programme, points }) =>
      points === 0 ? [] : [programme],
    ),
    ...redemptions.flatMap(({ holderKind, programme }) =>
      holderKind === 'member' ? [programme] : [],
    ),
  ]);
  return [...touched].flatMap((id) => {
    const programme = programmeOf(core, id);
    return programme === undefined ? [] : pointsOfProgramme(core, writing, figures, programme);
  });
}

function pointsOfProgramme(
  core: Core,
  writing: Writing,
  figures: SaleFigures,
  programme: Programme,
): readonly ReceiptLine[] {
  const { quote, member, balances } = figures;
  const spent = quote.redemptions.filter(
    (done) => done.programme === programme.id && done.holderKind === 'member' && done.points > 0,
  );
  const balance = balances.find((known) => known.programme === programme.id);
  return pointsBlock(writing, {
    programme,
    earned: pointsOf(quote.earnings, programme.id),
    claimable: pointsOf(quote.claimable, programme.id),
    used:
      spent.length === 0
        ? null
        : {
            points: spent.reduce((sum, done) => sum + done.points, 0),
            valueMinor: spent.reduce((sum, done) => sum + done.valueMinor, 0),
          },
    balance:
      member === null || balance === undefined
        ? null
        : {
            points: balance.total,
            worthMinor: pointsWorthMinor(programme, balance.total),
            asOfMs: balancesAsOf(core, core.ports.database.read.syncState()),
          },
    nextTier: nextTier(core, writing, figures, programme.id),
  });
}

/** The way to the next level. Points that wait to be claimed are no step on it yet. */
function nextTier(
  core: Core,
  writing: Writing,
  { quote, member }: SaleFigures,
  programme: string,
): PointsBlock['nextTier'] {
  const waits = pointsOf(quote.claimable, programme) > 0;
  if (waits && member !== null) {
    const standing = tierView(core, member)?.next ?? null;
    return standing === null
      ? null
      : { name: writing.text(standing.name), remaining: standing.remaining };
  }
  const next = quote.tiers.find((tier) => tier.programme === programme)?.next ?? null;
  return next === null || next.missing === 0 || !next.metric.endsWith('-points')
    ? null
    : { name: writing.text(next.name), remaining: next.missing };
}

function pointsOf(earnings: Quote['earnings'], programme: string): number {
  return earnings.find((earning) => earning.programme === programme)?.points ?? 0;
}

/** Points nobody has yet are claimed with this code; else it is kept for returns. */
function caption(core: Core, writing: Writing, { quote, atMs }: SaleFigures): string {
  const claimable = quote.claimable[0];
  if (claimable === undefined) return writing.words.keep;
  const programme = programmeOf(core, claimable.programme);
  const until = writing.date(atMs + (programme?.receiptClaim.days ?? 0) * DAY_MS);
  const { claim } = unitWords(writing.words, programme?.unit.kind ?? 'points');
  return `${claim}. ${writing.words.claimUntil}: ${until}`;
}
