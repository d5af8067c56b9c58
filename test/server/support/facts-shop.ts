import { programme, type Programme } from '#loyalty/programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import type { RecordView } from '#server/members/records.ts';
import { rulesOf } from '#server/shop.ts';
import { anySnapshot } from '#test/journal/support/test-till.ts';
import { IDENTIFIER_KEY, type ShopServer } from './shop-server.ts';

/** 2026-11-21, 18:00 in Istanbul. */
export const FACTS_TODAY_MS = Date.UTC(2026, 10, 21, 15);
const limit = { most: 5, count: 'times', per: 'week', of: 'member' } as const;
const shared = { most: 50, count: 'times', per: 'month', of: 'programme' } as const;

/** Programmes that ask for every kind of counter. */
export function factsProgrammes(): Programme[] {
  const perSale = { kind: 'per-sale', points: '1' } as const;
  const text = { en: 'Rule' };
  return [
    programme.parse({
      ...pointsPreset,
      caps: { limits: [limit, shared], budgetPoints: 100_000, onBudget: 'warn' },
      rules: [
        { id: 'base', name: text, effect: perSale, limits: [limit] },
        {
          id: 'extra-a',
          name: text,
          effect: perSale,
          limits: [limit, shared],
          limitGroup: 'extras',
        },
        {
          id: 'extra-b',
          name: text,
          effect: perSale,
          limits: [limit],
          limitGroup: 'extras',
          conditions: [{ kind: 'interval', minutes: 30 }],
        },
      ],
      rewards: [
        {
          id: 'ten-off',
          name: text,
          costPoints: 10,
          value: { kind: 'fixed', amountMinor: 100 },
          limits: [limit, shared],
          conditions: [{ kind: 'interval', minutes: 30 }],
        },
      ],
      tierSettings: { window: { kind: 'calendar-month' } },
    }),
    programme.parse({
      ...pointsPreset,
      id: 'stars',
      tierSettings: { window: { kind: 'rolling', span: { count: 20, unit: 'day' } } },
    }),
    programme.parse({
      id: 'promo',
      version: 1,
      name: text,
      currencies: ['TRY'],
      holder: 'sale',
      mostUses: 1000,
      rewards: [
        {
          id: 'promo-reward',
          name: text,
          costPoints: 1,
          value: { kind: 'fixed', amountMinor: 100 },
          applies: 'automatic',
          limits: [limit, shared],
        },
      ],
      rules: [{ id: 'mint', name: text, effect: perSale }],
    }),
  ];
}

/** Gives the server's shop the programmes of the stories. */
export async function factsShop(
  server: ShopServer,
  change: (programmes: Programme[]) => Programme[] = (programmes) => programmes,
): Promise<RecordView> {
  const config = { ...demoShop(), programmes: change(factsProgrammes()) };
  await server.executor.execute<'shop'>({
    kind: 'shop',
    nowMs: server.nowMs,
    tenant: DEMO_TENANT,
    store: DEMO_STORE,
    identifierKey: IDENTIFIER_KEY,
    config,
  });
  return { ...rulesOf(DEMO_STORE, config), nowMs: FACTS_TODAY_MS };
}

/** A frozen sale of two lines with these rewards and earnings. */
export function snapshotOf(
  rewards: readonly { readonly reward: string; readonly member: string | null }[],
  earnings: readonly {
    readonly programme: string;
    readonly points: number;
    readonly qualifying: number;
    readonly breakdown: Record<string, number>;
  }[],
  atMs: number,
): SaleSnapshot {
  const any = anySnapshot();
  const [line] = any.lines;
  if (line === undefined) throw new Error('a sale without a line');
  return {
    ...any,
    nowMs: atMs,
    totalMinor: 28_500,
    lines: [
      { ...line, id: 'line-1', quantityMilli: 2000 },
      { ...line, id: 'line-2', quantityMilli: 1000 },
    ],
    redemptions: rewards.flatMap(({ reward, member }) => {
      const promo = reward === 'promo-reward';
      if (!promo && member === null) return [];
      return [
        {
          programme: promo ? 'promo' : 'points',
          version: 1,
          reward,
          stage: 'discount' as const,
          holder: promo ? null : member,
          holderKind: promo ? ('sale' as const) : ('member' as const),
          points: promo ? 1 : 10,
          valueMinor: 100,
          units: 1,
          parts: [],
        },
      ];
    }),
    earnings: earnings.map(({ programme: id, points, qualifying, breakdown }) => ({
      programme: id,
      version: 1,
      points,
      qualifyingPoints: qualifying,
      basisMinor: 0,
      breakdown,
      effectiveAtMs: atMs,
      expiresAtMs: null,
      allocatedMinor: 0,
    })),
    claimable: [],
  };
}
