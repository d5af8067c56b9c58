import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerIn, tellIn } from '#loyalty/answer-in.ts';
import { applyCommands } from '#loyalty/commands-apply.ts';
import { parseCommands } from '#loyalty/commands.ts';
import { withCommon } from '#loyalty/in-common.ts';
import { dialectOf, partFor, type DialectUnits, saysOf, wordsOf } from '#loyalty/dialect.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import type { Fields } from '#loyalty/parts.ts';
import { exactText, inPlain, inSmallest } from '#loyalty/plain.ts';
import { translate } from '#loyalty/translate.ts';
import { balance, got, ledgerOf } from './arrange-ledger.ts';
import { noonMs, programmeOf, runs } from './arrange.ts';

const euros: DialectUnits = { currency: 'EUR', points: { kind: 'points', scale: 1 }, whole: {} };

/** Another shop system's export, in its own words. */
const dialect = dialectOf(`Words of a till that writes stars.

## filter
brand : categories~each(brand:?)

## rule filter@lines
id :
stars : effect.kind=per-money effect.points~decimal effect.perMinor~money(1)
from_amount : conditions.amount.minMinor~money

## gift
id note :
stars : costPoints~points
worth : value~amount

## club
name : name.en
rules : rules*rule:!free_of
gifts : rewards*gift
joint ?kind=open : holder=member
joint : holder{card=bearer,none=sale}
rounding=up : earning.rounding=half-up
never=null : expiry.kind=never
kind :

## star
* : command=credit-points account.programme=club
who : account.holder
stars : points~points
when : atMs source~as(import-?)<when

## told
stars : balance~points
euros : valueMinor~money
last : entries.-1.amount~points
spent : entries[type=redeem].amount
$_id : id
since : atMs~second
until : endMs~through
missing : nothing
`);

const written = (table: string, of: Fields, units = euros): unknown =>
  translate(dialect, table, of, units);

describe('a dialect', () => {
  it('reads a programme as it was exported', () => {
    const club = {
      name: 'Stars',
      kind: 'open',
      joint: 'yes',
      rules: [
        { id: 'all', stars: 0.5, brand: ['A', 'B'] },
        { stars: 2, from_amount: 12.5 },
        { free_of: 'charge' },
      ],
      gifts: [
        { id: 'Free mug', note: 'blue', stars: 7.5, worth: 4.99 },
        { stars: 1, worth: 'A tea' },
      ],
    };
    const document = got(translate(dialect, 'club', club, euros));
    const base = { id: 'club', version: 1, currencies: ['EUR'], unit: euros.points };
    expect(got(parseProgramme({ ...base, ...document })).programme).toMatchObject({
      name: { en: 'Stars' },
      holder: 'member',
      rules: [
        {
          id: 'all',
          lines: { categories: ['brand:A', 'brand:B'] },
          effect: { kind: 'per-money', points: '0.5', perMinor: 100 },
        },
        { id: 'rules1', conditions: [{ kind: 'amount', minMinor: 1250 }] },
      ],
      rewards: [
        { id: 'Free-mug', costPoints: 75, value: { kind: 'fixed', amountMinor: 499 } },
        { id: 'gifts1', value: { kind: 'benefit', text: { en: 'A tea' } } },
      ],
    });
  });

  it('brings a history in as commands', () => {
    const history = [
      { who: 'anna', stars: 4.5, when: noonMs },
      { who: 'ben', stars: 3, when: noonMs + 1 },
      { who: 'anna', stars: 0.5, when: noonMs + 2 },
    ];
    const commands = history.map((row) => got(translate(dialect, 'star', row, euros)));
    const ledger = ledgerOf(programmeOf({ unit: { kind: 'points', scale: 1 } }));
    const after = got(applyCommands(ledger, got(parseCommands(commands))));
    const atMs = noonMs + 3;
    expect([balance(after, 'anna', 'club', atMs), balance(after, 'ben', 'club', atMs)]).toEqual([
      50, 30,
    ]);
  });

  it('tells every mistake with its table, and gives nothing of the rest', () => {
    const club = {
      moon: 1,
      joint: 'nobody',
      rounding: 'sideways',
      rules: [{ stars: 'many', colour: 'red' }],
    };
    expect(written('club', club)).toEqual({
      ok: false,
      error: [
        { table: 'club', message: 'no word for moon' },
        { table: 'club', message: 'no rounding sideways' },
        { table: 'rule', message: 'no word for colour' },
        { table: 'rule', message: 'no stars many' },
        { table: 'club', message: 'no joint nobody' },
      ],
    });
  });

  it('passes over what is not said, but where saying nothing says something', () => {
    expect(written('club', { joint: null, name: undefined })).toEqual({ ok: true, value: {} });
    expect(written('club', { never: null })).toEqual({
      ok: true,
      value: { expiry: { kind: 'never' } },
    });
    expect(written('club', { joint: 'card' })).toEqual({ ok: true, value: { holder: 'bearer' } });
  });

  it('keeps the order of a list, whatever its names', () => {
    const ids = ['10', 'b', '2', 'a'];
    const gifts = ids.map((id) => ({ id, stars: 1, worth: 1 }));
    const document = got(translate(dialect, 'club', { gifts }, euros));
    const base = {
      id: 'club',
      version: 1,
      name: { en: 'C' },
      currencies: ['EUR'],
      unit: euros.points,
    };
    const { rewards } = got(parseProgramme({ ...base, ...document })).programme;
    expect(rewards.map(({ id, name }) => [id, name.en])).toEqual(ids.map((id) => [id, id]));
  });

  it('knows its words and what they say', () => {
    expect(wordsOf(dialect, 'gift')).toEqual(['id', 'note', 'stars', 'worth']);
    expect(saysOf(dialect, 'gift', 'stars')).toEqual(['costPoints~points']);
    expect(wordsOf(dialect, 'moon')).toEqual([]);
  });
});

