import type { Product } from '#contract/product.ts';
import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { setSession, wallMs, type Core } from './core.ts';
import { rescueIssuedCard } from './card-issue.ts';
import { holding } from './codes.ts';
import { closeGrants } from './grants.ts';
import { remembering } from './history.ts';
import { dropRefusedRewards } from './rewards.ts';
import {
  addLine,
  clearLines,
  refusal,
  removeLine,
  setQuantity,
  type NewLine,
  type Session,
} from './session.ts';
import { setSessionWithVoids } from './voids.ts';

const ONE_PIECE_MILLI = 1000;

/** Adds one piece of the product a scanned GTIN belongs to. */
export function addProduct(core: Core, gtin: string): Result<null, Message> {
  const product = core.config.products.find(({ gtins }) => gtins.includes(gtin));
  return product === undefined
    ? err(refusal('product-unknown', { gtin }))
    : add(core, lineOf(core, product, ONE_PIECE_MILLI));
}

/** Adds a product of the catalogue by its number. */
export function addSku(core: Core, sku: string, quantityMilli: number): Result<null, Message> {
  const product = core.config.products.find((known) => known.sku === sku);
  return product === undefined
    ? err(refusal('product-unknown', {}))
    : add(core, lineOf(core, product, quantityMilli));
}

/** Adds a typed amount. */
export function addAmount(
  core: Core,
  amountMinor: number,
  quantityMilli: number,
): Result<null, Message> {
  return add(core, {
    sku: null,
    name: null,
    categories: [],
    kind: 'goods',
    quantityMilli,
    unitPriceMinor: amountMinor,
  });
}

/** Changes how many of a line there are. */
export function changeQuantity(
  core: Core,
  line: string,
  quantityMilli: number,
): Result<null, Message> {
  const { lines } = core.counter.session;
  const isFewer = lines.some((known) => known.id === line && known.quantityMilli > quantityMilli);
  const next = setQuantity(core.counter.session, line, quantityMilli);
  return apply(core, next, isFewer ? setSessionWithVoids : set);
}

/** Takes a line out; the last one takes the rewards with it. */
export function takeOut(core: Core, line: string): Result<null, Message> {
  const next = removeLine(core.counter.session, line);
  return next.ok && next.value.lines.length === 0
    ? clearBasket(core)
    : apply(core, next, setSessionWithVoids);
}

/** Empties the sale; the member stays, reserved points go back. */
export function clearBasket(core: Core): Result<null, Message> {
  const { rewards, codes } = core.counter.session;
  rescueIssuedCard(core, null);
  const cleared = apply(core, ok(clearLines(core.counter.session)), setSessionWithVoids);
  if (!cleared.ok) return cleared;
  core.counter.requesting.clear();
  closeGrants(core, [...rewards, ...codes.map(holding)], 'basket-cleared');
  return cleared;
}

function lineOf(core: Core, product: Product, quantityMilli: number): NewLine {
  return {
    sku: product.sku,
    name: product.name,
    categories: product.categories,
    kind: kindOf(core, product),
    quantityMilli,
    unitPriceMinor: product.unitPriceMinor,
  };
}

/** A membership's fee is known by its programme, whatever the catalogue says it is. */
function kindOf(core: Core, { sku, kind }: Product): NewLine['kind'] {
  const isFee = core.config.programmes.some(({ membership }) => membership?.sku === sku);
  return isFee ? 'membership' : (kind ?? 'goods');
}

function add(core: Core, line: NewLine): Result<null, Message> {
  return apply(core, addLine(core.counter.session, line));
}

function set(core: Core, next: Session): Result<null, Message> {
  setSession(core, next);
  return ok(null);
}

function apply(
  core: Core,
  next: Result<Session, Message>,
  change: typeof set = set,
): Result<null, Message> {
  if (!next.ok) return next;
  core.counter.notice = null;
  const changed = change(core, remembering(core.counter.session, next.value, wallMs(core)));
  if (!changed.ok) return changed;
  core.counter.lastTx = null;
  dropRefusedRewards(core);
  return ok(null);
}
