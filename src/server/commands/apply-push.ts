import { placeBatch, readTexts, type ChainOutcome } from '#journal/posting-batch.ts';
import { postedDay } from '#journal/posted-day.ts';
import type { StoredEntry } from '#journal/entry.ts';
import { planPosting } from '#journal/posting.ts';
import type { PostingRows, TerminalRow } from '#journal/posting-rows.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { inPipeline } from '#server/database/pipeline.ts';
import type { MemberBalance } from '#contract/member.ts';
import { presentAt } from '#server/facts/present.ts';
import { refreshFacts } from '#server/facts/refresh.ts';
import { sendPostings, sendSales } from '#server/posting/apply.ts';
import { packTexts, unpackTexts, writeSegments, type Segment } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { openGrantsOfTills, type OpenGrants } from '#server/posting/grants.ts';
import { keepMembersApart, lockForMerge } from '#server/posting/locks.ts';
import {
  loadKnown,
  loadPostingRows,
  loadTerminals,
  type LoadedTerminal,
} from '#server/posting/load.ts';
import { currentRules, type ShopCache } from '#server/shop.ts';
import { quarantine } from './apply-quarantine.ts';
import type { Applied, PushCommand, PushedBatch } from './command.ts';

/** Most balances in one acknowledgement, the contract's bound; tills read the rest by PULL. */
const BALANCES_MAX = 2000;

/** How pushes are applied: `careful` after a first try found rows where it expected none. */
export interface PushOptions {
  readonly shops: ShopCache;
  readonly careful: boolean;
  /** What the pushes' texts say, where somebody read them before; else they are read here. */
  readonly chains: WeakMap<PushedBatch, ChainOutcome>;
}

/** What became of one push, as far as the entries themselves say. */
interface Taken {
  readonly push: PushedBatch;
  /** Null for an acknowledgement. */
  readonly refusal: SyncOutput<'push'> | null;
  /** What is new in it. */
  readonly entries: readonly StoredEntry[];
  /** The journal's hash before them. */
  readonly previousHash: string;
  /** It showed a fork that nobody had seen. */
  readonly quarantined: boolean;
}

/** What posting came to, for the acknowledgements. */
interface Posted {
  readonly balances: readonly MemberBalance[];
  readonly rows: PostingRows;
  readonly open: ReadonlyMap<string, OpenGrants>;
}

/**
 * Posts pushes of one store's tills together and acknowledges each, in the caller's transaction.
 *
 * One that is refused is not there for the others.
 */
export async function applyPush(
  db: WritableDb,
  command: PushCommand,
  options: PushOptions,
): Promise<Applied<readonly SyncOutput<'push'>[]>> {
  const { nowMs, pushes } = command;
  const tills = [...new Set(pushes.map(({ till }) => till))];
  const journals = new Map(
    [...(await loadTerminals(db, tills))].map(([till, loaded]): [string, Journal] => [
      till,
      { loaded, terminal: loaded.terminal, hashes: new Map() },
    ]),
  );
  const taken: Taken[] = [];
  for (const push of pushes)
    taken.push(await take(db, journals.get(push.till), push, command, options));
  const entries = taken.flatMap((one) => one.entries);
  const posted = entries.length === 0 ? null : await post(db, journals, taken, nowMs, options);
  const open = posted?.open ?? (await openGrantsIn(db, journals));
  const answers = taken.map(({ push, refusal, entries: own }): SyncOutput<'push'> => {
    const journal = journals.get(push.till);
    const openGrants = open.get(push.till);
    if (refusal !== null) return refusal;
    if (journal === undefined || openGrants === undefined) return { outcome: 'fenced' };
    const { ackSeq, ackHash } = journal.terminal;
    return {
      outcome: 'acknowledged',
      epoch: journal.loaded.epoch,
      ackSeq,
      ackHash,
      durableSeq: ackSeq,
      balances: posted === null ? [] : ownBalances(posted, own),
      openGrants,
      serverTimeMs: nowMs,
    };
  });
  const changed = entries.length > 0 || taken.some(({ quarantined }) => quarantined);
  return { result: answers, changed };
}

/** The balances of those a push's entries concern; the others' are for other tills. */
function ownBalances({ balances, rows }: Posted, entries: readonly StoredEntry[]): MemberBalance[] {
  const owners = new Set<string>();
  const add = (member: string | null | undefined): void => {
    if (typeof member === 'string') owners.add(rows.members.get(member)?.owner ?? member);
  };
  for (const { entry } of entries) {
    if ('member' in entry.body) add(entry.body.member);
    if ('grant' in entry.body) add(rows.grants.get(entry.body.grant)?.member);
  }
  return balances.filter(({ member }) => owners.has(member)).slice(0, BALANCES_MAX);
}

