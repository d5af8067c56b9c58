import { creditPoints } from '#loyalty/ledger-points.ts';
import { emptyLedger, type Ledger, spendable, stateOf } from '#loyalty/ledger.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Result } from '#loyalty/result.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { line, noonMs, settings } from './arrange.ts';

/** A day in milliseconds. */
export const dayMs = 86_400_000;

/** The value of a result that must be one. */
export function got<Value, Refusal>(result: Result<Value, Refusal>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A ledger with these programmes and nothing else. */
export function ledgerOf(...programmes: Programme[]): Ledger {
  return emptyLedger(settings, programmes);
}

/** A sale of one line to Anna. */
export function request(
  id: string,
  priceMinor: number,
  more: Partial<SaleRequest> = {},
): SaleRequest {
  return {
    id,
    basket: { currency: 'TRY', lines: [line(priceMinor)] },
    member: 'anna',
    proof: 'verified',
    claims: [],
    nowMs: noonMs,
    channel: 'pos',
    ...more,
  };
}

/** What an account has now. */
export const balance = (ledger: Ledger, ref: string, programme = 'club', atMs = noonMs): number =>
  stateOf(ledger, spendable(ref, programme), atMs).balance;
/** All that was sold. */
export const everything = { kind: 'everything' } as const;

/** The ledger after a gift of points. */
export function withPoints(ledger: Ledger, ref: string, points: number, more = {}): Ledger {
  const account = spendable(ref, 'club');
  return got(
    creditPoints(ledger, {
      account,
      points,
      source: `gift-${ref}-${points}`,
      atMs: noonMs,
      ...more,
    }),
  );
}
