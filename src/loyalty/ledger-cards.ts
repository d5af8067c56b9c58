import type { Ledger } from './ledger.ts';
import { err, ok, type Result } from './result.ts';

/** Why a card or code is not taken. */
export type CardRefusal = { readonly code: 'card-unknown' } | { readonly code: 'card-inactive' };

/** Replaces a lost card: balance and history stay with the account, the old code stops working. */
export function replaceCard(
  ledger: Ledger,
  oldCode: string,
  newCode: string,
): Result<Ledger, CardRefusal> {
  const old = ledger.vouchers.find(({ code }) => code === oldCode);
  if (old === undefined) return err({ code: 'card-unknown' });
  if (old.state === 'blocked') return err({ code: 'card-inactive' });
  const vouchers = ledger.vouchers.map((voucher) =>
    voucher === old ? { ...voucher, state: 'blocked' as const } : voucher,
  );
  return ok({ ...ledger, vouchers: [...vouchers, { ...old, code: newCode }] });
}

/** The account a card or code opens. */
export function holderOfCard(ledger: Ledger, code: string): Result<string, CardRefusal> {
  const found = ledger.vouchers.find((voucher) => voucher.code === code);
  if (found === undefined) return err({ code: 'card-unknown' });
  return found.state === 'blocked' ? err({ code: 'card-inactive' }) : ok(found.holder);
}
