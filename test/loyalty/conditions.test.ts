import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoWeekday } from '#loyalty/calendar.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { claimReward } from '#loyalty/claim-item.ts';
import type { Condition } from '#loyalty/conditions.ts';
import { conditionField } from '#loyalty/conditions.ts';
import { circumstancesReason, type Context, isBirthday, makeContext } from '#loyalty/context.ts';
import { noFacts, useKey } from '#loyalty/facts.ts';
import type { Limit } from '#loyalty/fields.ts';
import { basketReason, matchingLines } from '#loyalty/matching.ts';
import { quote } from '#loyalty/quote.ts';
import { workingLines } from '#loyalty/working.ts';
import { inputOf, line, noonMs, programmeOf, runs, settings } from './arrange.ts';
import { regular } from './recorded/shop.ts';

const club = programmeOf();
const minuteMs = 60_000;

/** Saturday noon in Istanbul; Anna, 30, whose birthday it is, on her fifth visit. */
const now: Context = makeContext({
  nowMs: noonMs,
  currency: 'TRY',
  member: regular({ tier: 'gold', membershipUntilMs: noonMs + 1 }),
  facts: { ...noFacts, visits: 4, lastSaleAtMs: noonMs - 5 * 1440 * minuteMs },
  settings,
  codes: new Set(['AVTVMN']),
});

const anna = regular({ tier: 'gold', membershipUntilMs: noonMs + 1 });

function why(
  conditions: readonly unknown[],
  context: Context = now,
  limits: readonly Limit[] = [],
  limitGroup: string | null = null,
) {
  const parsed = conditions.map((one) => conditionField.parse(one) satisfies Condition);
  return circumstancesReason({ id: 'r', conditions: parsed, limits, limitGroup }, club, context);
}

const plain = (code: string) => ({ code, params: {} });

