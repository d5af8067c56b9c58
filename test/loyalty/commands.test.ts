import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, applyCommands } from '#loyalty/commands-apply.ts';
import { commandsJsonSchema, ledgerCommand, parseCommands } from '#loyalty/commands.ts';
import { issueCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { runNight } from '#loyalty/ledger-night.ts';
import * as moves from '#loyalty/ledger-points.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { settleSale } from '#loyalty/ledger-sale.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { type Ledger, spendable } from '#loyalty/ledger.ts';
import { stopRenewal } from '#loyalty/membership.ts';
import { ledgerQuestion, askLedger } from '#loyalty/questions.ts';
import type { Result } from '#loyalty/result.ts';
import { balance, dayMs, got, ledgerOf, request } from './arrange-ledger.ts';
import { line, noonMs, programmeOf, runs } from './arrange.ts';

const programme = programmeOf({
  expiry: { kind: 'after', span: '30 days' },
  transfer: { allowed: true },
  rules: [
    {
      id: 'base',
      name: { en: 'One per lira' },
      effect: { kind: 'per-money', points: '1', perMinor: 100 },
    },
    {
      id: 'review',
      name: { en: 'A review' },
      trigger: { on: 'event', type: 'review' },
      effect: { kind: 'per-sale', points: '5' },
    },
  ],
  tiers: [
    { id: 'basic', name: { en: 'Basic' } },
    { id: 'gold', name: { en: 'Gold' }, criteria: { anyOf: [{ metric: 'balance', atLeast: 50 }] } },
  ],
});
const empty = ledgerOf(programme);

/** A command as another system writes it, beside the call of the use case that it stands for. */
interface Deed {
  readonly written: Readonly<Record<string, unknown>>;
  readonly direct: (ledger: Ledger) => Ledger;
}

/** The ledger after a use case, or the same one after a refusal. */
const or = (
  before: Ledger,
  done: Result<Ledger | { readonly ledger: Ledger }, unknown>,
): Ledger => {
  if (!done.ok) return before;
  return 'ledger' in done.value ? done.value.ledger : done.value;
};

const who = fc.constantFrom('anna', 'ben', 'cem');
const what = fc.record({
  member: who,
  other: who,
  points: fc.integer({ min: 0, max: 90 }),
  source: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
  atMs: fc.integer({ min: 0, max: 60 }).map((days) => noonMs + days * dayMs),
});
type What = typeof what extends fc.Arbitrary<infer Of> ? Of : never;

const account = (member: string) => ({ holder: member, programme: 'club' });

function pointDeeds({ member, other, points, source, atMs }: What): Deed[] {
  const moving = { account: spendable(member, 'club'), points, source, atMs };
  const written = { account: account(member), points, source, atMs };
  const given = { from: member, to: other, programme: 'club', points, source, atMs };
  const opened = { account: moving.account, balance: points, source, atMs };
  return [
    {
      written: { command: 'credit-points', ...written },
      direct: (of) => or(of, moves.creditPoints(of, moving)),
    },
    {
      written: { command: 'earn-points', ...written, qualifyingPoints: 3 },
      direct: (of) =>
        or(of, moves.earnPoints(of, { ...moving, sourceType: 'sale', qualifyingPoints: 3 })),
    },
    {
      written: { command: 'redeem-points', ...written },
      direct: (of) => or(of, moves.redeemPoints(of, moving)),
    },
    {
      written: {
        command: 'adjust-points',
        ...written,
        points: 5 - points,
        role: 'manager',
        reason: 'x',
      },
      direct: (of) =>
        or(
          of,
          moves.adjustPoints(of, { ...moving, points: 5 - points, role: 'manager', reason: 'x' }),
        ),
    },
    {
      written: { command: 'set-balance', account: account(member), balance: points, source, atMs },
      direct: (of) => or(of, moves.setBalance(of, opened)),
    },
    {
      written: { command: 'take-back-points', ...written, policy: 'clamp' },
      direct: (of) => or(of, moves.takeBackPoints(of, { ...moving, waiting: 0, policy: 'clamp' })),
    },
    {
      written: { command: 'transfer-points', ...given },
      direct: (of) => or(of, transferPoints(of, given)),
    },
  ];
}

function otherDeeds({ member, other, points, source, atMs }: What): Deed[] {
  const sale = request(source, points * 100, { member, nowMs: atMs });
  const { nowMs: _, ...written } = sale;
  const everything = { kind: 'everything' } as const;
  const joins = { birthday: null, referredBy: null, enabled: true, nowMs: atMs };
  const card = { code: `card-${source}`, programme: 'club', points, source, atMs };
  return [
    {
      written: { command: 'settle-sale', ...written, atMs },
      direct: (of) => or(of, settleSale(of, sale)),
    },
    {
      written: {
        command: 'return-goods',
        sale: source,
        source: 'back',
        returning: everything,
        atMs,
      },
      direct: (of) =>
        or(
          of,
          returnSale(of, { saleId: source, source: 'back', returning: everything, nowMs: atMs }),
        ),
    },
    {
      written: { command: 'enrol', member, identifiers: [`card-${other}`], atMs },
      direct: (of) =>
        or(of, enrolMember(of, { ref: member, identifiers: [`card-${other}`], ...joins })),
    },
    {
      written: { command: 'merge-members', from: member, into: other, source, atMs },
      direct: (of) => or(of, mergeMembers(of, { from: member, into: other, source, atMs })),
    },
    { written: { command: 'issue-card', ...card }, direct: (of) => or(of, issueCard(of, card)) },
    {
      written: { command: 'replace-card', code: 'card-s1', by: 'card-s9', atMs },
      direct: (of) => or(of, replaceCard(of, 'card-s1', 'card-s9')),
    },
    {
      written: { command: 'record-event', member, type: 'review', source, atMs },
      direct: (of) => recordEvent(of, plainEvent('event', member, source, atMs, 'review')).ledger,
    },
    {
      written: { command: 'stop-renewal', member, programme: 'club', atMs },
      direct: (of) => stopRenewal(of, of.members.get(member)?.mergedInto ?? member, 'club'),
    },
    { written: { command: 'run-night', atMs }, direct: (of) => runNight(of, atMs) },
  ];
}

const deed: fc.Arbitrary<Deed> = fc
  .tuple(what, fc.nat({ max: 15 }))
  .map(([of, at]) => [...pointDeeds(of), ...otherDeeds(of)][at] ?? otherDeeds(of)[0])
  .filter((found) => found !== undefined);
const deeds = fc.array(deed, { maxLength: 12 });

describe('commands', () => {
  it('do what the use cases of their names do', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const commands = got(parseCommands(list.map(({ written }) => written)));
        const applied = commands.reduce((of, command) => or(of, applyCommand(of, command)), empty);
        expect(applied).toEqual(list.reduce((of, { direct }) => direct(of), empty));
      }),
      runs,
    );
  });

  it('are the same after a way through JSON', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const commands = got(parseCommands(list.map(({ written }) => written)));
        const again: unknown = JSON.parse(JSON.stringify(commands));
        expect(got(parseCommands(again))).toEqual(commands);
      }),
      runs,
    );
  });

  it('say what they wrote: nothing when they come again', () => {
    const command = ledgerCommand.parse({
      command: 'credit-points',
      account: account('anna'),
      points: 5,
      source: 'gift',
      atMs: noonMs,
    });
    const first = got(applyCommand(empty, command));
    expect(first.outcome.entries.map(({ amount }) => amount)).toEqual([5]);
    expect(got(applyCommand(first.ledger, command)).outcome.entries).toEqual([]);
  });

  it('are refused whole with the path of every mistake', () => {
    const enrol = { command: 'enrol', member: 'anna', atMs: noonMs };
    const card = { command: 'issue-card', code: 'a b', programme: 'club', points: -1, source: 'x' };
    const problems = parseCommands([enrol, { ...enrol, colour: 'red' }, card, { command: 'fly' }]);
    expect(problems.ok).toBe(false);
    const paths = problems.ok ? [] : problems.error.map(({ path }) => path);
    expect(paths).toEqual(['1', '2.code', '2.points', '2.atMs', '3.command']);
    expect(JSON.stringify(problems)).toContain('colour');
  });

  it('of a list are done all or none, and the one refused is named by its place', () => {
    const list = got(
      parseCommands([
        { command: 'set-balance', account: account('anna'), balance: 9, source: 'a', atMs: noonMs },
        {
          command: 'redeem-points',
          account: account('anna'),
          points: 10,
          source: 'b',
          atMs: noonMs,
        },
      ]),
    );
    expect(applyCommands(empty, list)).toEqual({
      ok: false,
      error: { at: 1, refusal: { code: 'insufficient-points', available: 9 } },
    });
    expect(balance(got(applyCommands(empty, list.slice(0, 1))), 'anna')).toBe(9);
  });

  it('are there as JSON Schema for other systems', () => {
    expect(JSON.stringify(commandsJsonSchema())).toContain('settle-sale');
  });
});

