import { markets, type MarketProfile } from '#loyalty/market.ts';
import type { Core } from './core.ts';

/** The market profile with what this shop, on its counsel's word, decided otherwise. */
export function shopMarket(core: Core): MarketProfile {
  const { market, redeemFrom } = core.config;
  return redeemFrom === null ? markets[market] : { ...markets[market], redeemFrom };
}