describe('a circumstance', () => {
  it.each([
    [{ kind: 'code', code: 'autumn' }],
    [{ kind: 'tier', in: ['silver', 'gold'] }],
    [{ kind: 'segment', anyOf: ['staff', 'friends'] }],
    [{ kind: 'age', min: 30 }],
    [{ kind: 'store', in: ['kadikoy'] }],
    [{ kind: 'channel', in: ['web', 'pos'] }],
    [{ kind: 'currency', in: ['EUR', 'TRY'] }],
    [{ kind: 'weekday', in: [6] }],
    [{ kind: 'hours', from: 12, to: 13 }],
    [{ kind: 'dates', from: '2026-11-21', to: '2026-11-21' }],
    [{ kind: 'dates' }],
    [{ kind: 'visit', every: 5 }],
    [{ kind: 'visit', at: 5 }],
    [{ kind: 'visit' }],
    [{ kind: 'birthday' }],
    [{ kind: 'membership' }],
    [{ kind: 'comeback', withinDays: 5 }],
    [{ kind: 'interval', minutes: 30 }],
  ])('holds: %s', (condition) => {
    expect(why([condition])).toBeNull();
  });

  it.each([
    [{ kind: 'code', code: 'SPRING' }, plain('code-needed')],
    [{ kind: 'tier', in: ['silver'] }, plain('tier-needed')],
    [{ kind: 'segment', anyOf: ['staff'] }, plain('segment-needed')],
    [
      { kind: 'age', min: 31 },
      { code: 'age-needed', params: { min: 31 } },
    ],
    [{ kind: 'store', in: ['izmir'] }, plain('store')],
    [{ kind: 'channel', in: ['web'] }, plain('channel')],
    [{ kind: 'currency', in: ['EUR'] }, plain('currency')],
    [{ kind: 'weekday', in: [1, 2, 3, 4, 5, 7] }, plain('weekday')],
    [
      { kind: 'hours', from: 11, to: 12 },
      { code: 'hours', params: { from: 11, to: 12 } },
    ],
    [
      { kind: 'hours', from: 13, to: 24 },
      { code: 'hours', params: { from: 13, to: 24 } },
    ],
    [{ kind: 'dates', from: '2026-11-22' }, plain('dates')],
    [{ kind: 'dates', to: '2026-11-20' }, plain('dates')],
    [{ kind: 'visit', every: 4 }, plain('visit')],
    [{ kind: 'visit', at: 4 }, plain('visit')],
    [{ kind: 'visit', every: 5, at: 10 }, plain('visit')],
    [{ kind: 'first-sale' }, plain('first-sale')],
    [{ kind: 'membership', active: false }, plain('membership-needed')],
    [{ kind: 'comeback', withinDays: 4 }, plain('comeback-over')],
  ])('fails and says why: %s', (condition, reason) => {
    expect(why([condition])).toEqual(reason);
  });

  it('of a person fails where there is nobody, and where nothing is known of them', () => {
    const personal = ['tier', 'segment', 'age', 'visit', 'first-sale', 'birthday', 'membership'];
    const conditions: Record<string, object> = {
      tier: { in: ['gold'] },
      segment: { anyOf: ['friends'] },
      age: { min: 1 },
    };
    for (const kind of personal) {
      const condition = { kind, ...conditions[kind] };
      expect(why([condition], { ...now, member: null })).toEqual(plain('member-needed'));
    }
    const stranger = { ...anna, age: null, birthday: null, segments: [], standings: {} };
    const unknown = { ...now, member: stranger };
    expect(why([{ kind: 'tier', in: ['gold'] }], unknown)).toEqual(plain('tier-needed'));
    expect(why([{ kind: 'segment', anyOf: ['a'] }], unknown)).toEqual(plain('segment-needed'));
    expect(why([{ kind: 'age', min: 1 }], unknown)?.code).toBe('age-needed');
    expect(why([{ kind: 'birthday', daysAround: 60 }], unknown)).toEqual(plain('birthday'));
    expect(why([{ kind: 'membership' }], unknown)).toEqual(plain('membership-needed'));
    expect(why([{ kind: 'membership', active: false }], unknown)).toBeNull();
    const never = { ...now, facts: noFacts };
    expect(why([{ kind: 'comeback', withinDays: 366 }], never)).toEqual(plain('comeback-over'));
    expect(why([{ kind: 'first-sale' }], never)).toBeNull();
  });

  it('of a membership ends with its last moment', () => {
    const ended = { ...now, member: regular({ membershipUntilMs: noonMs }) };
    expect(why([{ kind: 'membership' }], ended)).toEqual(plain('membership-needed'));
  });

  it('of one among several is enough to fail, whatever looks at the basket', () => {
    const basket = [
      { kind: 'amount', minMinor: 1 },
      { kind: 'quantity', minMilli: 1 },
    ];
    expect(why([...basket, { kind: 'contains', lines: {} }])).toBeNull();
    expect(why([...basket, { kind: 'weekday', in: [6] }, { kind: 'first-sale' }])).toEqual(
      plain('first-sale'),
    );
  });

  it('of waiting says how many minutes are left, rounded up', () => {
    const used = (agoMs: number): Context => ({
      ...now,
      facts: { ...noFacts, lastUsedAtMs: { 'club/r': noonMs - agoMs, 'club/other': noonMs } },
    });
    const wait = [{ kind: 'interval', minutes: 30 }];
    expect(why(wait, used(30 * minuteMs))).toBeNull();
    expect(why(wait, used(30 * minuteMs - 1))).toEqual({
      code: 'too-soon',
      params: { minutes: 1 },
    });
    expect(why(wait, used(10 * minuteMs))).toEqual({ code: 'too-soon', params: { minutes: 20 } });
  });

  it('of a birthday reaches over the turn of the year, and 29 February over every year', () => {
    expect(isBirthday('12-31', '2027-01-02', 2)).toBe(true);
    expect(isBirthday('12-31', '2027-01-02', 1)).toBe(false);
    expect(isBirthday('01-01', '2026-12-30', 2)).toBe(true);
    expect(isBirthday('01-01', '2026-12-30', 1)).toBe(false);
    expect(isBirthday('02-29', '2027-02-28', 0)).toBe(true);
    expect(isBirthday('02-29', '2028-02-28', 0)).toBe(false);
    expect(isBirthday('02-29', '2028-02-29', 0)).toBe(true);
    expect(isBirthday('03-01', '2027-02-28', 0)).toBe(false);
  });

  it('of a weekday is that of the shop’s business day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (hours) => {
        const nowMs = noonMs + hours * 60 * minuteMs;
        const context = makeContext({ ...now, nowMs });
        const weekday = isoWeekday(businessDay(nowMs, settings));
        for (const day of [1, 2, 3, 4, 5, 6, 7]) {
          expect(why([{ kind: 'weekday', in: [day] }], context) === null).toBe(day === weekday);
        }
      }),
      runs,
    );
  });

  it('of the sale decides in a return, whatever is true today', () => {
    const held = { ...now, held: new Set(['club/r']) };
    expect(why([{ kind: 'first-sale' }], held)).toBeNull();
    expect(why([], { ...now, held: new Set(['club/other']) })).toEqual(plain('dates'));
  });
});

