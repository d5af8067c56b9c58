import type { Application, AppliedReward } from './application.ts';
import { allocate } from './allocate.ts';
import { reason, type Reason } from './reason.ts';
import { err, ok, type Result } from './result.ts';
import type { RewardValue } from './reward.ts';
import { copyLines, type WorkingLine } from './working.ts';

type ProductValue = Extract<RewardValue, { kind: 'product' }>;

/** Most free units of one reward in one sale. */
const freeUnitsMax = 1000;

function skusFor(application: Application, value: ProductValue): readonly string[] {
  const chosen = application.claim?.sku ?? null;
  return chosen === null ? value.skus : value.skus.filter((sku) => sku === chosen);
}

function unitsByPoints(application: Application, value: ProductValue, pool: number): number {
  const { reward, claim } = application;
  const most = reward.mostPerSale ?? freeUnitsMax;
  const byPoints = reward.costPoints === 0 ? 1 : Math.floor(pool / reward.costPoints);
  const units = Math.min(most, byPoints, freeUnitsMax) * value.units;
  return Math.min(units, claim?.units ?? units, freeUnitsMax);
}

function cost(application: Application, value: ProductValue, units: number): number {
  return Math.ceil(units / value.units) * application.reward.costPoints;
}

/** Units that still cost something or nothing; a line of negative price is money, not goods. */
function wholeUnits(line: WorkingLine): number {
  if (line.remainingMinor < 0) return 0;
  return Math.max(0, Math.floor((line.line.quantityMilli - line.freeMilli) / 1000));
}

/** Makes up to `units` of the matching lines free, dearest first; returns the money per line. */
function makeFree(
  application: Application,
  lines: readonly WorkingLine[],
  skus: readonly string[],
  units: number,
): number[] {
  const parts = lines.map(() => 0);
  const order = lines
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.line.sku !== null && skus.includes(line.line.sku))
    .toSorted((a, b) => b.line.line.unitPriceMinor - a.line.line.unitPriceMinor);
  let left = units;
  for (const { line, index } of order) {
    const freed = Math.min(left, wholeUnits(line));
    if (freed === 0) continue;
    const paidMilli = line.line.quantityMilli - line.freeMilli;
    const [part = 0] = allocate(line.remainingMinor, [freed * 1000, paidMilli - freed * 1000]);
    line.remainingMinor -= part;
    line.freeMilli += freed * 1000;
    line.discounts.push({
      programme: application.programme.id,
      reward: application.reward.id,
      amountMinor: part,
      free: true,
    });
    parts[index] = part;
    left -= freed;
  }
  return parts;
}

function fromBasket(
  application: Application,
  value: ProductValue,
  skus: readonly string[],
): Result<AppliedReward, Reason> {
  const { lines, pool, poolWithFree, claim } = application;
  const there = lines.reduce(
    (sum, line) =>
      line.line.sku !== null && skus.includes(line.line.sku) ? sum + wholeUnits(line) : sum,
    0,
  );
  if (there === 0) return err(reason('products-missing'));
  let units = Math.min(there, unitsByPoints(application, value, pool), claim?.units ?? there);
  while (units > 0 && poolWithFree !== null) {
    const tried = copyLines(lines);
    makeFree(application, tried, skus, units);
    if (poolWithFree(tried) >= cost(application, value, units)) break;
    units -= 1;
  }
  if (units <= 0) {
    const missing = application.reward.costPoints - pool;
    return err(
      reason('not-enough-points', {
        missing: Math.max(1, missing),
        have: pool,
        cost: application.reward.costPoints,
      }),
    );
  }
  const parts = makeFree(application, lines, skus, units);
  return ok({
    points: cost(application, value, units),
    valueMinor: parts.reduce((sum, part) => sum + part, 0),
    roundingMinor: 0,
    units,
    parts,
    added: null,
  });
}

/** Makes units in the basket free, or puts free goods beside it. */
export function freeUnits(
  application: Application,
  value: ProductValue,
): Result<AppliedReward, Reason> {
  const skus = skusFor(application, value);
  const [first] = skus;
  if (first === undefined) return err(reason('choose-product'));
  const takes = application.claim?.takes ?? value.takes;
  if (takes === 'basket') return fromBasket(application, value, skus);
  if (skus.length > 1) return err(reason('choose-product'));
  const units = unitsByPoints(application, value, application.pool);
  if (units <= 0) {
    const { costPoints } = application.reward;
    return err(
      reason('not-enough-points', {
        missing: costPoints - application.pool,
        have: application.pool,
        cost: costPoints,
      }),
    );
  }
  const inBasket = application.lines.find((line) => line.line.sku === first);
  const priceMinor =
    inBasket?.line.unitPriceMinor ?? application.context.facts.pricesMinor[first] ?? 0;
  return ok({
    points: cost(application, value, units),
    valueMinor: 0,
    roundingMinor: 0,
    units,
    parts: application.lines.map(() => 0),
    added: { sku: first, units, worthMinor: units * priceMinor },
  });
}
