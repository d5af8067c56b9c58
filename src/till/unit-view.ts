import type { Message, UnitView } from '#contract/till-state.ts';
import { scaleOf, smallestPerPoint } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';

/** What a programme counts in, as the screen needs it to write an amount. */
export function unitView(programme: Programme | undefined): UnitView {
  if (programme === undefined) return { kind: 'points', scale: 0 };
  return { kind: programme.unit.kind, scale: scaleOf(programme.unit) };
}

/** Figures of a refusal that are amounts of its programme, in the programme's smallest unit. */
const amounts = new Set(['missing', 'have', 'cost', 'spendable', 'available']);

/** A refusal with its amounts as its programme counts them: whole points, or money, said as money. */
export function inUnitOf(programme: Programme | undefined, refused: Message): Message {
  const told = Object.entries(refused.params);
  const counts = told.some(([name]) => amounts.has(name));
  if (programme === undefined || !counts) return refused;
  const isMoney = programme.unit.kind === 'money';
  const params = told.map(([name, value]) => {
    if (typeof value !== 'number' || !amounts.has(name)) return [name, value] as const;
    return isMoney
      ? ([`${name}Minor`, value] as const)
      : ([name, value / smallestPerPoint(programme.unit)] as const);
  });
  const code = isMoney ? `${refused.code}-money` : refused.code;
  return { code, params: Object.fromEntries(params) };
}