describe('a limit', () => {
  const uses = (id: string, of: 'member' | 'programme', times: number): Context => ({
    ...now,
    facts: { ...noFacts, uses: { [useKey('club', id, of, 'day')]: { times, points: 99 } } },
  });
  const daily: Limit = { most: 2, count: 'times', per: 'day', of: 'member' };
  const used = { code: 'limit-used', params: { per: 'day', most: 2 } };

  it('on times is used up with the last of them', () => {
    expect(why([], now, [daily])).toBeNull();
    expect(why([], uses('r', 'member', 1), [daily])).toBeNull();
    expect(why([], uses('r', 'member', 2), [daily])).toEqual(used);
    expect(why([], uses('r', 'programme', 2), [daily])).toBeNull();
    expect(why([], uses('r', 'programme', 2), [{ ...daily, of: 'programme' }])).toEqual(used);
  });

  it('of a group counts the group', () => {
    expect(why([], uses('r', 'member', 2), [daily], 'extras')).toBeNull();
    expect(why([], uses('extras', 'member', 2), [daily], 'extras')).toEqual(used);
  });

  it('on points, or per sale, forbids nothing: it lowers', () => {
    expect(why([], uses('r', 'member', 9), [{ ...daily, count: 'points' }])).toBeNull();
    const perSale = { ...daily, per: 'sale' as const };
    const facts = {
      ...noFacts,
      uses: { [useKey('club', 'r', 'member', 'sale')]: { times: 9, points: 9 } },
    };
    expect(why([], { ...now, facts }, [perSale])).toBeNull();
  });
});

describe('a condition on the basket', () => {
  const lines = workingLines({
    currency: 'TRY',
    lines: [
      line(1200, { id: 'a', sku: 'a', categories: ['food'], quantityMilli: 2000 }),
      line(600, { id: 'b' }),
      line(5000, { id: 'card', sku: 'card', kind: 'gift-card', taxes: [] }),
      line(100, { id: 'back', sku: 'back', categories: ['toys'], quantityMilli: -1000 }),
      line(100, { id: 'none', sku: 'none', categories: ['air'], quantityMilli: 0 }),
    ],
  });
  const matching = lines.slice(0, 1);
  const basket = (condition: object, looked = matching) =>
    basketReason([conditionField.parse(condition)], looked, lines);

  it.each([
    [{ kind: 'amount', minMinor: 2900, maxMinor: 2900 }],
    [{ kind: 'amount', minMinor: 2400, maxMinor: 2400, of: 'matching' }],
    [{ kind: 'amount', minMinor: 2417, maxMinor: 2417, tax: 'excluded' }],
    [{ kind: 'amount' }],
    [{ kind: 'quantity', minMilli: 2000, maxMilli: 2000 }],
    [{ kind: 'quantity' }],
    [{ kind: 'contains', lines: { categories: ['food'] } }],
    [{ kind: 'contains', lines: { skus: ['card'] } }],
  ])('holds, bounds inclusive: %s', (condition) => {
    expect(basket(condition)).toBeNull();
  });

  it.each([
    [
      { kind: 'amount', minMinor: 2901 },
      { code: 'minimum-amount', params: { missingMinor: 1, minMinor: 2901 } },
    ],
    [
      { kind: 'amount', maxMinor: 2899 },
      { code: 'maximum-amount', params: { maxMinor: 2899 } },
    ],
    [
      { kind: 'amount', minMinor: 2401, of: 'matching' },
      { code: 'minimum-amount', params: { missingMinor: 1, minMinor: 2401 } },
    ],
    [
      { kind: 'amount', maxMinor: 2416, tax: 'excluded' },
      { code: 'maximum-amount', params: { maxMinor: 2416 } },
    ],
    [
      { kind: 'quantity', minMilli: 2500 },
      { code: 'minimum-quantity', params: { missingMilli: 500 } },
    ],
    [
      { kind: 'quantity', maxMilli: 1999 },
      { code: 'maximum-quantity', params: { maxMilli: 1999 } },
    ],
    [{ kind: 'contains', lines: { categories: ['toys'] } }, plain('products-missing')],
    [{ kind: 'contains', lines: { categories: ['air'] } }, plain('products-missing')],
  ])('fails and says what is missing: %s', (condition, reason) => {
    expect(basket(condition)).toEqual(reason);
  });

  it('counts what is paid for, not what is free', () => {
    const freed = matching.map((one) => ({ ...one, freeMilli: 1000 }));
    expect(basket({ kind: 'quantity', minMilli: 1000, maxMilli: 1000 }, freed)).toBeNull();
  });

  it('looks at the lines its filter lets through', () => {
    const chosen = (filter: object, kinds: readonly 'goods'[] | null = ['goods']) => {
      const { lines: parsed } = programmeOf({
        rules: [
          { id: 'r', name: { en: 'R' }, effect: { kind: 'per-unit', points: '1' }, lines: filter },
        ],
      }).rules[0] ?? { lines: null };
      if (parsed === null) throw new Error('the rule is there');
      return matchingLines(parsed, kinds, lines).map(({ line: { id } }) => id);
    };
    expect(chosen({})).toEqual(['a', 'b', 'back', 'none']);
    expect(chosen({}, null)).toEqual(['a', 'b', 'card', 'back', 'none']);
    expect(chosen({ kinds: ['gift-card'] })).toEqual(['card']);
    expect(chosen({ skus: ['a', 'card'] })).toEqual(['a']);
    expect(chosen({ categories: ['food', 'toys'] })).toEqual(['a', 'back']);
    expect(chosen({ exceptSkus: ['a'] })).toEqual(['b', 'back', 'none']);
    expect(chosen({ exceptCategories: ['food', 'air'] })).toEqual(['b', 'back']);
  });
});

