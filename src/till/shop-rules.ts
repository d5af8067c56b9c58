import type { ShopRules } from '#contract/shop-rules.ts';
import { usualSurveyRules } from '#contract/survey.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Core } from './core.ts';
import { worthOfPoint } from './points-worth.ts';
import { unitView } from './unit-view.ts';

/** What this store decided for itself, and what the sentences about it speak of. */
export function shopRules({ config }: Core): ShopRules {
  const { survey, currency, programmes, offlineRisk } = config;
  return {
    survey: survey ?? usualSurveyRules,
    currency,
    programmes: programmes
      .filter((programme) => spendable(programme).length > 0)
      .map((programme) => ({
        usual: Math.min(...spendable(programme)),
        programme: programme.id,
        name: programme.name,
        unit: unitView(programme),
        worth: worthOfPoint(programme),
        caps: offlineRisk?.find((caps) => caps.programme === programme.id) ?? null,
      })),
  };
}

/** Points that people can spend on in one go when paying with points, whole ones. */
const USUAL_PAID_WITH_POINTS = 100;

/** What each reward of a programme costs; empty where nothing is to be had for its points. */
function spendable({ rewards, unit }: Programme): readonly number[] {
  return rewards.flatMap(({ enabled, costPoints, value }) =>
    !enabled || costPoints <= 0
      ? []
      : [value.kind === 'per-point' ? USUAL_PAID_WITH_POINTS * smallestPerPoint(unit) : costPoints],
  );
}