describe('what a file has in common', () => {
  it('is taken by each command that has the field, and not by what says it itself', () => {
    const common = { atMs: noonMs, member: 'anna', programme: 'club', moon: 1 };
    expect(withCommon({ command: 'stop-renewal', member: 'ben' }, common)).toEqual({
      ...{ command: 'stop-renewal', atMs: noonMs, member: 'ben', programme: 'club' },
    });
    expect(withCommon({ command: 'run-night' }, common)).toEqual({
      ...{ command: 'run-night', atMs: noonMs },
    });
    expect(withCommon({ ask: 'tier-for', measures: {} }, common)).toEqual({
      ...{ ask: 'tier-for', measures: {}, programme: 'club' },
    });
    expect(withCommon({ command: 'fly' }, common)).toEqual({ command: 'fly' });
  });

  it('takes words of one table only', () => {
    expect(partFor(dialect, 'gift', { stars: 1, moon: 2 })).toEqual({ stars: 1 });
  });
});

describe('an answer', () => {
  it('is told in the words of a dialect', () => {
    const answer = {
      ...{ balance: 45, valueMinor: 1999, id: 7, atMs: Date.UTC(2026, 0, 2), endMs: null },
      entries: [
        { type: 'earn', amount: 50 },
        { type: 'redeem', amount: -5 },
      ],
    };
    expect(tellIn(dialect, 'told', answer, euros, { name: 'anna' })).toEqual({
      ...{ stars: 4.5, euros: 19.99, last: -0.5, spent: [-5], anna_id: 7 },
      ...{ since: '2026-01-02T00:00:00', until: null },
    });
    const ends = { endMs: Date.UTC(2026, 0, 2) };
    expect(tellIn(dialect, 'told', ends, euros)).toMatchObject({ until: '2026-01-01T23:59:59' });
  });

  it('has plain names and numbers where nobody says otherwise', () => {
    const answer = {
      ...{ dueMinor: 1250, pointsLeft: 75, balances: { annaB: 5 }, names: ['a'] },
      best: [{ valueMinor: 2000, points: 30 }],
    };
    expect(answerIn(answer, euros)).toEqual({
      ...{ due: 12.5, points_left: 7.5, balances: { annaB: 0.5 }, names: ['a'] },
      best: [{ value: 20, points: 3 }],
    });
  });
});

describe('a plain number', () => {
  it('comes back as it was written, whatever a computer makes of it', () => {
    const cents = fc.integer({ min: -100_000_000, max: 100_000_000 });
    fc.assert(
      fc.property(cents, fc.constantFrom(1, 10, 100, 1000), (amount, perOne) => {
        expect(inSmallest(inPlain(amount, perOne), perOne)).toBe(amount);
      }),
      runs,
    );
    expect(exactText(0.1)).toBe('0.1');
    expect(exactText(1e-7)).toBe('0.0000001');
    expect(inSmallest(0.005, 100)).toBe(1);
    expect([exactText('1'), exactText(Number.NaN), inSmallest(null, 100)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
