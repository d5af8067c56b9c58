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
