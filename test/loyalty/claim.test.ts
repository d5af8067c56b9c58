import { describe, expect, it } from 'vitest';
import { claimSale } from '#loyalty/claim.ts';
import { noFacts, useKey } from '#loyalty/facts.ts';
import { nothingReturned } from '#loyalty/kept.ts';
import { freshMember } from '#loyalty/member.ts';
import { quote } from '#loyalty/quote.ts';
import { noRefunds, refund } from '#loyalty/refund.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { inputOf, line, memberWith, noonMs, points, programmeOf, settings } from './arrange.ts';

const input = inputOf([line(6000), line(2000)], { programmes: [points], member: null });
const sale = freezeSale(input, quote(input));
const dayMs = 86_400_000;
const claim = {
  sale,
  member: freshMember('m', 'verified'),
  facts: noFacts,
  programmes: [points],
  claimed: false,
  returned: nothingReturned,
  nowMs: noonMs + dayMs,
  settings,
};

describe('a claim by receipt', () => {
  it('gives a proven member what the sale would have earned, once', () => {
    expect(claimSale(claim)).toMatchObject({ ok: true, value: { earnings: [{ points: 80 }] } });
    expect(claimSale({ ...claim, claimed: true })).toEqual({
      ok: false,
      error: { code: 'already-claimed' },
    });
  });

  it('counts the tier of the member who claims', () => {
    const gold = memberWith({ tier: 'gold' });
    expect(claimSale({ ...claim, member: gold })).toMatchObject({
      value: { earnings: [{ points: 100 }] },
    });
  });

  it('leaves out goods that were brought back', () => {
    const returned = { milliByLine: { l2000: 1000 }, amountMinor: 0 };
    expect(claimSale({ ...claim, returned })).toMatchObject({
      value: { earnings: [{ points: 60 }] },
    });
  });

  it('counts the time and place of the sale, wherever it is claimed', () => {
    const there = programmeOf({
      rules: [
        {
          id: 'shop',
          name: { en: 'Shop' },
          effect: { kind: 'per-sale', points: '4' },
          conditions: [
            { kind: 'store', in: ['kadikoy'] },
            { kind: 'channel', in: ['pos'] },
            { kind: 'hours', from: 12, to: 13 },
          ],
        },
      ],
    });
    const bought = inputOf([line(10)], { programmes: [there], member: null });
    const elsewhere = { ...settings, store: 'izmir', channel: 'web' };
    const asked = { ...claim, programmes: [there], settings: elsewhere };
    const found = claimSale({ ...asked, sale: freezeSale(bought, quote(bought)) });
    expect(found).toMatchObject({ value: { earnings: [{ points: 4 }] } });
  });

  it('is open for thirty business days, the last one included', () => {
    expect(claimSale({ ...claim, nowMs: noonMs + 30 * dayMs })).toMatchObject({ ok: true });
    expect(claimSale({ ...claim, nowMs: noonMs + 31 * dayMs })).toEqual({
      ok: false,
      error: { code: 'too-old', lastDay: '2026-12-21' },
    });
  });

  it('needs the same proof as earning does', () => {
    expect(claimSale({ ...claim, member: freshMember('m', 'declared') })).toEqual({
      ok: false,
      error: { code: 'proof-needed' },
    });
  });

  it('is refused for a sale that had a member', () => {
    const owned = inputOf([line(6000)], { programmes: [points] });
    const theirs = freezeSale(owned, quote(owned));
    expect(claimSale({ ...claim, sale: theirs })).toEqual({
      ok: false,
      error: { code: 'had-a-member' },
    });
  });

  it('is returned by what counted for the claimer, not by what counted at the till', () => {
    const limited = programmeOf({
      tiers: [
        { id: 'basic', name: { en: 'Basic' } },
        {
          id: 'gold',
          name: { en: 'Gold' },
          multiplier: '3',
          criteria: { metric: 'visits', atLeast: 1000 },
        },
      ],
      rules: [
        {
          id: 'base',
          name: { en: 'One per lira' },
          effect: { kind: 'per-money', points: '1', perMinor: 100 },
          limits: [{ most: 100, count: 'points', per: 'day' }],
        },
        {
          id: 'first',
          name: { en: 'Welcome' },
          effect: { kind: 'per-sale', points: '7' },
          conditions: [{ kind: 'first-sale' }],
        },
        {
          id: 'gold',
          name: { en: 'Gold' },
          effect: { kind: 'per-sale', points: '9' },
          conditions: [{ kind: 'tier', in: ['gold'] }],
        },
      ],
    });
    const counter = useKey('club', 'base', 'member', 'day');
    const facts = (points: number, visits: number) => ({
      ...noFacts,
      visits,
      uses: { [counter]: { times: 1, points } },
    });
    const shown = { ...memberWith({ tier: 'gold' }), proof: 'declared' } as const;
    const bought = inputOf([line(6000), line(2000)], {
      programmes: [limited],
      member: shown,
      facts: facts(95, 4),
    });
    const theirs = freezeSale(bought, quote(bought));
    expect(theirs).toMatchObject({ tiers: { club: 'gold' }, used: { [counter]: 95 } });
    const asked = { ...claim, sale: theirs, programmes: [limited] };
    const plain = memberWith({ tier: 'basic' });
    const claimed = claimSale({ ...asked, member: plain, facts: facts(30, 0) });
    if (!claimed.ok) throw new Error(claimed.error.code);
    expect(claimed.value.earnings).toMatchObject([{ points: 77 }]);
    const { held, tiers, used } = claimed.value.sale;
    expect({ held, tiers, used }).toEqual({
      held: ['club/base', 'club/first'],
      tiers: { club: 'basic' },
      used: { [counter]: 30 },
    });
    const back = refund({
      sale: claimed.value.sale,
      programmes: [limited],
      returning: { kind: 'lines', lines: [{ line: 'l2000', quantityMilli: 1000 }] },
      before: noRefunds,
      settings,
      available: {},
    });
    expect(back).toMatchObject({ value: { reversals: [{ points: 10 }] } });
    const again = claimSale({ ...asked, member: plain, facts: facts(100, 1) });
    expect(again).toEqual({ ok: false, error: { code: 'nothing-to-claim' } });
  });

  it('leaves what counted in other programmes as it was', () => {
    const kept = { held: ['other/r', 'clubs/r'], tiers: { clubs: 'gold' }, used: { 'clubs/r': 1 } };
    const theirs = { ...sale, ...kept };
    const claimed = claimSale({ ...claim, sale: theirs });
    if (!claimed.ok) throw new Error(claimed.error.code);
    expect(claimed.value.sale).toMatchObject({ tiers: kept.tiers, used: kept.used });
    expect(claimed.value.sale.held).toEqual([...kept.held, ...sale.held]);
  });

  it('says what it lacks', () => {
    const ask = (more: object) => {
      const done = claimSale({ ...claim, ...more });
      return done.ok ? done.value : done.error;
    };
    const free = inputOf([line(0)], { programmes: [points], member: null });
    const nothing = freezeSale(free, quote(free));
    expect(ask({ sale: nothing })).toEqual({ code: 'nothing-to-claim' });
    const missing = { code: 'programme-version-missing', programme: 'points', version: 1 };
    expect(ask({ programmes: [] })).toEqual(missing);
    const others = [
      { ...points, id: 'other' },
      { ...points, version: 2 },
    ];
    expect(ask({ programmes: others })).toEqual(missing);
    const dearer = others.map((one) => ({ ...one, rules: [] }));
    expect(ask({ programmes: [...dearer, points] })).toMatchObject({ earnings: [{ points: 80 }] });
    const blocked = { member: memberWith({ enabled: false }) };
    expect(ask(blocked)).toEqual({ code: 'account-blocked' });
    expect(ask({ ...blocked, nowMs: noonMs + 99 * dayMs })).toEqual({ code: 'account-blocked' });
  });

  it('changes what counted in the programmes it gives points of, and in no others', () => {
    const tiered = (id: string, version: number, rule = 'base') =>
      programmeOf({
        id,
        version,
        tiers: [
          { id: 'basic', name: { en: 'Basic' } },
          { id: 'gold', name: { en: 'Gold' }, criteria: { metric: 'visits', atLeast: 99 } },
        ],
        rules: [
          {
            id: rule,
            name: { en: 'One per lira' },
            effect: { kind: 'per-money', points: '1', perMinor: 100 },
          },
        ],
      });
    const sold = [tiered('a', 1), tiered('b', 1), tiered('c', 2)];
    const ids = sold.map(({ id }) => id);
    const gold = { ...memberWith({ tier: 'gold' }, ids), proof: 'declared' } as const;
    const bought = inputOf([line(6000)], { programmes: sold, member: gold });
    const theirs = freezeSale(bought, quote(bought));
    const basic = memberWith({ tier: 'basic' }, ids);
    const { a, b, c } = basic.standings;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three standings');
    const member = {
      ...basic,
      standings: { a: { ...a, enabled: false }, b, c: { ...c, tier: null } },
    };
    const programmes = [...sold, tiered('b', 2, 'new'), tiered('c', 1, 'old')];
    const claimed = claimSale({ ...claim, sale: theirs, member, programmes });
    if (!claimed.ok) throw new Error(claimed.error.code);
    expect(claimed.value.earnings.map(({ programme }) => programme)).toEqual(['b', 'c']);
    expect(claimed.value.sale).toMatchObject({
      claimable: [],
      held: ['a/base', 'b/base', 'c/base'],
    });
    expect(claimed.value.sale.tiers).toEqual({ a: 'gold', b: 'basic' });
  });
});
