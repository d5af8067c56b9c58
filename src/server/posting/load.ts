import type { StoredEntry } from '#journal/entry.ts';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import type { KnownJournal } from '#journal/posting-batch.ts';
import { isOfNobody, postingNeeds, type PostingNeeds } from '#journal/posting-needs.ts';
import {
  accountKey,
  ledgerKey,
  type ClaimRow,
  type GrantRow,
  type HeldRow,
  type LedgerType,
  type MemberRow,
  type OriginalRow,
  type PostingRows,
  type SaleRow,
  type TerminalRow,
} from '#journal/posting-rows.ts';
import type { WritableDb } from '#server/database/database.ts';
import { inPipeline } from '#server/database/pipeline.ts';
import { hashesBetween } from './archive.ts';
import {
  lockAccounts,
  readNamedAccounts,
  type AccountPairs,
  type NamedAccount,
} from './accounts.ts';
import { chainHash } from './chain-hash.ts';

const TERMINALS = `
  select t.tenant, t.store, t.till, t.inc, t.state, t.ack_seq as "ackSeq", t.ack_hash as "ackHash",
         t.fork_at as "forkAt", t.epoch, t.recover_through as "recoverThrough", t.recovered,
         n.epoch as "serverEpoch"
  from terminal t join tenant n using (tenant)
  where t.till = any($1::text[]) order by t.till for update of t`;

/** A till's row with the deployment's epoch. */
export interface LoadedTerminal {
  readonly terminal: TerminalRow;
  readonly epoch: number;
}

/** Loads a till's head and locks it: pushes of one till wait for each other. Null where unknown. */
export async function loadTerminal(db: WritableDb, till: string): Promise<LoadedTerminal | null> {
  return (await loadTerminals(db, [till])).get(till) ?? null;
}

/** The same of several tills, locked in one order everywhere; those that are not known are missing. */
export async function loadTerminals(
  db: WritableDb,
  tills: readonly string[],
): Promise<ReadonlyMap<string, LoadedTerminal>> {
  const rows = await db.query<TerminalRow & { serverEpoch: number }>(TERMINALS, [tills]);
  return new Map(
    rows.map(({ serverEpoch, ...terminal }) => [terminal.till, { terminal, epoch: serverEpoch }]),
  );
}

/** Loads the hashes a batch must agree with: those of what came before, where it brings any of it again. */
export async function loadKnown(
  db: WritableDb,
  loaded: LoadedTerminal,
  from: number,
): Promise<KnownJournal> {
  const { terminal, epoch } = loaded;
  const { ackSeq, ackHash, tenant } = terminal;
  const range = { from: from - 1, to: Math.min(ackSeq, from - 1 + PUSH_ENTRIES_MAX) };
  const before =
    from <= ackSeq ? await hashesBetween(db, tenant, terminal, range, chainHash) : new Map();
  return { terminal, epoch, hashes: new Map([...before, [ackSeq, ackHash]]) };
}

/** Whether a restored server still waits for a till of this tenant: `isRecovering` over its tills. */
export async function waitsForTills(db: WritableDb, tenant: string): Promise<boolean> {
  const rows = await db.query<{ waits: boolean }>(
    `select exists (select 1 from terminal t join tenant n using (tenant)
       where t.tenant = $1 and t.state = 'active' and (t.epoch <> n.epoch or not t.recovered)) as waits`,
    [tenant],
  );
  return rows[0]?.waits === true;
}

/** How rows are loaded: `careful` also looks whether keys that should be new are. */
export interface LoadOptions {
  readonly careful: boolean;
}

/**
 * Loads what a batch's plan reads, and locks the accounts it will change, in one order everywhere. Call
 * `keepMembersApart` first.
 */
