import { describe, expect, it } from 'vitest';
import { accountStatement } from '#loyalty/account-statement.ts';
import { claimReward } from '#loyalty/claim-item.ts';
import { outstandingPoints } from '#loyalty/day-totals.ts';
import { lastUsableDay } from '#loyalty/expiry.ts';
import { cardBalances, issueCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { creditPoints, redeemPoints, reverseSource } from '#loyalty/ledger-points.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { spendable } from '#loyalty/ledger.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  discountByCategory,
  firstRefusal,
  freeUnits,
  programmeFigures,
  quoteWords,
  refundFigures,
  spendingFigures,
} from '#loyalty/quote-figures.ts';
import { receiptBlocks } from '#loyalty/points-block.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import {
  balance,
  dayMs,
  everything,
  got,
  ledgerOf,
  request,
  withPoints,
} from './arrange-ledger.ts';
import { line, noonMs, programmeOf } from './arrange.ts';

const account = spendable('anna', 'club');
const reward = (id: string, costPoints: number, amountMinor: number) =>
  ({ id, name: { en: id }, costPoints, value: { kind: 'fixed', amountMinor } }) as const;
const rewards: NonNullable<ProgrammeDocument['rewards']> = [
  reward('five', 50, 500),
  reward('twelve', 100, 1200),
];

const fixed = { kind: 'fixed', amountMinor: 100 } as const;

describe('the statement of an account', () => {
  const tiers: NonNullable<ProgrammeDocument['tiers']> = [
    { id: 'basic', name: { en: 'Basic' }, criteria: null },
    { id: 'gold', name: { en: 'Gold' }, criteria: { metric: 'earned-points', atLeast: 40 } },
  ];

  it('is what is there, where it came from and which tier it reached', () => {
    let ledger = ledgerOf(programmeOf({ tiers }));
    ledger = got(settleSale(ledger, request('s1', 3000))).ledger;
    ledger = got(settleSale(ledger, request('s2', 2000, { nowMs: noonMs + dayMs }))).ledger;
    const atMs = noonMs + 2 * dayMs;
    const spend = { account, points: 35, source: 'o1', atMs };
    const statement = accountStatement(got(redeemPoints(ledger, spend)), account, atMs);
    expect(statement).toMatchObject({
      balance: 15,
      available: 15,
      openBySource: { s1: 0, s2: 15 },
      earnedInWindow: 50,
      tier: { id: 'gold', name: { en: 'Gold' } },
      tierTerm: { since: '2026-11-22', through: null, endsAtMs: null },
      lastConsumed: [
        { source: 's1', points: 30 },
        { source: 's2', points: 5 },
      ],
      lastCredit: { open: 15, expiresAtMs: null, usableThrough: null },
    });
    expect(statement.rows.map(({ type }) => type)).toEqual(['earn', 'earn', 'redeem']);
  });

  it('says how long the tier is held and what the points reach', () => {
    const rewards = [
      { id: 'mug', name: { en: 'Mug' }, costPoints: 40, value: fixed },
      { id: 'bag', name: { en: 'Bag' }, costPoints: 41, value: fixed },
      { id: 'old', name: { en: 'Old' }, costPoints: 1, value: fixed, enabled: false },
      { id: 'free', name: { en: 'Free' }, costPoints: 0, value: fixed },
      {
        id: 'own',
        name: { en: 'Own' },
        costPoints: 1,
        value: fixed,
        applies: 'automatic' as const,
      },
    ];
    const validity = { kind: 'span', span: '30 days' } as const;
    const of = programmeOf({ tiers, rewards, tierSettings: { validity } });
    const ledger = got(settleSale(ledgerOf(of), request('s1', 4000))).ledger;
    expect(accountStatement(ledger, account, noonMs)).toMatchObject({
      tierTerm: { since: '2026-11-21', through: '2026-12-21' },
      withinReach: [{ en: 'Mug' }],
    });
    const { tierTerm } = accountStatement(ledger, account, noonMs);
    expect(lastUsableDay(tierTerm?.endsAtMs ?? 0, ledger.settings)).toBe('2026-12-21');
  });

  it('of nobody is empty', () => {
    const ledger = ledgerOf(programmeOf({ tiers }));
    expect(accountStatement(ledger, account, noonMs)).toMatchObject({
      balance: 0,
      lots: [],
      rows: [],
      openBySource: {},
      earnedInWindow: 0,
      lastConsumed: [],
      lastCredit: null,
      membershipActive: false,
      benefits: [],
      vouchers: [],
      tier: null,
    });
  });
});

