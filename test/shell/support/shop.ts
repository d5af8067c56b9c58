import type { ShopConfig } from '#contract/shop.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';

/** A shop with one programme and nothing to sell. */
export const emptyShop: ShopConfig = {
  version: 1,
  storeName: 'Corner shop',
  storeAddress: '1 High Street',
  timeZone: 'Europe/Istanbul',
  cutOverHour: 4,
  currency: 'TRY',
  market: 'TR',
  redeemFrom: null,
  language: 'en',
  programmes: [programme.parse(pointsPreset)],
  products: [],
  cashiers: [{ cashier: 'cashier-1', name: 'Ada', role: 'cashier', isActive: true, pin: null }],
  tills: [],
};

/** What a server answers to ENROL. */
export const enrolledAnswer = {
  outcome: 'enrolled',
  tenant: 'tenant-1',
  store: 'store-1',
  till: 'till-1',
  inc: 1,
  epoch: 1,
  identifierKey: 'ab'.repeat(32),
  config: emptyShop,
} as const;
