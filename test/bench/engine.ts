import { Engine, type RuleProperties } from 'json-rules-engine';
import type { BasketLine } from '#loyalty/basket.ts';
import { makeContext } from '#loyalty/context.ts';
import { rulesThatHold } from '#loyalty/earn.ts';
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
import type { Rule } from '#loyalty/rule.ts';
import { workingLines, type WorkingLine } from '#loyalty/working.ts';
import { median, type Bench } from './figures.ts';

const LINES = 40;
const RULES = 50;
const WARM_UP = 300;
const QUOTES = 1_000;
const QUOTE_MS_MAX = 0.5;
/** The peer takes a hundred times as long: fewer of its runs are as steady a median. */
const PEER_EVERY = 10;
const PEER_RATIO_MIN = 50;

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

/** Which rules look at which lines, as our engine decides it: `rule0 line0`, sorted. */
function decisionsOf(asked: QuoteInput): readonly string[] {
  const [programme] = asked.programmes;
  assert(programme !== undefined, 'the bench has a programme');
  const { basket, member, facts, settings } = asked;
  const { currency } = basket;
  const context = makeContext({ nowMs, currency, member, facts, settings, codes: new Set() });
  const matched = new Map<Rule, readonly WorkingLine[]>();
  rulesThatHold(programme, workingLines(basket), context, matched);
  return [...matched]
    .flatMap(([rule, lines]) => lines.map(({ line }) => `${rule.id} ${line.id}`))
    .toSorted();
}

/** What one line's rules look at: sums over the basket are given to the peer, not computed by it. */
function peerFacts(line: BasketLine, lines: readonly BasketLine[]): Record<string, unknown> {
  const alike = lines.filter((other) => other.categories[0] === line.categories[0]);
  return {
    kind: line.kind,
    categories: line.categories,
    saleMinor: workingLines({ currency: 'EUR', lines: [...lines] }).reduce(
      (sum, { grossMinor, fixedTaxMinor }) => sum + grossMinor + fixedTaxMinor,
      0,
    ),
    matchingMilli: alike.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0),
  };
}

/** The same rule in the peer's own notation: the programme's "goods earn" and the rule's own conditions. */
function peerRule(rule: RuleDocument): RuleProperties {
  const all: { fact: string; operator: string; value: unknown }[] = [
    { fact: 'kind', operator: 'equal', value: 'goods' },
  ];
  for (const value of rule.lines?.categories ?? []) {
    all.push({ fact: 'categories', operator: 'contains', value });
  }
  for (const condition of rule.conditions ?? []) {
    if (condition.kind === 'amount') {
      all.push({ fact: 'saleMinor', operator: 'greaterThanInclusive', value: condition.minMinor });
    } else {
      assert(condition.kind === 'quantity', 'the bench has conditions on amount and quantity');
      const value = condition.minMilli;
      all.push({ fact: 'matchingMilli', operator: 'greaterThanInclusive', value });
    }
  }
  return { conditions: { all }, event: { type: rule.id } };
}

/** The peer over a whole basket: one run per line. It decides only; it computes no points. */
function makePeer(asked: QuoteInput): () => Promise<readonly string[]> {
  const engine = new Engine(Array.from({ length: RULES }, (_, index) => peerRule(ruleAt(index))));
  const { lines } = asked.basket;
  const cases = lines.map((line) => ({ id: line.id, facts: peerFacts(line, lines) }));
  return async () => {
    const decided: string[] = [];
    for (const { id, facts } of cases) {
      const { events } = await engine.run(facts);
      for (const { type } of events) decided.push(`${type} ${id}`);
    }
    return decided;
  };
}

function assertSameDecisions(ours: readonly string[], theirs: readonly string[]): void {
  assert(ours.length > LINES && ours.length < RULES * LINES, 'the rules tell the lines apart');
  const same = theirs.toSorted();
  assert(
    ours.length === same.length && ours.every((decision, index) => decision === same[index]),
    'both engines decide every rule alike for every line',
  );
}

/** Quotes of our engine and runs of the peer over the same basket, taking turns. */
async function timeQuotes(): Promise<{
  readonly oursMs: readonly number[];
  readonly peerMs: readonly number[];
}> {
  const asked = input();
  const peer = makePeer(asked);
  const decisions = decisionsOf(asked);
  assertSameDecisions(decisions, await peer());
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let run = 0; run < WARM_UP + QUOTES; run += 1) {
    const startMs = performance.now();
    const answer = quote(asked);
    const tookMs = performance.now() - startMs;
    const rules = Object.keys(answer.earnings[0]?.breakdown ?? {}).length;
    assert(rules > 0 && answer.trace.length >= RULES, 'every rule took part and is in the trace');
    if (run >= WARM_UP) oursMs.push(tookMs);
    if (run % PEER_EVERY !== 0) continue;
    const peerStartMs = performance.now();
    const decided = await peer();
    const peerTookMs = performance.now() - peerStartMs;
    assert(decided.length === decisions.length, 'the peer decides alike in every run');
    if (run >= WARM_UP) peerMs.push(peerTookMs);
  }
  return { oursMs, peerMs };
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
  async run() {
    const { oursMs, peerMs } = await timeQuotes();
    const replayS = timeReplay();
    return [
      {
        name: `quote, ${LINES} lines under ${RULES} rules, with its trace, median`,
        value: median(oursMs),
        unit: 'ms',
        limit: { kind: 'at-most', value: QUOTE_MS_MAX },
      },
      {
        name: 'json-rules-engine deciding the same rules per line, median',
        value: median(peerMs),
        unit: 'ms',
        limit: null,
      },
      {
        name: 'faster than json-rules-engine, same run',
        value: median(peerMs) / median(oursMs),
        unit: '×',
        limit: { kind: 'at-least', value: PEER_RATIO_MIN },
      },
      {
        name: `replay, ${ENTRIES.toLocaleString('en')} entries of ${ACCOUNTS.toLocaleString('en')} accounts`,
        value: replayS,
        unit: 's',
        limit: { kind: 'at-most', value: REPLAY_S_MAX },
      },
    ];
  },
};
