import type { ChainHash } from '#journal/chain.ts';
import { packTexts as pack, unpackTexts as unpack } from '#node/packed-texts.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';

/**
 * The journals as they came, one row per push and not per entry.
 *
 * A push's texts say the same words over and over: packed together they take a twentieth of their room
 * and of the time it takes to write them, and nothing indexes them but their place. What looks for an
 * entry knows its place from the sale, return, claim, ledger row or exception it caused.
 */

/** Most bytes a packed row unpacks to: beyond any push the contract allows. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

/** Packs texts for `Segment.packed`; verbatim, in order. */
export function packTexts(texts: readonly string[]): string {
  return keepPacked(pack(texts));
}

/** The same of texts that came packed, and were unpacked from these very bytes. */
export function keepPacked(packed: Uint8Array): string {
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('base64');
}

/** The texts that were packed. */
export function unpackTexts(packed: string): readonly string[] {
  return unpack(Buffer.from(packed, 'base64'), UNPACKED_BYTES_MAX);
}

/** Where an entry stands. */
export interface Place {
  readonly till: string;
  readonly inc: number;
  readonly seq: number;
}

/** Consecutive entries of one journal. */
export interface Segment {
  readonly till: string;
  readonly inc: number;
  /** Numbers of the first and the last entry. */
  readonly first: number;
  readonly last: number;
  /** Business day of the first entry. */
  readonly day: string;
  /** The chain's hash before the first entry and after the last one. */
  readonly previousHash: string;
  readonly hash: string;
  /** From `packTexts`. */
  readonly packed: string;
}

const segments = bulkInsert<Segment>('archive', [
  { name: 'till', type: 'text', value: (row) => row.till },
  { name: 'inc', type: 'integer', value: (row) => row.inc },
  { name: 'first_seq', type: 'bigint', value: (row) => row.first },
  { name: 'last_seq', type: 'bigint', value: (row) => row.last },
  { name: 'day', type: 'date', value: (row) => row.day },
  { name: 'previous_hash', type: 'hex', value: (row) => row.previousHash },
  { name: 'hash', type: 'hex', value: (row) => row.hash },
  { name: 'packed', type: 'base64', value: (row) => row.packed },
]);

/** Keeps segments; each must follow the last one of its journal, which the journal's head says. */
export async function writeSegments(
  db: WritableDb,
  tenant: string,
  rows: readonly Segment[],
): Promise<void> {
  await insertRows(db, segments, tenant, rows);
}

interface SegmentRow {
  readonly till: string;
  readonly inc: number;
  readonly first: number;
  readonly previousHash: string;
  readonly packed: string;
}

/** A segment that was unpacked. */
interface Opened extends SegmentRow {
  readonly texts: readonly string[];
}

const COLUMNS = `a.till, a.inc, a.first_seq as first, encode(a.previous_hash, 'hex') as "previousHash",
  encode(a.packed, 'base64') as packed`;

function open(rows: readonly SegmentRow[]): readonly Opened[] {
  return rows.map((row) => ({ ...row, texts: unpackTexts(row.packed) }));
}

/** The segments these places lie in. */
async function segmentsAt(
  db: ReadableDb,
  tenant: string,
  places: readonly Place[],
): Promise<readonly Opened[]> {
  if (places.length === 0) return [];
  const rows = await db.query<SegmentRow>(
    `with found as (
       select distinct u.till, u.inc, g.first_seq, g.day
       from unnest($2::text[], $3::integer[], $4::bigint[]) as u(till, inc, seq)
         cross join lateral (
           select b.first_seq, b.last_seq, b.day from archive b
           where b.tenant = $1 and b.till = u.till and b.inc = u.inc and b.first_seq <= u.seq
           order by b.first_seq desc limit 1) g
       where g.last_seq >= u.seq)
     select ${COLUMNS} from found f join archive a on a.tenant = $1 and a.till = f.till
       and a.inc = f.inc and a.first_seq = f.first_seq and a.day = f.day`,
    [
      tenant,
      places.map(({ till }) => till),
      places.map(({ inc }) => inc),
      places.map(({ seq }) => seq),
    ],
  );
  return open(rows);
}