describe('the statement of a member', () => {
  it('says what a paid membership gives while it runs', () => {
    const benefits = [{ en: 'free delivery' }];
    const membership = { sku: 'PASS', term: '1 month', benefits };
    const basket = { currency: 'TRY', lines: [line(1000, { sku: 'PASS', kind: 'membership' })] };
    const start = ledgerOf(programmeOf({ membership }));
    const { ledger } = got(settleSale(start, request('s1', 0, { basket })));
    const at = (days: number) => accountStatement(ledger, account, noonMs + days * dayMs);
    expect(at(1)).toMatchObject({ membershipActive: true, benefits: ['free delivery'] });
    expect(at(40)).toMatchObject({ membershipActive: false, benefits: [] });
  });

  it('lists the vouchers that are left', () => {
    const rules: ProgrammeDocument['rules'] = [
      { id: 'v', name: { en: 'v' }, effect: { kind: 'voucher', template: { points: 5 } } },
    ];
    const { ledger } = got(settleSale(ledgerOf(programmeOf({ rules })), request('s1', 1000)));
    const { vouchers } = accountStatement(ledger, account, noonMs);
    expect(vouchers).toMatchObject([{ owner: 'anna', sale: 's1' }]);
    const back = { saleId: 's1', source: 'r1', returning: everything, nowMs: noonMs };
    const returned = got(returnSale(ledger, back)).ledger;
    expect(accountStatement(returned, account, noonMs).vouchers).toEqual([]);
  });
});

describe('the words of a quote', () => {
  const programme = programmeOf({ rewards });

  it('tell what is in it, what could be and what is not', () => {
    const ledger = withPoints(ledgerOf(programme), 'anna', 120);
    const claims = [claimReward('club', 'five'), { kind: 'code' as const, code: 'NOPE' }];
    const words = quoteWords(previewSale(ledger, request('s', 5000, { claims })), [programme]);
    expect(words).toMatchObject({
      applied: [{ en: 'five' }],
      notApplied: [{ en: 'twelve' }],
      keptCodes: [],
      discounts: [{ name: { en: 'five' }, valueMinor: 500 }],
      discountedTaxes: [{ discountMinor: 500 }],
      vouchers: [],
    });
    const open = quoteWords(previewSale(ledger, request('s', 5000)), [programme]);
    expect(open.applied).toEqual([]);
    expect(open.claimable).toEqual([{ en: 'twelve' }, { en: 'five' }]);
  });
});

describe('the newest points of an account', () => {
  it('say the last day they can be spent on', () => {
    const expiry = { kind: 'after', span: '1 month' } as const;
    const ledger = withPoints(ledgerOf(programmeOf({ expiry })), 'anna', 20);
    expect(accountStatement(ledger, account, noonMs).lastCredit).toMatchObject({
      open: 20,
      usableThrough: '2026-12-21',
    });
  });
});

describe('the figures of a return', () => {
  it('are what it took and gave of one programme', () => {
    const start = withPoints(ledgerOf(programmeOf({ rewards })), 'anna', 120);
    const claims = [claimReward('club', 'five')];
    const sold = got(settleSale(start, request('s1', 2000, { claims })));
    const back = { saleId: 's1', source: 'r1', returning: everything, nowMs: noonMs };
    const { refund } = got(returnSale(sold.ledger, back));
    expect(refundFigures(refund, 'club')).toEqual({ takenBack: 20, givenBack: 50 });
    expect(refundFigures(refund, 'other')).toEqual({ takenBack: 0, givenBack: 0 });
  });
});

describe('the discounts of a quote', () => {
  it('sum by category, whatever the lines', () => {
    const percent: ProgrammeDocument['rewards'] = [
      {
        id: 'tenth',
        name: { en: 'tenth' },
        costPoints: 0,
        value: { kind: 'percent', percent: '10' },
      },
    ];
    const lines = [
      line(1000, { id: 'a', categories: ['food'] }),
      line(500, { id: 'b', categories: ['food', 'bread'] }),
      line(300, { id: 'c' }),
    ];
    const basket = { currency: 'TRY', lines };
    const claims = [claimReward('club', 'tenth')];
    const quote = previewSale(
      ledgerOf(programmeOf({ rewards: percent })),
      request('s', 0, { basket, claims }),
    );
    expect(discountByCategory(quote)).toEqual({ food: 150, bread: 50 });
  });
});

