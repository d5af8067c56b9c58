import { type IdempotencyConflict, type Ledger, spendable, stateOf } from './ledger.ts';
import { creditPoints } from './ledger-points.ts';
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

/** Issues a card or code with points on it, for whoever holds it; a retry makes no second one. */
export function issueCard(
  ledger: Ledger,
  request: {
    readonly code: string;
    readonly programme: string;
    readonly points: number;
    readonly source: string;
    readonly atMs: number;
  },
): Result<Ledger, IdempotencyConflict> {
  const { code, programme, ...credit } = request;
  const none = { owner: null, sale: null, rule: null, expiresAtMs: null } as const;
  const card = { code, programme, holder: code, ...none, state: 'active' as const };
  const account = spendable(code, programme);
  const there = ledger.vouchers.some((voucher) => voucher.code === code);
  const vouchers = there ? ledger.vouchers : [...ledger.vouchers, card];
  return creditPoints({ ...ledger, vouchers }, { ...credit, account });
}

/** What each card of a programme opens: its points, or 0 where the card is blocked. */
export function cardBalances(
  ledger: Ledger,
  programme: string,
  atMs: number,
): Readonly<Record<string, number>> {
  const cards = ledger.vouchers.filter((card) => card.programme === programme);
  return Object.fromEntries(
    cards.map(({ code, holder, state }) => [
      code,
      state === 'blocked' ? 0 : stateOf(ledger, spendable(holder, programme), atMs).balance,
    ]),
  );
}
