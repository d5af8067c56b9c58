import type { ShopConfig } from '#contract/shop.ts';
import type { Basket } from '#loyalty/basket.ts';
import { claimReward, type Claim } from '#loyalty/claim-item.ts';
import type { LineKind } from '#loyalty/conditions.ts';
import type { QuoteSettings } from '#loyalty/context.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Quote, QuoteInput } from '#loyalty/quote-types.ts';
import { quote } from '#loyalty/quote.ts';
import { programmeOf, wallMs, type Core } from './core.ts';
import { shopMarket } from './market.ts';
import type { Session, SessionLine } from './session.ts';
import { knownFacts, memberKnown } from './member-facts.ts';
import { engineMember } from './standing.ts';

/** Where this till sells. */
export function quoteSettings(core: Core): QuoteSettings {
  const { timeZone, cutOverHour } = core.config;
  return {
    timeZone,
    cutOverHour,
    store: core.options.identity.store,
    channel: 'till',
    market: shopMarket(core),
    cashRoundingMinor: 1,
  };
}

const priceLists = new WeakMap<ShopConfig, Readonly<Record<string, number>>>();

/** Prices by SKU: read off once per configuration, which never changes in itself. */
function pricesOf(config: ShopConfig): Readonly<Record<string, number>> {
  const known = priceLists.get(config);
  if (known !== undefined) return known;
  const made = Object.fromEntries(
    config.products.map(({ sku, unitPriceMinor }) => [sku, unitPriceMinor]),
  );
  priceLists.set(config, made);
  return made;
}

const programmeLists = new WeakMap<ShopConfig, readonly Programme[]>();

/**
 * The shop's programmes as a till can keep them. The server sets points aside before a sale is settled,
 * so that those the sale itself earns are spent with the next one, wherever a programme would allow it
 * at once: a till offers nothing that cannot be had.
 */
function programmesHere(config: ShopConfig): readonly Programme[] {
  const known = programmeLists.get(config);
  if (known !== undefined) return known;
  const made = config.programmes.map((programme): Programme => {
    const { redemption } = programme;
    return redemption.ownSalePoints === 'future'
      ? programme
      : { ...programme, redemption: { ...redemption, ownSalePoints: 'future' } };
  });
  programmeLists.set(config, made);
  return made;
}

/** The open sale as the engine takes it. The same for the screen, the settling and the receipt. */
export function quoteInput(core: Core, open: Session): QuoteInput {
  const cached = open.member === null ? null : core.ports.database.read.member(open.member.member);
  const known = cached === null ? null : memberKnown(core, cached);
  return {
    basket: basketOf(core.config, open.lines),
    member: engineMember(core, open, known),
    programmes: programmesHere(core.config),
    claims: [
      ...open.codes.map(({ text }): Claim => ({ kind: 'code', code: text })),
      ...open.rewards.map(({ programme, reward, points, hold, sku }) => {
        // What is nobody's points may be as many as the sale makes; all else is what was set aside.
        const isFree = hold === null && programmeOf(core, programme)?.holder !== 'member';
        return claimReward(programme, reward, { sku, ...(isFree ? {} : { points }) });
      }),
    ],
    nowMs: wallMs(core),
    facts: knownFacts(core, open, known, pricesOf(core.config)),
    settings: quoteSettings(core),
  };
}

/** The quote of the open sale together with what it was made from. */
export interface PricedSale {
  readonly input: QuoteInput;
  readonly quote: Quote;
}

/**
 * Prices the open sale.
 *
 * A basket that shrank may no longer take all the points that are on hold: then as many are used as
 * it takes, and the rest goes back when the sale is settled.
 */
export function priceSale(core: Core, open: Session): PricedSale {
  const input = quoteInput(core, open);
  const first = quote(input);
  const lowered = input.claims.map((claim) => {
    const why = first.refused.find((refused) => refused.claim === claim)?.reason;
    const points = why?.params['points'];
    return claim.kind === 'reward' && why?.code === 'highest-allowed' && typeof points === 'number'
      ? { ...claim, points }
      : claim;
  });
  if (lowered.every((claim, index) => claim === input.claims[index])) {
    return { input, quote: first };
  }
  const again = { ...input, claims: lowered };
  return { input: again, quote: quote(again) };
}

/** What the open sale costs, spends and earns now. */
export function quoteOf(core: Core, open: Session): Quote {
  return priceSale(core, open).quote;
}

/** Money put aside and tips are no sale of goods: tax is owed when they are spent, if at all. */
const TAXED: ReadonlySet<LineKind> = new Set(['goods', 'fee', 'delivery', 'membership']);

function basketOf({ currency, tax }: ShopConfig, lines: readonly SessionLine[]): Basket {
  return {
    currency,
    lines: lines.map(({ id, sku, name, categories, kind, quantityMilli, unitPriceMinor }) => ({
      id,
      sku,
      name: name?.['en'] ?? null,
      categories: [...categories],
      kind,
      quantityMilli,
      unitPriceMinor,
      taxes: tax !== undefined && TAXED.has(kind) ? [{ kind: 'rate', ...tax }] : [],
    })),
  };
}