export async function loadPostingRows(
  db: WritableDb,
  tenant: string,
  terminals: ReadonlyMap<string, TerminalRow>,
  entries: readonly StoredEntry[],
  { careful }: LoadOptions,
): Promise<Omit<PostingRows, 'programmes'>> {
  const needs = postingNeeds(entries);
  const accountsIn = accountsNamed(entries);
  const sources = careful
    ? [...needs.reversedSources, ...needs.addedSources]
    : needs.reversedSources;
  const saleKeys = careful ? [...needs.sales, ...transactionsOf(entries)] : needs.sales;
  return inPipeline(async (line) => {
    const grantsFound = line.send(loadGrants(db, tenant, needs.grants));
    const membersFound = line.send(loadMembers(db, tenant, needs.members));
    const ledgerKeys = line.send(careful ? loadLedgerKeys(db, tenant, entries) : NO_KEYS);
    const returns = line.send(careful ? loadReturns(db, tenant, entries) : NO_KEYS);
    // Behind the locks: who had an account before may have posted what this batch reverses, or the other
    // way round.
    const behindLocks = () => ({
      sales: line.send(loadSales(db, tenant, saleKeys)),
      refunds: line.send(loadRefunds(db, tenant, needs.sales)),
      claims: line.send(loadClaims(db, tenant, needs.claims)),
      originals: line.send(loadOriginals(db, tenant, sources)),
      held: line.send(loadHeld(db, tenant, needs)),
    });
    const known = line.send(readNamedAccounts(db, tenant, accountsIn, needs.grants));
    const ahead = behindLocks();
    const grants = await grantsFound;
    const named = await membersFound;
    const others = [...grants.values()].map(({ member }) => member).filter((m) => !named.has(m));
    const members = new Map([...named, ...(await loadMembers(db, tenant, others))]);
    const pairs = accountsOf(accountsIn, members, grants);
    const opened = await known;
    const isWhole = [...pairs.keys()].every((key) => opened.has(key));
    const accounts = isWhole ? opened : await lockAccounts(db, tenant, pairs);
    const found = isWhole ? ahead : behindLocks();
    return {
      terminals,
      members,
      accounts,
      grants,
      sales: await found.sales,
      refunds: await found.refunds,
      claims: await found.claims,
      originals: await found.originals,
      held: await found.held,
      ledgerKeys: await ledgerKeys,
      returns: await returns,
    };
  });
}

const NO_KEYS: Promise<ReadonlySet<string>> = Promise.resolve(new Set());

function transactionsOf(entries: readonly StoredEntry[]): readonly string[] {
  return [...new Set(entries.map(({ entry }) => entry.tx))].toSorted();
}

/** A grant as the plans read it. */
export const GRANT_COLUMNS =
  'grant_ref as "grant", member, programme, till, inc, amount, spent, state, purpose, recalled';

async function loadGrants(
  db: WritableDb,
  tenant: string,
  grants: readonly string[],
): Promise<ReadonlyMap<string, GrantRow>> {
  if (grants.length === 0) return new Map();
  const rows = await db.query<GrantRow>(
    `select ${GRANT_COLUMNS}
     from point_grant where tenant = $1 and grant_ref = any($2::text[]) order by grant_ref for update`,
    [tenant, grants],
  );
  return new Map(rows.map((row) => [row.grant, row]));
}

