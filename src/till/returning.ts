import type { Message, ReturnView } from '#contract/till-state.ts';
import { refundFigures } from '#loyalty/quote-figures.ts';
import { afterRefund, refund, type Refund, type RefundRefusal } from '#loyalty/refund.ts';
import type { SpendReturn } from '#loyalty/refund-spent.ts';
import { assertNever, ok, type Result } from '#loyalty/result.ts';
import { mainProgramme, type Programme } from '#loyalty/programme.ts';
import { programmeOf, type Core } from './core.ts';
import { isErased } from './members.ts';
import { quoteSettings } from './pricing.ts';
import type { Returning, SoldSale } from './return-in-progress.ts';
import { refusal } from './session.ts';
import { refundsBefore, sumByLine } from './read-sale.ts';
import { programmesOf } from './sold-sale.ts';
import { shownBalances } from './standing.ts';
import { unitView } from './unit-view.ts';

/** What the chosen lines give back; a refusal where nothing is chosen or the sale cannot be returned. */
export function refundOf(core: Core, returning: Returning): Result<Refund, RefundRefusal> {
  const { sale, chosen } = returning;
  const settings = quoteSettings(core);
  const programmes = programmesOf(core, sale.snapshot);
  const done = refund({
    sale: sale.snapshot,
    programmes,
    returning: {
      kind: 'lines',
      lines: [...chosen].map(([line, quantityMilli]) => ({ line, quantityMilli })),
    },
    before: refundsBefore(sale, programmes, settings),
    settings,
    available: availableTo(core, sale.member),
  });
  const isGone = sale.member !== null && isErased(core, sale.member);
  return done.ok && isGone ? ok(inHand(done.value)) : done;
}

/**
 * A return without the wallet of somebody who was erased: nobody can spend from it any more, so whoever
 * brings the goods back gets that part in money, too.
 */
function inHand(done: Refund): Refund {
  const isTheirs = ({ holderKind, valueMinor }: SpendReturn): boolean =>
    holderKind === 'member' && valueMinor > 0;
  const valueMinor = done.returns
    .filter(isTheirs)
    .reduce((sum, { valueMinor }) => sum + valueMinor, 0);
  return {
    ...done,
    refundMinor: done.refundMinor + valueMinor,
    returns: done.returns.filter((back) => !isTheirs(back)),
  };
}

/**
 * What has left the shop for a sale once this return is made, in minor units: at once or in parts, in
 * money or back onto gift cards and wallets.
 */
export function paidBackMinor(core: Core, sale: SoldSale, done: Refund): number {
  const before = refundsBefore(sale, programmesOf(core, sale.snapshot), quoteSettings(core));
  const { refundedMinor, valueBackMinor } = afterRefund(before, done);
  return Object.values(valueBackMinor).reduce((sum, minor) => sum + minor, refundedMinor);
}

/** Whether two give and take the same, down to the last lot; two refusals do. */
export function isSameRefund(
  first: Result<Refund, RefundRefusal>,
  second: Result<Refund, RefundRefusal>,
): boolean {
  return JSON.stringify(moved(first)) === JSON.stringify(moved(second));
}

function moved(done: Result<Refund, RefundRefusal>): unknown {
  if (!done.ok) return null;
  const { lines, refundMinor, reversals, returns, vouchers } = done.value;
  return { lines, refundMinor, reversals, returns, vouchers };
}

function availableTo(core: Core, member: string | null): Readonly<Record<string, number>> {
  const cached = member === null ? null : core.ports.database.read.member(member);
  if (cached === null) return {};
  return Object.fromEntries(
    shownBalances(core, cached).map(({ programme, total }) => [programme, Math.max(0, total)]),
  );
}

/** How much of a line can still come back, in thousandths; nothing of one that is not on the sale. */
export function leftMilliOf(sale: SoldSale, line: string): number {
  const sold = sale.snapshot.lines.find(({ id }) => id === line);
  return Math.max(0, (sold?.quantityMilli ?? 0) - (returnedBefore(sale).get(line) ?? 0));
}

