import type { Message } from '#contract/till-state.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { TraceParams, TraceStep } from '#loyalty/trace.ts';
import { programmeOf, type Core } from './core.ts';
import { words } from './words.ts';

/** Most steps that are shown. */
const STEPS_MAX = 200;

/** Steps whose `points` are an amount; elsewhere they are a rule's rate. */
const AMOUNTS = new Set([
  'redeemed',
  'goods-added',
  'donated',
  'earn-capped',
  'earn-total',
  'voucher-issued',
]);

/** Steps whose sentence counts in the programme's unit: of money they say money. */
const IN_UNITS = new Set(['redeemed', 'donated', 'earn-capped', 'earn-total']);

/** The explanation of a quote with everybody's own names in it: no id is anybody's word for a rule. */
export function traceView(core: Core, quoted: Quote): Message[] {
  return quoted.trace.slice(0, STEPS_MAX).map((step) => {
    const { code, params } = step;
    const programme = programmeOf(core, String(params['programme'] ?? ''));
    const named = programme === undefined ? params : withNames(core, programme, step);
    const all = { ...named, ...whyRefused(quoted, step) };
    const { points } = params;
    return programme?.unit.kind === 'money' && IN_UNITS.has(code) && typeof points === 'number'
      ? { code: `${code}-money`, params: { ...all, pointsMinor: points } }
      : { code, params: all };
  });
}

function withNames(core: Core, programme: Programme, { code, params }: TraceStep): TraceParams {
  const { rule, reward, tier, badge, sku, points } = params;
  const rules = programme.rules.find(({ id }) => id === rule);
  const rewards = programme.rewards.find(({ id }) => id === reward);
  const tiers = programme.tiers.find(({ id }) => id === tier);
  const given = programme.rules.find(
    ({ effect }) => effect.kind === 'badge' && effect.badge === badge,
  );
  const product = core.config.products.find((known) => known.sku === sku);
  return {
    ...params,
    programme: words(programme.name),
    unit: words(programme.unitName),
    ...(rules === undefined ? {} : { rule: words(rules.name) }),
    ...(rewards === undefined ? {} : { reward: words(rewards.name) }),
    ...(tiers === undefined ? {} : { tier: words(tiers.name) }),
    ...(given === undefined ? {} : { badge: words(given.name) }),
    ...(product === undefined ? {} : { sku: words(product.name) }),
    ...(typeof points === 'number' && AMOUNTS.has(code)
      ? { points: points / smallestPerPoint(programme.unit) }
      : {}),
  };
}

/** The figures of a code's refusal, which the step itself does not carry. */
function whyRefused(quoted: Quote, { code, params }: TraceStep): TraceParams {
  if (code !== 'code-refused') return {};
  const refused = quoted.codes.find((known) => known.code === params['code']);
  return refused?.reason?.params ?? {};
}
