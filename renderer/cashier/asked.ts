import type { TillState } from '#contract/till-state.ts';

/** What the shopper was asked to pay, and for what. */
export interface Asked {
  readonly dueMinor: number;
  /** Goods, codes and member: whoever changes those at the counter looks at the sum again. */
  readonly of: string;
}

/** What is asked for the sale as it is on the glass now. */
export function askedNow({ basket, member }: TillState): Asked {
  const lines = basket.lines.map(({ id, quantityMilli }) => [id, quantityMilli]);
  const codes = basket.codes.map(({ text }) => text);
  const of = JSON.stringify([basket.saleId, lines, codes, member?.member ?? null]);
  return { dueMinor: basket.dueMinor, of };
}

/** The sum that is paid: what was asked for, unless the counter itself changed the sale since. */
export function dueAsked(asked: Asked | null, state: TillState): number {
  const now = askedNow(state);
  return asked?.of === now.of ? asked.dueMinor : now.dueMinor;
}