/** How many pieces of each line came back before. */
export function returnedBefore(sale: SoldSale): ReadonlyMap<string, number> {
  return sumByLine(sale.returns.flatMap(({ lines }) => lines));
}

/** What a return does to a member's points in the programme that matters most, and to stored value. */
export interface ReturnFigures {
  readonly programme: Programme | null;
  readonly takenBack: number;
  readonly givenBack: number;
  /** Back to gift cards and wallets, in minor units. */
  readonly valueBackMinor: number;
}

/** Points of several programmes cannot be added: the first one that gives any back or takes any is told. */
export function returnFigures(core: Core, refund: Refund): ReturnFigures {
  const spent = refund.returns.find(
    ({ holderKind, valueMinor }) => holderKind === 'member' && valueMinor === 0,
  );
  const touched = refund.reversals[0]?.programme ?? spent?.programme;
  const programme =
    (touched === undefined ? undefined : programmeOf(core, touched)) ??
    mainProgramme(core.config.programmes);
  // Of money, what went back onto its card or wallet is told as that, and once.
  const isMoney = programme?.unit.kind === 'money';
  const returns = refund.returns.filter(({ valueMinor }) => !isMoney || valueMinor === 0);
  const moved =
    programme === null
      ? { takenBack: 0, givenBack: 0 }
      : refundFigures({ reversals: refund.reversals, returns }, programme.id);
  const valueBackMinor = refund.returns.reduce((sum, { valueMinor }) => sum + valueMinor, 0);
  return { programme, ...moved, valueBackMinor };
}

/** The return as the counter shows it. */
export function returnView(core: Core, returning: Returning): ReturnView {
  const { sale, chosen, returnId } = returning;
  const before = returnedBefore(sale);
  const names = new Map(core.config.products.map(({ sku, name }) => [sku, name]));
  const done = refundOf(core, returning);
  const moved = done.ok ? returnFigures(core, done.value) : null;
  const cached = sale.member === null ? null : core.ports.database.read.member(sale.member);
  return {
    returnId,
    receipt: sale.receipt,
    soldAtMs: sale.soldAtMs,
    memberName: cached?.displayName ?? null,
    lines: sale.snapshot.lines.map((line) => ({
      line: line.id,
      name: line.sku === null ? null : (names.get(line.sku) ?? null),
      soldMilli: line.quantityMilli,
      // Two tills that could not hear each other may have taken back more than was sold.
      returnedBeforeMilli: Math.min(before.get(line.id) ?? 0, line.quantityMilli),
      chosenMilli: chosen.get(line.id) ?? 0,
      netMinor: line.netMinor,
    })),
    refundMinor: done.ok ? done.value.refundMinor : 0,
    valueBackMinor: moved?.valueBackMinor ?? 0,
    unit: unitView(moved?.programme ?? mainProgramme(core.config.programmes) ?? undefined),
    pointsTakenBack: moved?.takenBack ?? 0,
    pointsReturned: moved?.givenBack ?? 0,
    claimable: !sale.claimed && sale.snapshot.claimable.length > 0,
  };
}

/** A refusal of the engine as the renderer words it. */
export function refundMessage(why: RefundRefusal): Message {
  switch (why.code) {
    case 'nothing-chosen':
      return refusal('return-nothing-chosen');
    case 'unknown-line':
      return refusal('no-such-line');
    case 'more-than-sold':
      return refusal('return-more-than-sold', { leftMilli: why.leftMilli });
    case 'more-than-paid':
      return refusal('return-more-than-paid', { leftMinor: why.leftMinor });
    case 'programme-version-missing':
      return refusal('programme-version-missing', { programme: why.programme });
    default:
      return assertNever(why, 'refund refusal');
  }
}
