import { businessDay, endOfLocalDay } from './business-day.ts';
import type { AccountRef, SourceType } from './entry.ts';
import { addSpan, expiresAt } from './expiry.ts';
import {
  currentProgrammes,
  type Ledger,
  type LedgerVoucher,
  type NewEntry,
  spendable,
} from './ledger.ts';
import type { Quote, QuotedAward, QuotedEarning } from './quote-types.ts';
import type { SaleRequest } from './sale-request.ts';

/** Entries of what a sale or claim earned: spendable points, and the part that qualifies. */
export function earnEntries(
  holder: string,
  earnings: readonly QuotedEarning[],
  source: string,
  sourceType: SourceType,
  atMs: number,
): NewEntry[] {
  return earnings.flatMap((earning): NewEntry[] => {
    const common = {
      type: 'earn' as const,
      source,
      sourceType,
      atMs,
      effectiveAtMs: earning.effectiveAtMs,
      programmeVersion: earning.version,
      basisMinor: earning.basisMinor,
      breakdown: { ...earning.breakdown },
    };
    const account = spendable(holder, earning.programme);
    const spendableEntry = {
      ...common,
      account,
      amount: earning.points,
      expiresAtMs: earning.expiresAtMs,
      allocatedMinor: earning.allocatedMinor,
    };
    const qualifying = {
      ...common,
      account: { ...account, purpose: 'qualifying' as const },
      amount: earning.qualifyingPoints,
    };
    return earning.qualifyingPoints > 0 ? [spendableEntry, qualifying] : [spendableEntry];
  });
}

/** One entry per account that a sale spends from; its breakdown is per reward. */
export function redeemEntries(quoted: Quote, source: string, atMs: number): NewEntry[] {
  const sums = new Map<
    string,
    { account: AccountRef; points: number; breakdown: Record<string, number> }
  >();
  for (const done of quoted.redemptions) {
    if (done.holder === null || done.points === 0) continue;
    const key = `${done.holder}/${done.programme}`;
    const there = sums.get(key) ?? {
      account: spendable(done.holder, done.programme),
      points: 0,
      breakdown: {},
    };
    there.points += done.points;
    there.breakdown[done.reward] = (there.breakdown[done.reward] ?? 0) + done.points;
    sums.set(key, there);
  }
  return [...sums.values()].map(({ account, points, breakdown }) => ({
    account,
    type: 'redeem',
    amount: -points,
    source,
    sourceType: 'sale',
    atMs,
    breakdown,
  }));
}

/** Vouchers that a sale issues, and the points on them. */
export function issueVouchers(
  ledger: Ledger,
  request: SaleRequest,
  awards: readonly QuotedAward[],
): { readonly vouchers: LedgerVoucher[]; readonly entries: NewEntry[] } {
  const vouchers: LedgerVoucher[] = [];
  const entries: NewEntry[] = [];
  awards.forEach((award, index) => {
    if (award.kind !== 'voucher') return;
    const holder = `v-${request.id}-${index}`;
    const day = businessDay(request.nowMs, ledger.settings);
    const span = award.template?.validFor ?? null;
    const programme = currentProgrammes(ledger).find(({ id }) => id === award.opens);
    const expiresAtMs =
      span === null
        ? expiresAt(programme?.expiry ?? { kind: 'never' }, request.nowMs, ledger.settings)
        : endOfLocalDay(addSpan(day, span), ledger.settings.timeZone);
    vouchers.push({
      code: holder,
      programme: award.opens,
      holder,
      owner: request.member,
      sale: request.id,
      rule: award.rule,
      expiresAtMs,
      state: 'active',
    });
    entries.push({
      account: spendable(holder, award.opens),
      type: 'earn',
      amount: award.points,
      source: request.id,
      sourceType: 'voucher',
      atMs: request.nowMs,
      expiresAtMs,
    });
  });
  return { vouchers, entries };
}
