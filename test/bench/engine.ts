import type { BasketLine } from '#loyalty/basket.ts';
import { noFacts } from '#loyalty/facts.ts';
import type { LotEntry } from '#loyalty/entry.ts';
import { replay } from '#loyalty/lots.ts';
import { markets } from '#loyalty/market.ts';
import { freshMember } from '#loyalty/member.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';
import { assert } from '#loyalty/result.ts';
import { median, type Bench } from './figures.ts';

const LINES = 40;
const RULES = 50;
const WARM_UP = 300;
const QUOTES = 1_000;
const QUOTE_MS_MAX = 0.5;

const ACCOUNTS = 10_000;
const ENTRIES = 1_000_000;
const REPLAY_S_MAX = 2;

const nowMs = Date.UTC(2026, 10, 21, 9);
const dayMs = 86_400_000;

type RuleDocument = NonNullable<ProgrammeDocument['rules']>[number];

const name = (en: string): { en: string } => ({ en });
const category = (index: number): string => `shelf${index % 10}`;

/** Fifty rules that all take part: points by money, by unit, multipliers, bonuses, conditions. */
function ruleAt(index: number): RuleDocument {
  const common = { id: `rule${index}`, name: name(`Rule ${index}`) };
  const lines = { categories: [category(index)] };
  switch (index % 5) {
    case 0:
      return { ...common, lines, effect: { kind: 'per-money', points: '1.5', perMinor: 100 } };
    case 1:
      return { ...common, lines, effect: { kind: 'per-unit', points: '2' } };
    case 2: {
      const conditions = [{ kind: 'amount' as const, minMinor: 1000 + index }];
      return { ...common, lines, conditions, effect: { kind: 'multiply', by: '1.1' } };
    }
    case 3: {
      const conditions = [{ kind: 'quantity' as const, minMilli: 1000 }];
      return { ...common, lines, conditions, effect: { kind: 'per-sale', points: '3' } };
    }
    default:
      return { ...common, stage: 'bonus', effect: { kind: 'per-sale', points: '1' } };
  }
}

function lineAt(index: number): BasketLine {
  return {
    id: `line${index}`,
    sku: `sku${index}`,
    name: null,
    categories: [category(index)],
    kind: 'goods',
    quantityMilli: 1000 * (1 + (index % 3)),
    unitPriceMinor: 199 + 37 * index,
    taxes: [{ kind: 'rate', percent: index % 2 === 0 ? '20' : '10', included: true }],
  };
}

function input(): QuoteInput {
  const loaded = parseProgramme({
    id: 'club',
    version: 1,
    name: name('Club'),
    currencies: ['EUR'],
    rules: Array.from({ length: RULES }, (_, index) => ruleAt(index)),
  } satisfies ProgrammeDocument);
  assert(loaded.ok, 'the programme of the bench loads');
  return {
    basket: { currency: 'EUR', lines: Array.from({ length: LINES }, (_, index) => lineAt(index)) },
    member: freshMember('anna', 'verified'),
    programmes: [loaded.value.programme],
    claims: [],
    nowMs,
    facts: noFacts,
    settings: {
      timeZone: 'Europe/Istanbul',
      cutOverHour: 4,
      store: 'store',
      channel: 'pos',
      market: markets.DE,
      cashRoundingMinor: 1,
    },
  };
}

function timeQuotes(): readonly number[] {
  const asked = input();
  const samplesMs: number[] = [];
  for (let run = 0; run < WARM_UP + QUOTES; run += 1) {
    const startMs = performance.now();
    const answer = quote(asked);
    const tookMs = performance.now() - startMs;
    const rules = Object.keys(answer.earnings[0]?.breakdown ?? {}).length;
    assert(rules > 0 && answer.trace.length >= RULES, 'every rule took part and is in the trace');
    if (run >= WARM_UP) samplesMs.push(tookMs);
  }
  return samplesMs;
}

/** A life of an account: earnings that end, spending, goods brought back; every account its own. */
function entriesOf(account: number, count: number): LotEntry[] {
  const rows = Array.from({ length: count }, (_, index): LotEntry => {
    const atMs = nowMs - (count - index) * dayMs;
    const id = `a${account}-${String(index).padStart(4, '0')}`;
    const common = { id, source: id, lotId: null, ofEntryId: null, effectiveAtMs: atMs };
    const earned = 10 + ((account + index) % 90);
    if (index % 5 === 3) {
      return { ...common, type: 'redeem', amount: -15 - (index % 20), expiresAtMs: null };
    }
    if (index % 25 === 24) {
      const ofEntryId = `a${account}-${String(index - 2).padStart(4, '0')}`;
      return { ...common, type: 'reverse', amount: -5, ofEntryId, expiresAtMs: null };
    }
    const expiresAtMs = index % 2 === 0 ? atMs + 365 * dayMs : null;
    return { ...common, type: 'earn', amount: earned, expiresAtMs };
  });
  const ofTill = (till: number): LotEntry[] => rows.filter((_, index) => index % 2 === till);
  return [...ofTill(1), ...ofTill(0)];
}

/** Replays every account, two tills' rows one after the other; each is made just before and its making is not timed. */
function timeReplay(): number {
  let tookMs = 0;
  for (let account = 0; account < ACCOUNTS; account += 1) {
    const entries = entriesOf(account, ENTRIES / ACCOUNTS);
    const sum = entries.reduce((all, { amount }) => all + amount, 0);
    const startMs = performance.now();
    const { balance } = replay(entries, nowMs);
    tookMs += performance.now() - startMs;
    assert(balance === sum, 'a replayed balance is the sum of its entries');
  }
  return tookMs / 1000;
}

/** The loyalty engine alone: quoting a large basket, and replaying the ledger of a large shop. */
export const engine: Bench = {
  name: 'engine',
  run() {
    const quotesMs = timeQuotes();
    const replayS = timeReplay();
    return Promise.resolve([
      {
        name: `quote, ${LINES} lines under ${RULES} rules, with its trace, median`,
        value: median(quotesMs),
        unit: 'ms',
        limit: { kind: 'at-most', value: QUOTE_MS_MAX },
      },
      {
        name: `replay, ${ENTRIES.toLocaleString('en')} entries of ${ACCOUNTS.toLocaleString('en')} accounts`,
        value: replayS,
        unit: 's',
        limit: { kind: 'at-most', value: REPLAY_S_MAX },
      },
    ]);
  },
};