/** A till's journal while the pushes of a command are placed in it, one after the other. */
interface Journal {
  readonly loaded: LoadedTerminal;
  /** Where it ends with the pushes so far. */
  terminal: TerminalRow;
  /** Its hashes by number, as far as pushes need them: of what they bring again, and of what they added. */
  readonly hashes: Map<number, string>;
}

/** Places a push behind those before it; `journal` then ends with it. */
async function take(
  db: WritableDb,
  journal: Journal | undefined,
  push: PushedBatch,
  { nowMs }: PushCommand,
  { chains }: PushOptions,
): Promise<Taken> {
  const nothing = { push, entries: [], previousHash: push.previousHash, quarantined: false };
  if (journal === undefined) return { ...nothing, refusal: { outcome: 'fenced' } };
  const { loaded, terminal, hashes } = journal;
  const chain =
    chains.get(push) ?? readTexts({ ...push, texts: unpackTexts(push.packed) }, chainHash);
  chains.set(push, chain);
  const before = await loadKnown(db, loaded, push.from);
  for (const [seq, hash] of before.hashes) hashes.set(seq, hash);
  const read = placeBatch({ ...before, terminal, hashes }, push, () => chain);
  if (!read.ok) {
    const { error } = read;
    const quarantined = error.outcome === 'fork' && terminal.state === 'active';
    if (quarantined) {
      await quarantine(db, terminal, error.at, nowMs);
      journal.terminal = { ...terminal, state: 'forked', forkAt: error.at };
    }
    return { ...nothing, refusal: error, quarantined };
  }
  const last = read.value.at(-1);
  if (last !== undefined) {
    journal.terminal = { ...terminal, ackSeq: last.entry.seq, ackHash: last.hash };
    for (const { entry, hash } of read.value) hashes.set(entry.seq, hash);
  }
  return { ...nothing, refusal: null, entries: read.value, previousHash: terminal.ackHash };
}

async function post(
  db: WritableDb,
  journals: ReadonlyMap<string, Journal>,
  taken: readonly Taken[],
  nowMs: number,
  options: PushOptions,
): Promise<Posted | null> {
  const [first] = journals.values();
  if (first === undefined) return null;
  const { tenant, store } = first.terminal;
  const terminals = new Map([...journals].map(([till, { terminal }]) => [till, terminal]));
  const entries = taken.flatMap((one) => one.entries);
  // What a restored server had forgotten comes alone: a return and a claim may come before their sale, whose
  // row else makes them wait for each other.
  const comesBack = [...journals.values()].some(({ loaded }) => !loaded.terminal.recovered);
  if (comesBack) await lockForMerge(db, tenant);
  // Who changes the programmes waits for postings, and they for them: each is counted by what holds then.
  return inPipeline(async (line) => {
    void line.send(keepMembersApart(db, tenant));
    const found = line.send(currentRules(db, options.shops, { tenant, store }));
    const { careful } = options;
    const loading = line.send(loadPostingRows(db, tenant, terminals, entries, { careful }));
    // The entries as they came need no plan: they are written while it is made.
    const segments = segmentsOf(taken);
    void line.send(writeSegments(db, tenant, segments));
    const [loaded, shop] = [await loading, await found];
    const rows = { ...loaded, programmes: new Set(shop.programmes.map(({ id }) => id)) };
    const plan = planPosting(rows, { entries, nowMs });
    const to = { db, tenant, line };
    sendSales(to, plan);
    // It begins with what it asks of the sales, and counts while the rest is written.
    const present = presentAt(nowMs, shop.settings);
    void line.send(refreshFacts(db, tenant, plan.writes, shop, present, line));
    const balances = sendPostings(to, plan, segments, nowMs);
    const open = line.send(openGrantsIn(db, journals));
    return { balances: await balances, rows, open: await open };
  });
}

/** What the tills hold, as the statements before this one leave it. */
async function openGrantsIn(
  db: WritableDb,
  journals: ReadonlyMap<string, Journal>,
): Promise<ReadonlyMap<string, OpenGrants>> {
  const known = [...journals.values()].map(({ terminal }) => terminal);
  return openGrantsOfTills(db, known[0]?.tenant ?? '', known);
}

/** What each push adds to its journal; one that brought something again is packed again without it. */
function segmentsOf(taken: readonly Taken[]): readonly Segment[] {
  return taken.flatMap(({ push, entries, previousHash }): Segment[] => {
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { till, inc, seq, day } = first.entry;
    const whole = seq === push.from;
    const packed = whole ? push.packed : packTexts(entries.map(({ text }) => text));
    const ends = { first: seq, last: last.entry.seq, previousHash, hash: last.hash };
    return [{ till, inc, day: postedDay(day), ...ends, packed }];
  });
}
