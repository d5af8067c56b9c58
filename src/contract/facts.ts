import { z } from 'zod';
import { businessDay, ref } from '#journal/entry.ts';
import { normaliseCode, voucherCodeFromBytes } from '#loyalty/card.ts';
import { startOfWeek } from '#loyalty/calendar.ts';
import { type UseCount, useKey, type VoucherFact } from '#loyalty/facts.ts';
import { textField } from '#loyalty/fields.ts';

const count = z.int().nonnegative();

const useCount = z.strictObject({ times: count, points: z.int() });

/**
 * How often something was used, by whom a record says.
 *
 * The five counts are those of the day, week (from Monday), month and year in which `lastDay` lies,
 * and of all time: a reader on a later day drops the periods that are over, with `usesOn`.
 */
export const useRecord = z.strictObject({
  programme: ref,
  /** A rule, a reward, a limit group; empty is the programme as a whole. */
  id: z.string().max(64),
  /** Business day of the latest use. */
  lastDay: businessDay,
  /** Latest use in a sale that still stands; null where none does. */
  lastAtMs: z.int().nullable(),
  day: useCount,
  week: useCount,
  month: useCount,
  year: useCount,
  life: useCount,
});
export type UseRecord = z.infer<typeof useRecord>;

/** Most use counters in one record: those that a limit, a cap or an interval of the shop asks for. */
export const USES_MAX = 64;

/** What concerns a programme as a whole: its budget, and limits that all members share. */
export const programmeFacts = z.strictObject({
  programme: ref,
  /** Points given so far; what came back counts as given. 0 where there is no budget. */
  givenPoints: count,
  /** Only what a shared limit asks for. */
  uses: z.array(useRecord).max(USES_MAX),
});
export type ProgrammeFacts = z.infer<typeof programmeFacts>;

/**
 * A coupon, gift card or unique code. Its points are in the account of `holder`, and are spent as a
 * member's are: by a grant over (`holder`, `programme`), so that no code is used twice.
 */
export const voucherRecord = z.strictObject({
  code: z.string().min(1).max(40),
  /** The programme whose reward it opens. */
  programme: ref,
  holder: ref,
  /** What the shopper is told it is; null where the rule that gave it is gone. */
  name: textField.nullable(),
  /** Posted points less what open grants hold. */
  available: z.int(),
  /** Exclusive; null never ends. */
  expiresAtMs: z.int().nullable(),
  /** `used` when nothing is left on it, `blocked` by the shop. What has ended is still `active`. */
  state: z.enum(['active', 'used', 'blocked']),
});
export type VoucherRecord = z.infer<typeof voucherRecord>;

/** Most vouchers in one record; soonest end first, used ones last. */
export const VOUCHERS_MAX = 32;

type Period = 'day' | 'week' | 'month' | 'year' | 'life';

/** The periods of `lastDay` that `today` still lies in. */
function periodsHeld(lastDay: string, today: string): Period[] {
  const periods: Period[] = ['life'];
  if (lastDay.slice(0, 4) === today.slice(0, 4)) periods.push('year');
  if (lastDay.slice(0, 7) === today.slice(0, 7)) periods.push('month');
  if (startOfWeek(lastDay) === startOfWeek(today)) periods.push('week');
  if (lastDay === today) periods.push('day');
  return periods;
}

/**
 * The engine's counters on a business day: `Facts.uses`.
 *
 * `of` says whose the records are: one member's, or the programme's.
 */
export function usesOn(
  records: readonly UseRecord[],
  of: 'member' | 'programme',
  today: string,
): Record<string, UseCount> {
  const uses: Record<string, UseCount> = {};
  for (const record of records) {
    for (const per of periodsHeld(record.lastDay, today)) {
      uses[useKey(record.programme, record.id, of, per)] = { ...record[per] };
    }
  }
  return uses;
}

/** When each rule or reward was last used: `Facts.lastUsedAtMs`. */
export function lastUsesOf(records: readonly UseRecord[]): Record<string, number> {
  return Object.fromEntries(
    records.flatMap(({ programme, id, lastAtMs }) =>
      lastAtMs === null || id === '' ? [] : [[`${programme}/${id}`, lastAtMs] as const],
    ),
  );
}

/** A voucher as the engine looks one up. */
export function voucherFact(voucher: VoucherRecord): VoucherFact {
  const { programme, holder, expiresAtMs, state } = voucher;
  const available = Math.max(0, voucher.available);
  return { code: normaliseCode(voucher.code), programme, holder, available, expiresAtMs, state };
}

/**
 * The code that stands on a voucher, from the HMAC-SHA-256 (hex) of `voucher:<holder>` under the
 * tenant's identifier key.
 *
 * Till and server come to the same one, so that it is printed offline, found online, and is in no
 * journal; nobody without the key can guess one.
 */
export function voucherCodeOf(hmacHex: string): string {
  const bytes = hmacHex.match(/../g)?.slice(0, 7) ?? [];
  return voucherCodeFromBytes(Uint8Array.from(bytes, (pair) => Number.parseInt(pair, 16)));
}
