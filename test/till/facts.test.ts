import { afterAll, describe, expect, test } from 'vitest';
import {
  badgePreset,
  nextOrderPreset,
  giftCardPreset,
  paidMembershipPreset,
  stampsPreset,
} from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { takeBack } from './support/a-sale.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { here } from './support/gift-card.ts';

afterAll(removeFolders);

const extras = here({
  id: 'extras',
  version: 1,
  name: { en: 'Extras' },
  currencies: ['TRY'],
  rules: [
    {
      id: 'daily',
      name: { en: '7 points once a day' },
      effect: { kind: 'per-sale', points: '7' },
      limits: [{ most: 1, per: 'day' }],
    },
    {
      id: 'third',
      name: { en: '30 points on each third visit' },
      conditions: [{ kind: 'visit', every: 3 }],
      effect: { kind: 'per-sale', points: '30' },
    },
    {
      id: 'birthday',
      name: { en: '100 points around the birthday' },
      conditions: [{ kind: 'birthday', daysAround: 1 }],
      effect: { kind: 'per-sale', points: '100' },
    },
  ],
});

const extra = (till: TestTill): number =>
  till.state().basket.earns.find(({ programme: id }) => id === 'extras')?.points ?? 0;

async function sell(till: TestTill, sku = 'coffee'): Promise<void> {
  await till.scanCard();
  await till.call['basket.add-product']({ sku, quantityMilli: 1000 });
  expect(
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' }),
  ).toEqual({ outcome: 'done' });
  await till.time.advance(2000);
}
async function look(till: TestTill): Promise<void> {
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
}

