import { rational, roundToInteger } from './rational.ts';
import { assert } from './result.ts';

/**
 * Splits a whole amount over weights so that the parts sum to it exactly.
 *
 * Each part is the exact share rounded down; what is left goes, one unit each, to the largest
 * remainders, ties to the earlier part. While `total` does not exceed the sum of the weights no
 * part exceeds its weight: so a discount never exceeds its line. A zero weight gets nothing.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  assert(
    Number.isSafeInteger(total) && total >= 0,
    'what is allocated is a whole, positive amount',
  );
  let sum = 0n;
  for (const weight of weights) {
    assert(Number.isSafeInteger(weight) && weight >= 0, 'a weight is a whole number, not negative');
    sum += BigInt(weight);
  }
  if (total === 0) return weights.map(() => 0);
  assert(sum > 0n, 'an amount is allocated over at least one positive weight');
  const parts: number[] = [];
  const remainders: { readonly index: number; readonly remainder: bigint }[] = [];
  let left = total;
  weights.forEach((weight, index) => {
    const share = BigInt(total) * BigInt(weight);
    const part = Number(share / sum);
    parts.push(part);
    left -= part;
    remainders.push({ index, remainder: share % sum });
  });
  remainders.sort((a, b) => Number(b.remainder - a.remainder));
  for (const { index } of remainders.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

/**
 * Splits a growing amount over weights: a larger total never gives any part less.
 *
 * So whoever splits each new total and pays the difference pays the same in all, however the total
 * grew. The parts sum to the total, none exceeds its weight, and the sum of the weights gives each
 * its own. The total is at most that sum.
 */
export function allocateSteadily(total: number, weights: readonly number[]): number[] {
  let ofWeights = weights.reduce((sum, weight) => sum + weight, 0);
  assert(total >= 0 && total <= ofWeights, 'what is split is at most what the weights are');
  let left = total;
  return weights.map((weight) => {
    const part =
      ofWeights === 0
        ? 0
        : roundToInteger(rational(BigInt(left) * BigInt(weight), BigInt(ofWeights)), 'half-up');
    left -= part;
    ofWeights -= weight;
    return part;
  });
}