/** Segments of one journal that have entries of the numbers `from` to `to`, in order, at most `limit`. */
async function segmentsOf(
  db: ReadableDb,
  tenant: string,
  { till, inc }: Pick<Place, 'till' | 'inc'>,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<readonly Opened[]> {
  const rows = await db.query<SegmentRow>(
    `select ${COLUMNS} from archive a
     where a.tenant = $1 and a.till = $2 and a.inc = $3 and a.first_seq <= $5
       and a.first_seq >= coalesce((select max(b.first_seq) from archive b
         where b.tenant = $1 and b.till = $2 and b.inc = $3 and b.first_seq <= $4), 0)
       and a.last_seq >= $4
     order by a.first_seq limit $6`,
    [tenant, till, inc, from, to, limit],
  );
  return open(rows);
}

/** A place as a map's key. */
function keyOf({ till, inc, seq }: Place): string {
  return `${till} ${inc} ${seq}`;
}

/** Adds the texts of the entries at the rows' places; null where an entry is not there. */
export async function withTexts<Row extends Place>(
  db: ReadableDb,
  tenant: string,
  rows: readonly Row[],
): Promise<readonly (Row & { readonly text: string | null })[]> {
  const opened = await segmentsAt(db, tenant, rows);
  const texts = new Map<string, string>();
  for (const { till, inc, first, texts: own } of opened) {
    for (const [index, text] of own.entries())
      texts.set(keyOf({ till, inc, seq: first + index }), text);
  }
  return rows.map((row) => ({ ...row, text: texts.get(keyOf(row)) ?? null }));
}

/** The place where a transaction's entries begin. */
export interface Transaction extends Place {
  readonly tx: string;
}

/** Most segments in a row that one transaction's entries are looked for in: a push may end in its middle. */
const SEGMENTS_PER_TRANSACTION_MAX = 20;

/** The texts of each transaction, from its place on: its entries stand together. */
export async function textsOfTransactions(
  db: ReadableDb,
  tenant: string,
  transactions: readonly Transaction[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  let going = transactions;
  for (let turn = 0; turn < SEGMENTS_PER_TRANSACTION_MAX && going.length > 0; turn += 1) {
    const opened = await segmentsAt(db, tenant, going);
    const next: Transaction[] = [];
    for (const at of going) {
      const segment = opened.find(
        ({ till, inc, first, texts }) =>
          till === at.till && inc === at.inc && first <= at.seq && at.seq < first + texts.length,
      );
      if (segment === undefined) continue;
      const rest = segment.texts.slice(at.seq - segment.first);
      const end = rest.findIndex((text) => txOf(text) !== at.tx);
      const mine = end < 0 ? rest : rest.slice(0, end);
      found.set(at.tx, [...(found.get(at.tx) ?? []), ...mine]);
      if (end < 0) next.push({ ...at, seq: segment.first + segment.texts.length });
    }
    going = next;
  }
  return found;
}

function txOf(text: string): unknown {
  return (JSON.parse(text) as { readonly tx?: unknown }).tx;
}

/** Stored texts of one journal after a number, at most `limit`, in order. */
export async function textsAfter(
  db: ReadableDb,
  tenant: string,
  journal: Pick<Place, 'till' | 'inc'>,
  after: number,
  limit: number,
): Promise<readonly string[]> {
  const range = { from: after + 1, to: after + limit, limit };
  const opened = await segmentsOf(db, tenant, journal, range);
  return opened
    .flatMap(({ first, texts }) => texts.map((text, index) => ({ seq: first + index, text })))
    .filter(({ seq }) => seq > after)
    .slice(0, limit)
    .map(({ text }) => text);
}

/** The chain's hashes at the numbers `from` to `to`, as far as they are there; computed from the bytes. */
export async function hashesBetween(
  db: ReadableDb,
  tenant: string,
  journal: Pick<Place, 'till' | 'inc'>,
  { from, to }: { readonly from: number; readonly to: number },
  chain: ChainHash,
): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map<number, string>();
  if (to < 1) return hashes;
  const range = { from: Math.max(from, 1), to, limit: to - from + 1 };
  for (const { first, previousHash, texts } of await segmentsOf(db, tenant, journal, range)) {
    let hash = previousHash;
    for (const [index, text] of texts.entries()) {
      hash = chain(hash, text);
      if (first + index >= from && first + index <= to) hashes.set(first + index, hash);
    }
  }
  return hashes;
}
