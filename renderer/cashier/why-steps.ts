import type { BasketView, Message } from '#contract/till-state.ts';

type Step = BasketView['trace'][number];

/** The steps of "why?" as they are said: rounding only where it changed something. */
export function whySteps(trace: readonly Step[]): readonly Message[] {
  return trace.map((step) => {
    const { code, params } = step;
    const isTotal = code === 'earn-total' || code === 'earn-total-money';
    return isTotal && !isRounded(params) ? { code: `${code}-plain`, params } : step;
  });
}

/** Whether the whole points differ from the exact ones by less than one: a cap is no rounding. */
function isRounded({ exact, points }: Step['params']): boolean {
  const [numerator, denominator = '1'] = String(exact).split('/');
  const gap = Math.abs(Number(numerator) / Number(denominator) - Number(points));
  return gap > 0 && gap < 1;
}
