import type { LocalText } from '#contract/member.ts';
import { AMOUNT_MINOR_MAX, QUANTITY_MILLI_MAX } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import type { LineKind } from '#loyalty/conditions.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import {
  LINES_MAX,
  type AttachedMember,
  type HadOnce,
  type Session,
  type SessionLine,
  type SessionReward,
} from './session-shape.ts';

export type { AttachedMember, Session, SessionLine, SessionReward } from './session-shape.ts';

/** Highest total before discounts, minor units: 10,000,000.00 in two-decimal currencies. */
export const BASKET_MINOR_MAX = 1_000_000_000;

const nothingHad: HadOnce = { rewards: [], codes: [] };

/** A new, empty sale. Its id is the transaction's from now on. */
export function emptySession(saleId: string): Session {
  return {
    saleId,
    lines: [],
    member: null,
    rewards: [],
    codes: [],
    issuedCard: null,
    nextLine: 1,
    past: [],
    comingBack: nothingHad,
  };
}

/**
 * Whether a sale is still the one that something was asked for. Settled, set aside or cleared meanwhile
 * it is not: what is open then may be the next shopper's.
 */
export function isSameSale(before: Session, now: Session): boolean {
  const there = new Set(now.lines.map(({ id }) => id));
  const isCleared = before.lines.length > 0 && !before.lines.some(({ id }) => there.has(id));
  return now.saleId === before.saleId && !isCleared;
}

/** Whether it is so, and for the same member. */
export function isSameShopper(before: Session, now: Session): boolean {
  return isSameSale(before, now) && now.member?.member === before.member?.member;
}

/** A refusal as the renderer words it. */
export function refusal(
  code: string,
  params: Readonly<Record<string, string | number>> = {},
): Message {
  return { code, params: { ...params } };
}

/** What a line is made from. */
export interface NewLine {
  readonly sku: string | null;
  readonly name: LocalText | null;
  readonly categories: readonly string[];
  readonly kind: LineKind;
  readonly quantityMilli: number;
  readonly unitPriceMinor: number;
}

/** Adds a line, or raises the last line of the same product and price. */
export function addLine(from: Session, added: NewLine): Result<Session, Message> {
  if (added.unitPriceMinor < 0 || added.unitPriceMinor > AMOUNT_MINOR_MAX) {
    return err(refusal('amount-out-of-range', { maxMinor: AMOUNT_MINOR_MAX }));
  }
  const same = from.lines.find(
    (known) =>
      added.sku !== null &&
      known.sku === added.sku &&
      known.unitPriceMinor === added.unitPriceMinor,
  );
  if (same !== undefined) {
    return setQuantity(from, same.id, same.quantityMilli + added.quantityMilli);
  }
  if (from.lines.length >= LINES_MAX) return err(refusal('too-many-lines', { max: LINES_MAX }));
  const id = `l${from.nextLine}`;
  const grown: Session = {
    ...from,
    nextLine: from.nextLine + 1,
    lines: [...from.lines, { ...added, id, categories: [...added.categories] }],
  };
  return checked(grown, id);
}

/** Sets how many of a line there are. */
export function setQuantity(
  from: Session,
  id: string,
  quantityMilli: number,
): Result<Session, Message> {
  if (!from.lines.some((known) => known.id === id)) return err(refusal('no-such-line'));
  const lines = from.lines.map((known) => (known.id === id ? { ...known, quantityMilli } : known));
  return checked({ ...from, lines }, id);
}

/** Takes a line out. */
export function removeLine(from: Session, id: string): Result<Session, Message> {
  const lines = from.lines.filter((known) => known.id !== id);
  return lines.length === from.lines.length ? err(refusal('no-such-line')) : ok({ ...from, lines });
}

/** Takes all lines out; the member stays. Rewards and codes go: what they held is given back by the caller. */
export function clearLines(from: Session): Session {
  return { ...from, lines: [], rewards: [], codes: [], comingBack: nothingHad };
}

/** Puts a member on the sale, in place of whoever was there. Another member's rewards go. */
export function attach(from: Session, member: AttachedMember): Session {
  const same = from.member?.member === member.member;
  return same ? { ...from, member } : { ...withoutRewards(from), member };
}

/** Takes the member off the sale, and with them their rewards. */
export function detach(from: Session): Session {
  return { ...withoutRewards(from), member: null };
}

function withoutRewards(from: Session): Session {
  return { ...from, rewards: [], comingBack: { ...from.comingBack, rewards: [] } };
}

/** Which reward is meant: programmes name theirs without asking each other. */
export type RewardId = Pick<SessionReward, 'programme' | 'reward'>;

/** Whether two mean the same reward. */
export function sameReward(one: RewardId, other: RewardId): boolean {
  return one.reward === other.reward && one.programme === other.programme;
}

/** Puts a reward on the sale; a reward is on it once. */
export function applyReward(from: Session, added: SessionReward): Session {
  const others = from.rewards.filter((known) => !sameReward(known, added));
  return { ...from, rewards: [...others, added] };
}

/** Takes a reward off the sale. */
export function removeReward(from: Session, reward: RewardId): Session {
  return { ...from, rewards: from.rewards.filter((known) => !sameReward(known, reward)) };
}

/** Follows a merge: the sale's member, and whose card waits for the receipt, have another reference now. */
export function followMerge(from: Session, old: string, into: string): Session {
  const now = <Named extends { readonly member: string }>(named: Named | null): Named | null =>
    named?.member === old ? { ...named, member: into } : named;
  return { ...from, member: now(from.member), issuedCard: now(from.issuedCard) };
}

/** Quantity × price, rounded half up to the minor unit. */
export function grossMinor(of: Pick<SessionLine, 'quantityMilli' | 'unitPriceMinor'>): number {
  return Math.floor((of.quantityMilli * of.unitPriceMinor + 500) / 1000);
}

function checked(after: Session, id: string): Result<Session, Message> {
  const changed = after.lines.find((known) => known.id === id);
  const quantity = changed?.quantityMilli ?? 0;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MILLI_MAX) {
    return err(refusal('quantity-out-of-range', { maxMilli: QUANTITY_MILLI_MAX }));
  }
  const total = after.lines.reduce((sum, known) => sum + grossMinor(known), 0);
  return total > BASKET_MINOR_MAX
    ? err(refusal('basket-too-large', { maxMinor: BASKET_MINOR_MAX }))
    : ok(after);
}
