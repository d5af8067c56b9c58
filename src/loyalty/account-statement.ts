import type { AccountRef, LedgerEntry } from './entry.ts';
import {
  currentProgrammes,
  entriesOf,
  type Ledger,
  type LedgerVoucher,
  resolveMember,
  spendable,
  stateOf,
} from './ledger.ts';
import { benefitsAt, membershipEnd } from './membership.ts';
import { measuresFor } from './ledger-facts.ts';
import type { AccountState, Lot } from './lots.ts';
import type { LocalDate } from './calendar.ts';
import { lastUsableDay } from './expiry.ts';
import type { LocalText } from './fields.ts';
import { endOfLocalDay } from './business-day.ts';
import type { HeldTier } from './tiers.ts';

/** An account as its holder, a cashier or a manager reads it; points in the smallest unit. */
export interface AccountStatement extends Omit<AccountState, 'consumptions'> {
  readonly lots: readonly Lot[];
  readonly rows: readonly LedgerEntry[];
  /** What is still open of what each source earned, by source: `{ "sale-7": 40 }`. */
  readonly openBySource: Readonly<Record<string, number>>;
  /** Points earned in the programme's tier window, less what was taken back. */
  readonly earnedInWindow: number;
  /** Lots that the last redemption consumed, by the source that had earned them, in order. */
  readonly lastConsumed: readonly { readonly source: string; readonly points: number }[];
  /** When what came in last ends; `null` for never or nothing. */
  readonly lastCredit: CreditStatement | null;
  /** The tier held in this programme; `null` for none. */
  readonly tier: HeldTierStatement | null;
  /** The days of that, or of having reached none; `null` where nothing was reached yet. */
  readonly tierTerm: TierTermStatement | null;
  /** Rewards that the points alone reach now, by name: what the next sale may ask for. */
  readonly withinReach: readonly LocalText[];
  /** Whether the programme's paid membership runs. */
  readonly membershipActive: boolean;
  /** What the member's paid memberships give, in English words. */
  readonly benefits: readonly string[];
  /** Vouchers of the member that still have points on them, of every programme. */
  readonly vouchers: readonly LedgerVoucher[];
}

/** The newest points of an account, and their end. */
export interface CreditStatement {
  /** What is left of them. */
  readonly open: number;
  /** Exclusive; `null` never. */
  readonly expiresAtMs: number | null;
  /** The last business day they can be spent on. */
  readonly usableThrough: LocalDate | null;
}

/** A tier that is held, in words. */
export interface HeldTierStatement {
  readonly id: string;
  readonly name: LocalText;
}

/** From when and until when a tier is held before it is looked at again. */
export interface TierTermStatement {
  readonly since: LocalDate;
  /** The last day, and its end; `null` has none. */
  readonly through: LocalDate | null;
  readonly endsAtMs: number | null;
}

const termStatement = ({ since, through }: HeldTier, timeZone: string): TierTermStatement => ({
  since,
  through,
  endsAtMs: through === null ? null : endOfLocalDay(through, timeZone),
});

/** Everything about one account at an instant, folded from the ledger. */
export function accountStatement(
  ledger: Ledger,
  account: AccountRef,
  atMs: number,
): AccountStatement {
  const rows = entriesOf(ledger, account);
  const { consumptions, ...state } = stateOf(ledger, account, atMs);
  const open = new Map(state.lots.map((lot) => [lot.id, lot.open] as const));
  const earned = rows.filter(({ type }) => type === 'earn');
  const spent = rows.findLast(({ type }) => type === 'redeem');
  const credit = rows.findLast(({ amount }) => amount > 0);
  const programme = currentProgrammes(ledger).find(({ id }) => id === account.programme);
  const member = ledger.members.get(resolveMember(ledger, account.holder));
  const held = member?.tiers[account.programme];
  const tier = programme?.tiers.find(({ id }) => id === held?.tier);
  const until =
    programme === undefined ? null : membershipEnd(ledger, programme, account.holder, atMs);
  const measures =
    programme === undefined ? {} : measuresFor(ledger, programme, account.holder, atMs);
  return {
    ...state,
    rows,
    openBySource: Object.fromEntries(earned.map(({ id, source }) => [source, open.get(id) ?? 0])),
    lastConsumed: (consumptions.get(spent?.id ?? '') ?? []).map(({ lotId, amount }) => ({
      source: rows.find(({ id }) => id === lotId)?.source ?? '',
      points: amount,
    })),
    lastCredit:
      credit === undefined
        ? null
        : {
            open: open.get(credit.id) ?? 0,
            expiresAtMs: credit.expiresAtMs,
            usableThrough: lastUsableDay(credit.expiresAtMs, ledger.settings),
          },
    earnedInWindow: measures['earned-points'] ?? 0,
    membershipActive: until !== null && atMs < until,
    benefits: benefitsAt(ledger, account.holder, atMs),
    vouchers: ledger.vouchers.filter(
      ({ owner, holder, programme: opens }) =>
        owner === account.holder && stateOf(ledger, spendable(holder, opens), atMs).available > 0,
    ),
    tier: tier === undefined ? null : { id: tier.id, name: tier.name },
    tierTerm: held === undefined ? null : termStatement(held, ledger.settings.timeZone),
    withinReach: (programme?.rewards ?? [])
      .filter(({ enabled, applies }) => enabled && applies === 'claim')
      .filter(({ costPoints }) => costPoints > 0 && costPoints <= state.available)
      .map(({ name }) => name),
  };
}