describe('a history of another programme', () => {
  const brought = (list: readonly unknown[]): Ledger =>
    got(applyCommands(empty, got(parseCommands(list))));
  const settle = { command: 'settle-sale', id: 's1', member: 'anna', atMs: noonMs };

  it('may know orders by their sums, and lines by what is unusual about them', () => {
    const totals = { currency: 'TRY', goodsMinor: 4000, deliveryMinor: 500 };
    expect(balance(brought([{ ...settle, basket: totals }]), 'anna')).toBe(40);
    const lines = [{ id: 'l1', unitPriceMinor: 1000, quantityMilli: 3000 }];
    const basket = { currency: 'TRY', lines };
    expect(balance(brought([{ ...settle, basket }]), 'anna')).toBe(30);
  });

  it('takes goods back by their product code', () => {
    const basket = { currency: 'TRY', lines: [line(1000, { id: 'a', sku: 'TEA' }), line(500)] };
    const returning = { kind: 'goods', goods: [{ sku: 'TEA' }] };
    const back = { command: 'return-goods', sale: 's1', source: 'r1', returning, atMs: noonMs };
    expect(balance(brought([{ ...settle, basket }, back]), 'anna')).toBe(5);
  });

  it('brings tiers, memberships and blocks of its members', () => {
    const of = { member: 'anna', atMs: noonMs };
    const ledger = brought([
      {
        command: 'hold-tier',
        ...of,
        programme: 'club',
        tier: 'gold',
        term: { since: '2026-01-01' },
      },
      { command: 'set-membership', ...of, programme: 'club', untilMs: noonMs + dayMs },
      { command: 'describe-member', ...of, enabled: false, segments: ['vip'] },
      { command: 'set-balance', account: account('anna'), balance: 9, source: 'a', atMs: noonMs },
    ]);
    expect(ledger.members.get('anna')).toMatchObject({
      tiers: { club: { tier: 'gold', since: '2026-01-01', through: null } },
      membershipUntilMs: { club: noonMs + dayMs },
      segments: ['vip'],
      enabled: false,
    });
    const spend = { ask: 'may-spend', account: account('anna'), points: 1, atMs: noonMs };
    expect(askLedger(ledger, ledgerQuestion.parse(spend))).toEqual({
      ok: false,
      error: { code: 'account-disabled' },
    });
  });

  it('gives a tier reached elsewhere by what was counted there', () => {
    const counted = { programme: 'club', measures: { balance: 60 } };
    const review = { command: 'review-tiers', member: 'anna', counted, atMs: noonMs };
    expect(brought([review]).members.get('anna')?.tiers['club']?.tier).toBe('gold');
  });

  it('is refused where it names a tier, a programme or a card of somebody else', () => {
    const refused = (ledger: Ledger, of: unknown): unknown => {
      const done = applyCommand(ledger, ledgerCommand.parse(of));
      return done.ok ? null : done.error;
    };
    const hold = {
      command: 'hold-tier',
      member: 'anna',
      programme: 'club',
      tier: 'x',
      atMs: noonMs,
    };
    expect(refused(empty, hold)).toEqual({ code: 'unknown-tier', tier: 'x' });
    expect(refused(empty, { ...hold, programme: 'no' })).toEqual({
      code: 'unknown-programme',
      programme: 'no',
    });
    const close = { command: 'close-window', member: 'anna', programme: 'no', atMs: noonMs };
    expect(refused(empty, close)).toEqual({ code: 'unknown-programme', programme: 'no' });
    const ben = { command: 'enrol', member: 'ben', identifiers: ['c1'], atMs: noonMs };
    const steal = { command: 'describe-member', member: 'anna', identifiers: ['c1'], atMs: noonMs };
    expect(refused(brought([ben]), steal)).toEqual({ code: 'identifier-taken', identifier: 'c1' });
    const card = { command: 'add-identifier', member: 'ben', identifier: 'c2', atMs: noonMs };
    const both = brought([ben, card, card]);
    expect(both.members.get('ben')?.identifiers).toEqual(['c1', 'c2']);
    expect(refused(both, { ...card, member: 'anna' })).toEqual({
      code: 'identifier-taken',
      identifier: 'c2',
    });
  });
});