describe('what a till knows of its members', () => {
  test('limits and visits count this till’s own sales while the server is away', async () => {
    const till = await aTill({ config: aConfig({ programmes: [here(pointsPreset), extras] }) });
    till.member(aRecord({ visits: 1 }));
    till.server.up = false;
    await till.time.advance(60_000);
    await look(till);
    expect(extra(till)).toBe(7);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' });
    await till.time.advance(2000);
    // The second visit of the server's one is done here: this is the third, and today's seven are given.
    await look(till);
    expect(extra(till)).toBe(30);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' });
    await till.time.advance(26 * 3_600_000);
    await look(till);
    expect(extra(till)).toBe(7);
    await till.close();
  });

  test('what the server counts replaces what was counted here, once every change was read', async () => {
    const till = await aTill({ config: aConfig({ programmes: [here(pointsPreset), extras] }) });
    till.member(aRecord({ visits: 4 }));
    await sell(till);
    await till.time.advance(60_000);
    expect(till.database.read.localFacts('m-ayse')).toHaveLength(1);
    till.member(
      aRecord({
        version: 2,
        visits: 5,
        uses: [
          {
            programme: 'extras',
            id: 'daily',
            lastDay: '2026-11-21',
            lastAtMs: null,
            day: { times: 1, points: 7 },
            week: { times: 1, points: 7 },
            month: { times: 1, points: 7 },
            year: { times: 1, points: 7 },
            life: { times: 1, points: 7 },
          },
        ],
      }),
    );
    await till.time.advance(60_000);
    expect(till.database.read.localFacts('m-ayse')).toEqual([]);
    await look(till);
    expect(extra(till)).toBe(30);
    await till.close();
  });

  test('a birthday in the record counts', async () => {
    const till = await aTill({ config: aConfig({ programmes: [here(pointsPreset), extras] }) });
    till.member(aRecord({ birthday: '11-22' }));
    await look(till);
    expect(extra(till)).toBe(107);
    await till.close();
  });

  test('a complete return gives back the visit and the day’s use', async () => {
    const till = await aTill({ config: aConfig({ programmes: [here(pointsPreset), extras] }) });
    till.member(aRecord());
    till.server.up = false;
    await till.time.advance(60_000);
    await sell(till);
    const receipt = till.database.read.lastSale()?.receipt ?? '';
    await till.call['return.open']({ receipt });
    const returning = till.state().returning;
    await till.call['return.choose']({
      line: returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    await till.call['return.commit']({ returnId: returning?.returnId ?? '' });
    await till.time.advance(2000);
    await look(till);
    expect(extra(till)).toBe(7);
    await till.close();
  });
});

describe('what a sale gives besides points', () => {
  const printed = (till: TestTill): string[] =>
    till.devices.printed
      .flatMap(({ document }) => document.lines)
      .flatMap((line) =>
        line.kind === 'text'
          ? [line.text]
          : line.kind === 'pair'
            ? [`${line.start} | ${line.end}`]
            : line.kind === 'qr'
              ? [line.content]
              : [],
      );

  test('a new tier is told on screen and receipt with the sale that reaches it', async () => {
    const till = await aTill();
    till.member(aRecord({ language: 'de', tierProgress: 490 }));
    await sell(till);
    expect(till.state().lastSale?.awards).toMatchObject([{ code: 'award-tier-up' }]);
    expect(printed(till)).toContain('Ihre neue Stufe | Silber');
    expect(till.state().member).toBeNull();
    await sell(till);
    expect(till.state().lastSale?.awards).toEqual([]);
    await till.close();
  });

  test('a tier of the night is told with the next sale, journalled, and never again', async () => {
    const till = await aTill();
    const news = [
      {
        programme: 'points',
        source: 'tier-points-gold-2026-11-20',
        kind: 'up' as const,
        from: 'silver',
        to: 'gold',
        day: '2026-11-20',
      },
    ];
    till.member(aRecord({ news }));
    await look(till);
    expect(till.state().member?.news).toMatchObject([{ code: 'award-tier-up' }]);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' });
    await till.time.settle();
    expect(till.bodies().filter(({ kind }) => kind === 'told')).toEqual([
      { kind: 'told', member: 'm-ayse', programme: 'points', source: news[0]?.source },
    ]);
    expect(printed(till)).toContain('Yeni seviyeniz | Altın');
    await till.time.advance(2000);
    await look(till);
    expect(till.state().member?.news).toEqual([]);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' });
    expect(till.bodies().filter(({ kind }) => kind === 'told')).toHaveLength(1);
    await till.close();
  });

  test('a membership is active from its sale on, shown with its end, and longer when bought again', async () => {
    const fee = {
      sku: 'membership',
      name: { en: 'Membership' },
      gtins: [],
      unitPriceMinor: 9900,
      categories: [],
    };
    const base = aConfig();
    const config = aConfig({
      programmes: [here(pointsPreset), here(paidMembershipPreset)],
      products: [...base.products, fee],
    });
    const till = await aTill({ config });
    till.member();
    till.server.up = false;
    await till.time.advance(60_000);
    await sell(till, 'membership');
    const [paid] = till.state().lastSale?.awards ?? [];
    expect(paid).toMatchObject({ code: 'award-membership' });
    expect(till.bodies().some(({ kind }) => kind === 'earn')).toBe(false);
    expect(printed(till)).toContain('Ücretli üyelik | Son gün: 20.11.2027');
    await till.scanCard();
    expect(till.state().member?.memberships).toMatchObject([{ programme: 'paid-membership' }]);
    const first = till.state().member?.memberships[0]?.untilMs ?? 0;
    const firstReceipt = till.database.read.lastSale()?.receipt ?? '';
    await sell(till, 'membership');
    await till.scanCard();
    expect(till.state().member?.memberships[0]?.untilMs).toBeGreaterThan(first + 300 * 86_400_000);
    // The second one paid back leaves the first, and that one paid back leaves none.
    await takeBack(till, till.database.read.lastSale()?.receipt ?? '', 1000);
    await till.scanCard();
    expect(till.state().member?.memberships[0]?.untilMs).toBe(first);
    await takeBack(till, firstReceipt, 1000);
    await till.scanCard();
    expect(till.state().member?.memberships).toEqual([]);
    await till.close();
  });

  test('a voucher for the next order is issued in the journal and printed with its code', async () => {
    const config = aConfig({
      programmes: [here(pointsPreset), here(nextOrderPreset), here(giftCardPreset)],
    });
    const till = await aTill({ config });
    till.member();
    await sell(till);
    const { saleId } = till.state().lastSale ?? { saleId: '' };
    expect(till.bodies().find(({ kind }) => kind === 'issue')).toMatchObject({
      member: `v-${saleId}-0`,
      owner: 'm-ayse',
      programme: 'gift-card',
      by: { programme: 'next-order', rule: 'voucher' },
      points: 500,
    });
    const [award] = till.state().lastSale?.awards ?? [];
    expect(award?.code).toBe('award-voucher-until');
    const code = String(award?.params['voucher']);
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{4}$/);
    expect(printed(till)).toContain(`Kod: ${code}`);
    expect(printed(till)).toContain(`V:${code.replaceAll('-', '')}`);
    await till.close();
  });

  test('stamps and badges are told by name', async () => {
    const stamps = { ...stampsPreset, rules: [{ ...stampsPreset.rules[0], lines: {} }] };
    const config = aConfig({
      programmes: [here(pointsPreset), here(stamps as ProgrammeDocument), here(badgePreset)],
    });
    const till = await aTill({ config });
    till.member(aRecord({ visits: 9 }));
    await sell(till);
    expect(till.state().lastSale?.awards.map(({ code }) => code)).toEqual([
      'award-points',
      'award-badge',
    ]);
    expect(till.state().lastSale?.earned).toBe(50);
    await till.close();
  });
});