/** Members with their owners' standing. Call `keepMembersApart` first. */
export async function loadMembers(
  db: WritableDb,
  tenant: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, MemberRow>> {
  if (members.length === 0) return new Map();
  const rows = await readMembers(db, tenant, members);
  const owners = rows.filter(({ member, owner }) => member !== owner).map(({ owner }) => owner);
  const standing = new Map(
    (owners.length === 0 ? [] : await readMembers(db, tenant, owners)).map((row) => [
      row.member,
      row.status,
    ]),
  );
  return new Map(
    rows.map((row) => [row.member, { ...row, status: standing.get(row.owner) ?? row.status }]),
  );
}

async function readMembers(
  db: WritableDb,
  tenant: string,
  members: readonly string[],
): Promise<readonly MemberRow[]> {
  return db.query<MemberRow>(
    `select member, owner, status, provisional, enrolled from member
     where tenant = $1 and member = any($2::text[])`,
    [tenant, members],
  );
}

function accountsOf(
  named: readonly NamedAccount[],
  members: ReadonlyMap<string, MemberRow>,
  grants: ReadonlyMap<string, GrantRow>,
): AccountPairs {
  const pairs = new Map<string, { owner: string; programme: string }>();
  const add = (member: string, programme: string): void => {
    const owner = members.get(member)?.owner ?? member;
    pairs.set(accountKey(owner, programme), { owner, programme });
  };
  for (const { member, programme } of named) add(member, programme);
  for (const { member, programme, purpose } of grants.values()) {
    if (purpose !== 'risk') add(member, programme);
  }
  return pairs;
}

/** Accounts as entries name them: by a member, who may belong to another one by now. */
function accountsNamed(entries: readonly StoredEntry[]): readonly NamedAccount[] {
  const named = new Map<string, Map<string, NamedAccount>>();
  for (const { entry } of entries) {
    if (!('programme' in entry.body) || isOfNobody(entry.body)) continue;
    const { member, programme } = entry.body;
    const own = named.get(programme) ?? new Map<string, NamedAccount>();
    if (!own.has(member)) named.set(programme, own.set(member, { member, programme }));
  }
  return [...named.values()].flatMap((own) => [...own.values()]);
}

async function loadSales(
  db: WritableDb,
  tenant: string,
  sales: readonly string[],
): Promise<ReadonlyMap<string, SaleRow>> {
  if (sales.length === 0) return new Map();
  const rows = await db.query<SaleRow>(
    `select tx, member, subtotal_minor as "subtotalMinor", total_minor as "totalMinor"
     from sale where tenant = $1 and tx = any($2::uuid[]) order by tx for update`,
    [tenant, sales],
  );
  return new Map(rows.map((row) => [row.tx, row]));
}

/** Call it once the sales are locked: who locked them before may have refunded some of them. */
async function loadRefunds(
  db: WritableDb,
  tenant: string,
  sales: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (sales.length === 0) return new Map();
  const rows = await db.query<{ readonly of: string; readonly refundedMinor: number }>(
    `select of_tx as "of", sum(refund_minor)::bigint as "refundedMinor" from sale_return
     where tenant = $1 and of_tx = any($2::uuid[]) group by of_tx`,
    [tenant, sales],
  );
  return new Map(rows.map(({ of, refundedMinor }) => [of, refundedMinor]));
}

async function loadClaims(
  db: WritableDb,
  tenant: string,
  claims: readonly string[],
): Promise<ReadonlyMap<string, ClaimRow>> {
  if (claims.length === 0) return new Map();
  const rows = await db.query<ClaimRow>(
    `select c.of_tx as "of", m.owner from claim c join member m using (tenant, member)
     where c.tenant = $1 and c.of_tx = any($2::uuid[])`,
    [tenant, claims],
  );
  return new Map(rows.map((row) => [row.of, row]));
}

async function loadOriginals(
  db: WritableDb,
  tenant: string,
  sources: readonly string[],
): Promise<ReadonlyMap<string, OriginalRow>> {
  if (sources.length === 0) return new Map();
  const rows = await db.query<OriginalRow>(
    `select m.owner, l.programme, l.type, l.source, l.points, l.counted, l.effective_at_ms as "effectiveAtMs",
       coalesce((select sum(r.points) from ledger r join member rm using (tenant, member)
                 where r.tenant = l.tenant and r.of_source = l.source and r.of_type = l.type
                   and r.programme = l.programme and rm.owner = m.owner), 0)::bigint as reversed
     from ledger l join member m using (tenant, member)
     where l.tenant = $1 and l.source = any($2::text[]) and l.type in ('earn', 'redeem')`,
    [tenant, sources],
  );
  return new Map(
    rows.map((row) => [ledgerKey(row.owner, row.programme, row.type, row.source), row]),
  );
}

async function loadHeld(
  db: WritableDb,
  tenant: string,
  needs: PostingNeeds,
): Promise<readonly HeldRow[]> {
  const sources = [...needs.addedSources, ...needs.reversedSources];
  if (sources.length === 0) return [];
  return db.query<HeldRow>(
    `select h.member, m.owner, h.programme, h.of_type as "ofType", h.of_source as "ofSource",
       h.source, h.points, h.expires_at_ms as "expiresAtMs", h.version, h.till, h.inc, h.seq, h.day, h.at_ms as "atMs"
     from held_reversal h join member m using (tenant, member)
     where h.tenant = $1 and h.of_source = any($2::text[])
     order by h.till, h.inc, h.seq`,
    [tenant, sources],
  );
}

async function loadLedgerKeys(
  db: WritableDb,
  tenant: string,
  entries: readonly StoredEntry[],
): Promise<ReadonlySet<string>> {
  const sources = entries.flatMap(({ entry }) =>
    entry.body.kind === 'reverse' ? [`${entry.body.source}:${entry.body.of.type}`] : [],
  );
  if (sources.length === 0) return new Set();
  const rows = await db.query<{
    owner: string;
    programme: string;
    type: LedgerType;
    source: string;
  }>(
    `select m.owner, l.programme, l.type, l.source from ledger l join member m using (tenant, member)
     where l.tenant = $1 and l.source = any($2::text[])`,
    [tenant, sources],
  );
  return new Set(rows.map((row) => ledgerKey(row.owner, row.programme, row.type, row.source)));
}

async function loadReturns(
  db: WritableDb,
  tenant: string,
  entries: readonly StoredEntry[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ tx: string }>(
    'select tx from sale_return where tenant = $1 and tx = any($2::uuid[])',
    [tenant, transactionsOf(entries)],
  );
  return new Set(rows.map(({ tx }) => tx));
}