describe('the figures of a quote', () => {
  const programme = programmeOf({ rewards });
  const ledger = withPoints(ledgerOf(programme), 'anna', 120);

  it('list the ways to spend, and the best of them', () => {
    const open = spendingFigures(previewSale(ledger, request('s', 5000)), 'club');
    const best = { points: 100, valueMinor: 1200 };
    expect(open).toEqual({ points: 0, valueMinor: 0, options: [50, 100], best });
    const claims = [claimReward('club', 'five')];
    const quote = previewSale(ledger, request('s', 5000, { claims }));
    expect(spendingFigures(quote, 'club')).toMatchObject({ points: 50, valueMinor: 500 });
    expect(programmeFigures(quote, programme)).toMatchObject({
      earned: 50,
      basisMinor: 5000,
      breakdown: { base: 50 },
      spent: 50,
      comebackUntil: null,
    });
    expect(spendingFigures(quote, 'other')).toMatchObject({ points: 0, options: [], best: null });
  });

  it('tell the points for coming back from the others', () => {
    const comeback = programmeOf({
      rules: [
        {
          id: 'base',
          name: { en: 'base' },
          effect: { kind: 'per-money', points: '1', perMinor: 100 },
        },
        {
          id: 'soon',
          name: { en: 'soon' },
          conditions: [{ kind: 'comeback', withinDays: 14 }],
          effect: { kind: 'per-sale', points: '50' },
        },
      ],
    });
    const first = got(settleSale(ledgerOf(comeback), request('s1', 1000)));
    expect(programmeFigures(first.quote, comeback)).toMatchObject({
      comebackPoints: 0,
      comebackUntil: '2026-12-05',
    });
    const next = previewSale(first.ledger, request('s2', 1000, { nowMs: noonMs + dayMs }));
    expect(programmeFigures(next, comeback)).toMatchObject({ earned: 60, comebackPoints: 50 });
  });

  it('count free units by product, and give the first refusal', () => {
    const free = programmeOf({
      rules: [],
      rewards: [
        {
          id: 'free',
          name: { en: 'free' },
          costPoints: 10,
          value: { kind: 'product', skus: ['tea'] },
          mostPerSale: null,
        },
      ],
    });
    const lines = [line(300, { sku: 'tea', quantityMilli: 3000 })];
    const claims = [
      claimReward('club', 'free', { units: 2 }),
      { kind: 'code' as const, code: 'X' },
    ];
    const basket = { currency: 'TRY', lines };
    const quote = previewSale(
      withPoints(ledgerOf(free), 'anna', 40),
      request('s', 0, { basket, claims }),
    );
    expect(freeUnits(quote)).toEqual({ tea: 2 });
    expect(firstRefusal(quote)).toBe('code-unknown');
    expect(firstRefusal(previewSale(ledger, request('s', 100)))).toBeNull();
  });
});

describe('the block of a receipt', () => {
  it('repeats the figures of its sale, whatever happened since at the same instant', () => {
    const start = withPoints(ledgerOf(programmeOf({ rewards })), 'anna', 120);
    const claims = [claimReward('club', 'five')];
    const sold = got(settleSale(start, request('s1', 2000, { claims })));
    const block = { programme: 'club', won: 20, spent: 50, balance: 90 };
    expect(receiptBlocks(sold.ledger, sold.sale)).toEqual([block]);
    const later = got(
      returnSale(sold.ledger, { saleId: 's1', source: 'r1', returning: everything, nowMs: noonMs }),
    ).ledger;
    const more = got(settleSale(later, request('s2', 1000))).ledger;
    expect(receiptBlocks(more, sold.sale)).toEqual([block]);
  });

  it('mentions no programme that the sale did not touch', () => {
    const start = withPoints(ledgerOf(programmeOf({ rules: [] })), 'anna', 120);
    const { ledger, sale } = got(settleSale(start, request('s1', 2000)));
    expect(receiptBlocks(ledger, sale)).toEqual([]);
  });
});

describe('the points a programme owes', () => {
  it('are those of all its accounts, waiting ones not yet', () => {
    let ledger = withPoints(withPoints(ledgerOf(programmeOf()), 'anna', 120), 'bert', 30);
    ledger = withPoints(ledger, 'carl', 7, { effectiveAtMs: noonMs + dayMs });
    expect(outstandingPoints(ledger, 'club', noonMs)).toBe(150);
    expect(outstandingPoints(ledger, 'club', noonMs + dayMs)).toBe(157);
    expect(outstandingPoints(ledger, 'other', noonMs)).toBe(0);
  });
});

describe('a source that is taken back', () => {
  it('gives back what it spent and takes what it earned, once', () => {
    let ledger = withPoints(ledgerOf(programmeOf({ rewards })), 'anna', 120);
    const claims = [claimReward('club', 'twelve')];
    ledger = got(settleSale(ledger, request('s1', 5000, { claims }))).ledger;
    expect(balance(ledger, 'anna')).toBe(120 - 100 + 50);
    const back = { source: 's1', atMs: noonMs + dayMs };
    const once = got(reverseSource(ledger, back));
    expect(balance(once, 'anna', 'club', back.atMs)).toBe(120);
    expect(got(reverseSource(once, back)).entries).toEqual(once.entries);
  });

  it('leaves what is spent already where the programme takes only what is there', () => {
    const clamp = programmeOf({ refund: { alreadySpent: 'clamp' } });
    const gift = { account, points: 30, source: 'gift', atMs: noonMs };
    const given = got(creditPoints(ledgerOf(clamp), gift));
    const spent = got(redeemPoints(given, { ...gift, points: 20, source: 'o1' }));
    const back = got(reverseSource(spent, { source: 'gift', atMs: noonMs }));
    expect(balance(back, 'anna')).toBe(0);
  });
});

describe('a card', () => {
  it('keeps its points when it is replaced, and the old one opens nothing', () => {
    const card = { code: 'OLD', programme: 'club', points: 120, source: 'i1', atMs: noonMs };
    const issued = got(issueCard(ledgerOf(programmeOf()), card));
    expect(cardBalances(issued, 'club', noonMs)).toEqual({ OLD: 120 });
    const replaced = got(replaceCard(issued, 'OLD', 'NEW'));
    expect(cardBalances(replaced, 'club', noonMs)).toEqual({ OLD: 0, NEW: 120 });
    expect(cardBalances(replaced, 'other', noonMs)).toEqual({});
  });
});