describe('of several percentages off the whole order', () => {
  const tenth = (id: string, percent: string, more: object = {}) =>
    programmeOf({
      id,
      holder: 'sale',
      rules: [{ id: 'r', name: { en: 'R' }, effect: { kind: 'per-sale', points: '1' } }],
      rewards: [
        {
          id: 'off',
          name: { en: 'Off' },
          costPoints: 1,
          value: { kind: 'percent', percent },
          applies: 'automatic',
        },
      ],
      ...more,
    });
  const coded = (code: string) => ({
    rules: [
      { id: 'other', name: { en: 'Other' }, effect: { kind: 'multiply', by: '1' } },
      {
        id: 'r',
        name: { en: 'R' },
        effect: { kind: 'per-sale', points: '1' },
        conditions: [{ kind: 'code', code }],
      },
    ],
  });
  const taken = (programmes: ReturnType<typeof tenth>[], more = {}) =>
    quote(inputOf([line(1000)], { programmes, ...more })).redemptions.map(
      ({ programme, valueMinor }) => `${programme} ${valueMinor}`,
    );

  it('only the best is taken, wherever it stands', () => {
    expect(taken([tenth('x', '10'), tenth('y', '20'), tenth('z', '15')])).toEqual(['y 200']);
    expect(taken([tenth('x', '20'), tenth('y', '10')])).toEqual(['x 200']);
    expect(taken([tenth('x', '20'), tenth('y', '20')])).toEqual(['x 200']);
  });

  it('one that waits for a code does not stand in the way of another without it', () => {
    const both = [tenth('x', '10'), tenth('y', '20', coded('AUTUMN'))];
    expect(taken(both)).toEqual(['x 100']);
    expect(taken(both, { claims: [{ kind: 'code', code: 'WINTER' }] })).toEqual(['x 100']);
    const codes = ['WINTER', 'AUTUMN'].map((code) => ({ kind: 'code', code }));
    expect(taken(both, { claims: codes })).toEqual(['y 200']);
  });

  it('one that nobody asks for does not stand in the way of another', () => {
    const waiting = tenth('y', '20');
    const rewards = waiting.rewards.map((one) => ({ ...one, applies: 'claim' as const }));
    const offered = [tenth('x', '10'), { ...waiting, rewards }];
    expect(taken(offered)).toEqual(['x 100']);
    expect(taken(offered, { claims: [claimReward('x', 'off')] })).toEqual(['x 100']);
    expect(taken(offered, { claims: [claimReward('y', 'none')] })).toEqual(['x 100']);
    expect(taken(offered, { claims: [claimReward('y', 'off')] })).toEqual(['y 200']);
    const free = tenth('z', '30', coded('AUTUMN'));
    const costless = free.rewards.map((one) => ({ ...one, costPoints: 0 }));
    expect(taken([tenth('x', '10'), { ...free, rewards: costless }])).toEqual(['x 100']);
  });

  it('a member’s own stands only where it is asked for, a coupon’s where it was entered', () => {
    const mine = tenth('club', '20', { holder: 'member' });
    const both = [tenth('x', '10'), mine];
    const member = regular({ available: 5 });
    expect(taken(both, { member })).toEqual(['x 100']);
    expect(taken(both, { member, claims: [claimReward('club', 'off')] })).toEqual(['club 200']);
    const coupon = tenth('z', '20', { holder: 'bearer', rules: [] });
    const voucher = {
      code: 'Z1',
      programme: 'z',
      holder: 'v',
      available: 1,
      expiresAtMs: null,
      state: 'active',
    };
    const facts = { ...noFacts, vouchers: [voucher] };
    expect(taken([tenth('x', '10'), coupon], { facts })).toEqual(['x 100']);
    const claims = [{ kind: 'code', code: 'Z1' }];
    expect(taken([tenth('x', '10'), coupon], { facts, claims })).toEqual(['z 200']);
  });
});
