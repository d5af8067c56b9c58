import { businessDay } from '#loyalty/business-day.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { LedgerEntry } from '#loyalty/entry.ts';
import type { WritableDb } from '#server/database/database.ts';
import { book } from '#server/night/book.ts';
import {
  appendServerEntries,
  type ServerBody,
  type ServerHead,
  type ServerRun,
} from '#server/night/server-entry.ts';
import { readShop, rulesOf } from '#server/shop.ts';

/** Where a manager's decision was made. */
export interface DecisionPlace {
  readonly tenant: string;
  readonly store: string;
  readonly tx: string;
  readonly nowMs: number;
}

/** The run under which a decision goes into the server's own journal. */
export async function decisionRun(
  db: WritableDb,
  { tenant, store, tx, nowMs }: DecisionPlace,
): Promise<{ readonly run: ServerRun; readonly config: ShopConfig }> {
  const config = await readShop(db, tenant, store);
  if (config === null) throw new Error('A till of a store that is not there');
  return { run: { tenant, store, tx, atMs: nowMs, day: businessDay(nowMs, config) }, config };
}

/** A change of a balance by a person's decision. */
export interface Correction {
  readonly member: string;
  readonly programme: string;
  /** Change of the balance; never 0. */
  readonly points: number;
  /** With account and type it makes the ledger key: the same decision is booked once. */
  readonly source: string;
  readonly by: string;
}

/** Books a correction as an `adjust` of the ledger, and what was decided as an entry of its own. */
export async function postDecision(
  db: WritableDb,
  { run, config }: { readonly run: ServerRun; readonly config: ShopConfig },
  head: ServerHead,
  decision: ServerBody,
  correction: Correction | null,
): Promise<void> {
  const next = await appendServerEntries(db, run, head, [decision]);
  if (correction === null) return;
  const added = { entries: [adjustment(run, config, correction)], vouchers: [] };
  await book(db, run, next, added, rulesOf(run.store, config));
}

function adjustment(run: ServerRun, config: ShopConfig, correction: Correction): LedgerEntry {
  const { member, programme, points, source, by } = correction;
  const version = config.programmes.find(({ id }) => id === programme)?.version ?? null;
  return {
    id: `m-${run.tx}`,
    account: { holder: member, programme, purpose: 'spendable' },
    type: 'adjust',
    amount: points,
    source,
    sourceType: 'correction',
    lotId: null,
    ofEntryId: null,
    effectiveAtMs: run.atMs,
    expiresAtMs: null,
    basisMinor: null,
    currency: null,
    breakdown: {},
    programmeVersion: version,
    allocatedMinor: null,
    actor: by,
    reason: null,
    till: null,
    atMs: run.atMs,
  };
}
