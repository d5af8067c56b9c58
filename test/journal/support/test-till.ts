import { createHash } from 'node:crypto';
import { EMPTY_HEAD, sealEntry, type ChainHash, type JournalHead } from '#journal/chain.ts';
import type { EntryBody, StoredEntry } from '#journal/entry.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { noFacts } from '#loyalty/facts.ts';
import { markets } from '#loyalty/market.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import { assert } from '#loyalty/result.ts';
import { freezeSale, type SaleSnapshot } from '#loyalty/sale.ts';

/** The chain's real hash. */
export const sha256Chain: ChainHash = (previousHashHex, text) =>
  createHash('sha256').update(previousHashHex, 'hex').update(text, 'utf8').digest('hex');

export const PROGRAMME = 'points';
/** 2026-11-21 12:00 in Istanbul. */
export const NOON_MS = Date.UTC(2026, 10, 21, 9);
export const TODAY = '2026-11-21';

/** A transaction's identity from a number: valid UUIDs that sort as they were made. */
export function txOf(number: number): string {
  return `0190a1b2-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A receipt token from a number; the server reads its shape only. */
export function receiptOf(number: number): string {
  return number
    .toString(32)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '0')
    .padStart(9, '0')
    .slice(-9);
}

let snapshot: SaleSnapshot | null = null;

/** One frozen sale of the real engine, used for every sale: the server never looks inside. */
export function anySnapshot(): SaleSnapshot {
  if (snapshot !== null) return snapshot;
  const input = {
    basket: {
      currency: 'TRY' as const,
      lines: [
        {
          id: 'line-1',
          sku: 'moda-01',
          name: null,
          categories: [],
          kind: 'goods' as const,
          quantityMilli: 1000,
          unitPriceMinor: 9500,
          taxes: [],
        },
      ],
    },
    member: null,
    programmes: [programme.parse(pointsPreset)],
    claims: [],
    nowMs: NOON_MS,
    facts: noFacts,
    settings: {
      timeZone: 'Europe/Istanbul',
      cutOverHour: 4,
      store: 'moda',
      channel: 'store',
      market: markets.TR,
      cashRoundingMinor: 1,
    },
  };
  snapshot = freezeSale(input, quote(input));
  return snapshot;
}

export type BodyOf<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/** Bodies with everything that does not matter filled in. */
export const body = {
  enrol: (member: string, provisional = false): BodyOf<'enrol'> => ({
    kind: 'enrol',
    member,
    market: 'TR',
    proof: 'presented',
    provisional,
  }),
  sale: (number: number, member: string | null, totalMinor = 10_000): BodyOf<'sale'> => ({
    kind: 'sale',
    receipt: receiptOf(number),
    member,
    proof: member === null ? null : 'presented',
    currency: 'TRY',
    subtotalMinor: totalMinor,
    discountMinor: 0,
    totalMinor,
    tender: 'cash',
    snapshot: anySnapshot(),
  }),
  earn: (
    member: string,
    source: string,
    points: number,
    effectiveAtMs = NOON_MS,
  ): BodyOf<'earn'> => ({
    kind: 'earn',
    member,
    programme: PROGRAMME,
    version: 1,
    source,
    points,
    effectiveAtMs,
    expiresAtMs: null,
    basisMinor: points * 100,
    breakdown: { base: points },
    allocatedMinor: 0,
  }),
  redeem: (member: string, source: string, points: number, grant: string): BodyOf<'redeem'> => ({
    kind: 'redeem',
    member,
    programme: PROGRAMME,
    version: 1,
    source,
    reward: 'pay-with-points',
    grant,
    points,
    valueMinor: points * 10,
  }),
  reverse: (
    member: string,
    source: string,
    of: { source: string; type: 'earn' | 'redeem' },
    points: number,
  ): BodyOf<'reverse'> => ({
    kind: 'reverse',
    member,
    programme: PROGRAMME,
    version: 1,
    of,
    points,
    source,
  }),
  return: (
    number: number,
    of: string,
    member: string | null,
    refundMinor: number,
  ): BodyOf<'return'> => ({
    kind: 'return',
    of,
    receipt: receiptOf(number),
    member,
    currency: 'TRY',
    refundMinor,
    lines: [{ line: 'line-1', quantityMilli: 1000 }],
  }),
  claim: (number: number, of: string, member: string): BodyOf<'claim'> => ({
    kind: 'claim',
    of,
    receipt: receiptOf(number),
    member,
    proof: 'presented',
    counted: { held: [], tiers: {}, used: {} },
  }),
  accept: (grant: string, member: string, amount: number): BodyOf<'grant-accept'> => ({
    kind: 'grant-accept',
    grant,
    member,
    programme: PROGRAMME,
    amount,
  }),
  close: (grant: string): BodyOf<'grant-close'> => ({
    kind: 'grant-close',
    grant,
    reason: 'spent',
  }),
};

export interface TestTillOptions {
  readonly tenant?: string;
  readonly store?: string;
  readonly till?: string;
  readonly inc?: number;
  /** Where its journal ended before: it goes on there, and has nothing of what came before. */
  readonly after?: JournalHead;
}

export interface Written {
  readonly tx: string;
  readonly atMs?: number;
  readonly day?: string;
  readonly cashier?: string;
}

/** A till's journal as the product writes it, without a till around it. */
export interface TestTill {
  readonly till: string;
  readonly inc: number;
  /** Those behind `after`. */
  readonly entries: readonly StoredEntry[];
  readonly head: JournalHead;
  append(tx: string | Written, ...bodies: EntryBody[]): void;
  /** Entries from a number on, as PUSH carries them. */
  batch(from?: number, to?: number): PushBatch;
}

export function createTestTill(options: TestTillOptions = {}): TestTill {
  const { tenant = 'demo', store = 'moda', till = 'till_1', inc = 1, after = EMPTY_HEAD } = options;
  const entries: StoredEntry[] = [];
  const headAt = (seq: number): JournalHead =>
    seq === after.seq ? after : { seq, hash: entries[seq - after.seq - 1]?.hash ?? '' };
  const last = (): number => after.seq + entries.length;
  return {
    till,
    inc,
    entries,
    get head() {
      return headAt(last());
    },
    append(written, ...bodies) {
      const {
        tx,
        atMs = NOON_MS,
        day = TODAY,
        cashier = 'cashier-deniz',
      } = typeof written === 'string' ? { tx: written } : written;
      for (const entryBody of bodies) {
        const head = headAt(last());
        const sealed = sealEntry(
          {
            v: 1,
            tenant,
            store,
            till,
            inc,
            seq: head.seq + 1,
            tx,
            atMs,
            monoMs: 0,
            day,
            cashier,
            role: 'cashier',
            app: 'test',
            body: entryBody,
          },
          head,
          sha256Chain,
        );
        assert(sealed.ok, 'the entry is sealed');
        entries.push(sealed.value);
      }
    },
    batch(from = after.seq + 1, to = last()) {
      return {
        inc,
        epoch: 1,
        from,
        previousHash: headAt(from - 1).hash,
        texts: entries.slice(from - after.seq - 1, to - after.seq).map(({ text }) => text),
        headHash: headAt(to).hash,
      };
    },
  };
}
