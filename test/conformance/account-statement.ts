import type { AccountRef, LedgerEntry } from '#loyalty/entry.ts';
import {
  currentProgrammes,
  entriesOf,
  type Ledger,
  resolveMember,
  stateOf,
} from '#loyalty/ledger.ts';
import { measuresFor } from '#loyalty/ledger-facts.ts';
import type { AccountState, Lot } from '#loyalty/lots.ts';
import type { LocalDate } from '#loyalty/calendar.ts';
import type { LocalText } from '#loyalty/fields.ts';

/** An account as its holder, a cashier or a manager reads it; points in the smallest unit. */
export interface AccountStatement extends Omit<AccountState, 'consumptions'> {
  readonly lots: readonly Lot[];
  readonly rows: readonly LedgerEntry[];
  /** What is still open of what each source earned, by source: `{ "sale-7": 40 }`. */
  readonly openBySource: Readonly<Record<string, number>>;
  /** Points earned in the programme's tier window, less what was taken back. */
  readonly earnedInWindow: number;
  /** The tier held in this programme; `null` for none. */
  readonly tier: HeldTierStatement | null;
}

/** A tier that is held, in words. */
export interface HeldTierStatement {
  readonly id: string;
  readonly name: LocalText;
  /** Inclusive; `null` has no end. */
  readonly through: LocalDate | null;
}

/** Everything about one account at an instant, folded from the ledger. */
export function accountStatement(
  ledger: Ledger,
  account: AccountRef,
  atMs: number,
): AccountStatement {
  const rows = entriesOf(ledger, account);
  const { consumptions: _, ...state } = stateOf(ledger, account, atMs);
  const open = new Map(state.lots.map((lot) => [lot.id, lot.open] as const));
  const earned = rows.filter(({ type }) => type === 'earn');
  const programme = currentProgrammes(ledger).find(({ id }) => id === account.programme);
  const member = ledger.members.get(resolveMember(ledger, account.holder));
  const held = member?.tiers[account.programme];
  const tier = programme?.tiers.find(({ id }) => id === held?.tier);
  const measures =
    programme === undefined ? {} : measuresFor(ledger, programme, account.holder, atMs);
  return {
    ...state,
    rows,
    openBySource: Object.fromEntries(earned.map(({ id, source }) => [source, open.get(id) ?? 0])),
    earnedInWindow: measures['earned-points'] ?? 0,
    tier:
      tier === undefined ? null : { id: tier.id, name: tier.name, through: held?.through ?? null },
  };
}