describe('questions', () => {
  const sold = got(settleSale(empty, request('s1', 2500))).ledger;
  const asked = (of: unknown): unknown => got(askLedger(sold, ledgerQuestion.parse(of)));

  it('are answered by the readers of their names', () => {
    const anna = account('anna');
    expect(asked({ ask: 'account', account: anna, atMs: noonMs })).toMatchObject({ balance: 25 });
    expect(asked({ ask: 'programme', programme: 'club', atMs: noonMs })).toEqual({
      balances: { anna: 25 },
      cardBalances: {},
      outstanding: 25,
    });
    const byMs = noonMs + 40 * dayMs;
    expect(asked({ ask: 'expiring', account: anna, byMs, atMs: noonMs })).toEqual({ expiring: 25 });
    expect(asked({ ask: 'receipt', sale: 's1', programme: 'club' })).toMatchObject({ won: 25 });
    expect(asked({ ask: 'day', day: '2026-11-21' })).toMatchObject({ sales: 1, netMinor: 2500 });
    const measures = { balance: 70 };
    expect(asked({ ask: 'tier-for', programme: 'club', measures })).toEqual({
      tier: { en: 'Gold' },
    });
    expect(asked({ ask: 'exceptions', atMs: noonMs })).toEqual({ overdrawn: [] });
    expect(asked({ ask: 'member-of', identifier: 'nobody' })).toEqual({ member: null });
    expect(asked({ ask: 'source', source: 's1', atMs: noonMs })).toMatchObject({
      entries: [{ amount: 25 }],
      vouchers: [],
    });
    const twin = enrolMember(sold, {
      ...{ ref: 'ann', identifiers: ['c1'], birthday: null, referredBy: null },
      ...{ enabled: true, nowMs: noonMs },
    });
    const one = { from: 'ann', into: 'anna', source: 'm', atMs: noonMs };
    const joined = got(mergeMembers(got(twin).ledger, one));
    const member = (ref: string): unknown =>
      got(askLedger(joined, ledgerQuestion.parse({ ask: 'member', member: ref, atMs: noonMs })));
    expect(member('anna')).toMatchObject({
      ...{ mergedInto: null, takenOver: ['c1'] },
      accounts: { club: { balance: 25 } },
    });
    expect(member('ann')).toMatchObject({ mergedInto: 'anna', takenOver: [] });
    const scores = { figure: 'net-promoter-score', scores: [10, 9, 0, 8] };
    expect(asked({ ask: 'figure', figure: scores })).toMatchObject({ value: 25 });
  });

  it('that have no answer say why', () => {
    const why = (of: unknown): unknown => {
      const done = askLedger(sold, ledgerQuestion.parse(of));
      return done.ok ? null : done.error.code;
    };
    expect(why({ ask: 'receipt', sale: 's9', programme: 'club' })).toBe('unknown-sale');
    expect(why({ ask: 'card', code: 'none' })).toBe('card-unknown');
    expect(why({ ask: 'tier-for', programme: 'no', measures: {} })).toBe('unknown-programme');
    expect(why({ ask: 'may-spend', points: 1, atMs: noonMs })).toBe('member-required');
  });
});
