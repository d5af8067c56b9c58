import type { LineKind } from '#loyalty/conditions.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { Rule } from '#loyalty/rule.ts';
import type { Core } from './core.ts';
import { membershipsAmong } from './local-facts.ts';
import type { Session } from './session.ts';

/** Goods that are money paid in ahead. */
export const PREPAID: ReadonlySet<LineKind> = new Set(['gift-card', 'top-up']);

/** One piece, in thousandths. */
const ONE_MILLI = 1000;

/** The rules of a programme that hand out what was paid in ahead by one of these kinds of goods. */
export function rulesPaidIn({ rules }: Programme, kinds: ReadonlySet<LineKind>): readonly Rule[] {
  return rules.filter(({ lines }) => lines.kinds?.some((kind) => kinds.has(kind)));
}

/**
 * Whether money would be paid in and reach no account: a top-up or a membership for nobody, or for
 * somebody who earns nothing now, a gift card whose programme is off, any of them at a till that was
 * given up. What no programme of the shop knows is not looked at: another system may.
 */
export function reachesNobody(core: Core, open: Session, quote: Quote): boolean {
  const { programmes } = core.config;
  const fees = membershipsAmong(
    programmes,
    open.lines.map(({ sku }) => sku),
  );
  const paidIn = new Set(
    open.lines.flatMap(({ kind, unitPriceMinor }) =>
      PREPAID.has(kind) && unitPriceMinor > 0 ? [kind] : [],
    ),
  );
  if (fees.length === 0 && paidIn.size === 0) return false;
  // What a till writes whose journal nobody takes any more reaches no account.
  const isStopped = core.ports.database.read.syncState().stopped !== null;
  if (fees.length > 0 && (open.member === null || isStopped)) return true;
  return [...paidIn].some((kind) => {
    const hand = programmes.flatMap((programme) =>
      rulesPaidIn(programme, new Set([kind]))
        .filter((rule) => isMoneyPaidIn(programme, rule))
        .map((rule) => handsOut(quote, programme, rule)),
    );
    return hand.length > 0 && (isStopped || !hand.includes(true));
  });
}

/** Whether a rule makes the money itself: one that gives points for goods and gift cards alike does not. */
function isMoneyPaidIn({ unit }: Programme, { lines }: Rule): boolean {
  return unit.kind === 'money' && lines.kinds?.every((kind) => PREPAID.has(kind)) === true;
}

/** Whether a membership's fee is on the sale more than once: a sale pays one term, whatever it takes in. */
export function paysTermTwice({ config }: Core, { lines }: Session): boolean {
  return config.programmes.some(({ membership }) => {
    const fees = lines.filter(({ sku }) => membership !== null && sku === membership.sku);
    return fees.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0) > ONE_MILLI;
  });
}

/** On an account, on a card, or to be claimed by the receipt. */
function handsOut({ earnings, claimable, awards }: Quote, { id }: Programme, rule: Rule): boolean {
  const earning = [...earnings, ...claimable].find(({ programme }) => programme === id);
  const earned = earning?.breakdown[rule.id] ?? 0;
  const isIssued = awards.some(
    (award) => award.kind === 'voucher' && award.programme === id && award.rule === rule.id,
  );
  return earned > 0 || isIssued;
}
