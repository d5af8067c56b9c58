import { createHash } from 'node:crypto';
import type { ChainHash } from '#journal/chain.ts';
import { planPosting } from '#journal/posting.ts';
import { readBatch, type PushBatch } from '#journal/posting-batch.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import type { MemberBalance } from '#server/members/records.ts';
import { refreshFacts } from '#server/facts/refresh.ts';
import { applyPosting } from '#server/posting/apply.ts';
import { openGrantsOf } from '#server/posting/grants.ts';
import { loadKnown, loadPostingRows, loadTerminal } from '#server/posting/load.ts';
import type { ShopCache } from '#server/shop.ts';
import { quarantine } from './apply-quarantine.ts';
import type { Applied, PushCommand } from './command.ts';

/** SHA-256 over the previous hash's bytes and the text's, as the journal defines it. */
export const chainHash: ChainHash = (previousHashHex, text) =>
  createHash('sha256').update(previousHashHex, 'hex').update(text, 'utf8').digest('hex');

/** Most balances in one acknowledgement, the contract's bound; tills read the rest by PULL. */
const BALANCES_MAX = 2000;

/** How a push is applied: `careful` after a first try found rows where it expected none. */
export interface PushOptions {
  readonly shops: ShopCache;
  readonly careful: boolean;
}

/** Posts a batch and acknowledges it, in the caller's transaction. */
export async function applyPush(
  db: WritableDb,
  command: PushCommand,
  options: PushOptions,
): Promise<Applied<SyncOutput<'push'>>> {
  const { input, nowMs } = command;
  const loaded = await loadTerminal(db, command.till);
  if (loaded === null) return { result: { outcome: 'fenced' }, changed: false };
  const { terminal } = loaded;
  const batch: PushBatch = { ...input, texts: input.entries };
  const read = readBatch(await loadKnown(db, loaded, batch), batch, chainHash);
  if (!read.ok) {
    const forked = read.error.outcome === 'fork' && terminal.state === 'active';
    if (forked && read.error.outcome === 'fork') {
      await quarantine(db, terminal, read.error.at, nowMs);
    }
    return { result: read.error, changed: forked };
  }
  const entries = read.value;
  let balances: readonly MemberBalance[] = [];
  if (entries.length > 0) {
    const { tenant, store } = terminal;
    const shop = await options.shops.rulesOf(db, tenant, store, loaded.configVersion);
    const rows = await loadPostingRows(db, terminal, entries, {
      careful: options.careful,
      programmes: new Set(shop.programmes.map(({ id }) => id)),
    });
    const plan = planPosting(rows, { entries, nowMs });
    balances = await applyPosting(db, terminal, plan, nowMs);
    await refreshFacts(db, terminal, plan.writes, shop);
  }
  const last = entries.at(-1);
  const ackSeq = last?.entry.seq ?? terminal.ackSeq;
  return {
    changed: entries.length > 0,
    result: {
      outcome: 'acknowledged',
      epoch: loaded.epoch,
      ackSeq,
      ackHash: last?.hash ?? terminal.ackHash,
      durableSeq: ackSeq,
      balances: balances.slice(0, BALANCES_MAX),
      openGrants: await openGrantsOf(db, terminal, false),
      serverTimeMs: nowMs,
    },
  };
}
