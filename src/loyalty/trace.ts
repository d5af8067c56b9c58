/** What a step of the explanation can say; the renderer and the receipt have a sentence for each. */
export const traceCodes = [
  'basket',
  'discount',
  'free-units',
  'goods-added',
  'price-set',
  'percent-not-best',
  'redeemed',
  'paid-with-value',
  'donated',
  'benefit',
  'cash-rounding',
  'earn-per-money',
  'earn-per-unit',
  'earn-per-sale',
  'earn-percent-back',
  'earn-multiplied',
  'earn-tier',
  'earn-bonus',
  'earn-replaced',
  'earn-capped',
  'earn-total',
  'earn-nothing',
  'earn-claimable',
  'voucher-issued',
  'badge',
  'code-refused',
  'kept-lines',
  'taken-back',
  'given-back',
] as const;

/** One of the closed set. */
export type TraceCode = (typeof traceCodes)[number];

/** Amounts in minor units end in `Minor`, exact numbers are text like `18.4`. */
export type TraceParams = Readonly<Record<string, string | number>>;

/**
 * One step of "why?", in the order it was computed.
 *
 * "18.40 paid × 1 point × gold 1.25 = 23" is `earn-per-money {basisMinor: 1840, points: "1",
 * perMinor: 100}`, `earn-tier {tier: "gold", by: "1.25"}`, `earn-total {points: 23}`.
 */
export interface TraceStep {
  readonly code: TraceCode;
  readonly params: TraceParams;
}

/** Most steps that are kept; a basket that needs more is cut, never refused. */
export const traceStepsMax = 200;

/** Collects steps up to the limit. */
export class Trace {
  readonly steps: TraceStep[] = [];

  add(code: TraceCode, params: TraceParams): void {
    if (this.steps.length < traceStepsMax) this.steps.push({ code, params });
  }
}
