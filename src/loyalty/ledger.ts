import {
  type AccountRef,
  accountKey,
  entryKey,
  type EntryType,
  type LedgerEntry,
  ledgerEntry,
  type SourceType,
} from './entry.ts';
import type { Facts } from './facts.ts';
import { type AccountState, replay } from './lots.ts';
import type { QuoteSettings } from './context.ts';
import type { Programme } from './programme.ts';
import type { RefundsBefore } from './refund.ts';
import { err, ok, type Result } from './result.ts';
import type { SaleSnapshot } from './sale.ts';
import type { HeldTier, TierEvent } from './tiers.ts';

/** A member as the ledger knows one; profile and consent are elsewhere. */
export interface LedgerMember {
  readonly ref: string;
  readonly enrolledAtMs: number;
  /** `MM-DD`. */
  readonly birthday: string | null;
  readonly age: number | null;
  readonly segments: readonly string[];
  readonly enabled: boolean;
  readonly referredBy: string | null;
  /** The member who took everything over. */
  readonly mergedInto: string | null;
  /** Card numbers, phone hashes: whatever finds the member; unique over all members. */
  readonly identifiers: readonly string[];
  /** End of each paid term, by programme; a membership that renews runs on from there. */
  readonly membershipUntilMs: Readonly<Record<string, number>>;
  /** Programmes whose membership ends with its paid term although it would renew. */
  readonly notRenewed: readonly string[];
  readonly tiers: Readonly<Record<string, HeldTier>>;
  readonly badges: readonly string[];
}

/** A settled sale with what happened to it since. */
export interface LedgerSale {
  readonly id: string;
  readonly atMs: number;
  readonly member: string | null;
  readonly snapshot: SaleSnapshot;
  readonly refunds: RefundsBefore;
  readonly complete: boolean;
  readonly claimedBy: string | null;
}

/** A coupon, gift card or unique code. Its points are in the account of `holder`. */
export interface LedgerVoucher {
  readonly code: string;
  readonly programme: string;
  readonly holder: string;
  readonly owner: string | null;
  /** The sale that issued it. */
  readonly sale: string | null;
  readonly rule: string | null;
  readonly expiresAtMs: number | null;
  readonly state: 'active' | 'blocked';
}

/** Everything a tenant's loyalty is, as one value. What can be derived is not in it. */
export interface Ledger {
  readonly settings: QuoteSettings;
  /** Every version; the highest one of an id is the current one. */
  readonly programmes: readonly Programme[];
  readonly members: ReadonlyMap<string, LedgerMember>;
  readonly sales: ReadonlyMap<string, LedgerSale>;
  readonly vouchers: readonly LedgerVoucher[];
  readonly entries: readonly LedgerEntry[];
  /** Changes of tier, each told once to the member and to the shop. */
  readonly tierEvents: readonly (TierEvent & { readonly member: string })[];
  /** Prices of goods that rewards may add. */
  readonly pricesMinor: Facts['pricesMinor'];
}

/** A tenant that has done nothing yet. */
export function emptyLedger(settings: QuoteSettings, programmes: readonly Programme[]): Ledger {
  return {
    settings,
    programmes,
    members: new Map(),
    sales: new Map(),
    vouchers: [],
    entries: [],
    tierEvents: [],
    pricesMinor: {},
  };
}

/** The current version of each programme, in document order. */
export function currentProgrammes(ledger: Ledger): Programme[] {
  const ids = [...new Set(ledger.programmes.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const versions = ledger.programmes.filter((programme) => programme.id === id);
    const latest = versions.toSorted((a, b) => b.version - a.version)[0];
    return latest === undefined ? [] : [latest];
  });
}

/** The member a reference leads to, through any merge. */
export function resolveMember(ledger: Ledger, ref: string): string {
  let current = ref;
  for (let hops = 0; hops < 32; hops += 1) {
    const next = ledger.members.get(current)?.mergedInto ?? null;
    if (next === null) return current;
    current = next;
  }
  return current;
}

/** The member with this card or phone. */
export function memberByIdentifier(ledger: Ledger, identifier: string): string | null {
  for (const member of ledger.members.values()) {
    if (member.identifiers.includes(identifier)) return resolveMember(ledger, member.ref);
  }
  return null;
}

/** A spendable account. */
export function spendable(holder: string, programme: string): AccountRef {
  return { holder, programme, purpose: 'spendable' };
}

/** The entries of one account. */
export function entriesOf(ledger: Ledger, account: AccountRef): LedgerEntry[] {
  const key = accountKey(account);
  return ledger.entries.filter((entry) => accountKey(entry.account) === key);
}

/** One account at an instant. */
export function stateOf(ledger: Ledger, account: AccountRef, atMs: number): AccountState {
  return replay(entriesOf(ledger, account), atMs);
}

/** What is appended; the ledger gives the id. */
export type NewEntry = Pick<LedgerEntry, 'account' | 'type' | 'amount' | 'source' | 'atMs'> & {
  readonly sourceType: SourceType;
} & Partial<LedgerEntry>;

/** The same key came with another amount: a retry that is not one. */
export interface IdempotencyConflict {
  readonly code: 'idempotency-conflict';
  readonly source: string;
}

/**
 * Appends entries; one that is there already is left out, so that a retry changes nothing.
 *
 * The same account, type and source with another amount is refused whole.
 */
export function append(
  ledger: Ledger,
  added: readonly NewEntry[],
): Result<Ledger, IdempotencyConflict> {
  const known = new Map(ledger.entries.map((entry) => [entryKey(entry), entry] as const));
  const entries = [...ledger.entries];
  for (const item of added) {
    const holder = resolveMember(ledger, item.account.holder);
    const account = { ...item.account, holder };
    const there = known.get(entryKey({ ...item, account }));
    if (there !== undefined) {
      if (there.amount !== item.amount) {
        return err({ code: 'idempotency-conflict', source: item.source });
      }
      continue;
    }
    const id = `e${String(entries.length + 1).padStart(9, '0')}`;
    const entry = ledgerEntry({ actor: 'till', ...item, id, account });
    entries.push(entry);
    known.set(entryKey(entry), entry);
  }
  return ok({ ...ledger, entries });
}

/** Finds the entry of an account by what made it. */
export function findEntry(
  ledger: Ledger,
  account: AccountRef,
  type: EntryType,
  source: string,
): LedgerEntry | null {
  const key = entryKey({ account, type, source });
  return ledger.entries.find((entry) => entryKey(entry) === key) ?? null;
}

/** Replaces one member. */
export function withMember(ledger: Ledger, member: LedgerMember): Ledger {
  return { ...ledger, members: new Map(ledger.members).set(member.ref, member) };
}

/** Replaces one sale. */
export function withSale(ledger: Ledger, sale: LedgerSale): Ledger {
  return { ...ledger, sales: new Map(ledger.sales).set(sale.id, sale) };
}

/** A member about whom nothing but the reference is known. */
export function newLedgerMember(ref: string, enrolledAtMs: number): LedgerMember {
  return {
    ref,
    enrolledAtMs,
    birthday: null,
    age: null,
    segments: [],
    enabled: true,
    referredBy: null,
    mergedInto: null,
    identifiers: [],
    membershipUntilMs: {},
    notRenewed: [],
    tiers: {},
    badges: [],
  };
}
