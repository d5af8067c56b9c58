import type { BasketView, Message, TillState } from '#contract/till-state.ts';
import type { Speech } from '#renderer/i18n/use-text.ts';

type Step = BasketView['trace'][number];

/**
 * The steps of "why?" as they are said: the tier by its name, rounding only where it changed
 * something.
 *
 * The core sends the tier's id, which is nobody's word for it; the member on the counter has the
 * names of this tier and the next, which this very sale may reach. Any other is not named.
 */
export function whySteps(
  trace: readonly Step[],
  member: TillState['member'],
  name: Speech['name'],
): readonly Message[] {
  const tier = member?.tier ?? null;
  return trace.map((step) => {
    const { code, params } = step;
    if (code === 'earn-tier') {
      const named = [tier, tier?.next ?? null].find((level) => level?.id === params['tier']);
      return named === undefined || named === null
        ? { code: 'earn-tier-plain', params }
        : { code, params: { ...params, tier: name(named.name) } };
    }
    if (code === 'earn-total' && !isRounded(params)) return { code: 'earn-total-plain', params };
    return step;
  });
}

/** Whether the whole points differ from the exact ones by less than one: a cap is no rounding. */
function isRounded({ exact, points }: Step['params']): boolean {
  const [numerator, denominator = '1'] = String(exact).split('/');
  const gap = Math.abs(Number(numerator) / Number(denominator) - Number(points));
  return gap > 0 && gap < 1;
}
