import type { TraceParams } from './trace.ts';

/** Why something cannot be had, or a code was refused; a closed set, worded by the renderer. */
export const reasonCodes = [
  'member-needed',
  'proof-needed',
  'account-blocked',
  'not-enough-points',
  'offline-limit',
  'minimum-points',
  'minimum-amount',
  'maximum-amount',
  'minimum-quantity',
  'maximum-quantity',
  'products-missing',
  'highest-allowed',
  'not-a-multiple',
  'nothing-to-reduce',
  'better-percent-applied',
  'code-needed',
  'code-unknown',
  'code-used',
  'code-expired',
  'code-not-eligible',
  'tier-needed',
  'segment-needed',
  'age-needed',
  'store',
  'channel',
  'currency',
  'weekday',
  'hours',
  'dates',
  'visit',
  'first-sale',
  'birthday',
  'membership-needed',
  'comeback-over',
  'too-soon',
  'limit-used',
  'enrol-sale',
  'choose-product',
] as const;

/** One of the closed set. */
export type ReasonCode = (typeof reasonCodes)[number];

/**
 * A reason with its figures: `minimum-amount {missingMinor: 1200}` reads "12.00 more to use".
 *
 * `proof-needed` carries `needed`; `highest-allowed` carries `points` and `valueMinor`.
 */
export interface Reason {
  readonly code: ReasonCode;
  readonly params: TraceParams;
}

/** Makes a reason. */
export function reason(code: ReasonCode, params: TraceParams = {}): Reason {
  return { code, params };
}
