import { assert, assertNever } from './result.ts';

/**
 * An exact fraction.
 *
 * Rates and intermediate amounts are fractions so that nothing is rounded before the one rounding
 * at the end. Always in lowest terms with a positive denominator; never serialised as such: rates
 * travel as text (`"1.25"`, `"1/111"`).
 */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * How a fraction becomes a whole number.
 *
 * `half-up` sends ties away from zero (what a cash register does), `half-even` to the even
 * neighbour, `toward-zero` drops the fraction.
 */
export type Rounding = 'floor' | 'ceil' | 'half-up' | 'half-even' | 'toward-zero';

/** Every rounding there is, for schemas and settings pages. */
export const roundings = ['floor', 'ceil', 'half-up', 'half-even', 'toward-zero'] as const;

const smallMax = 2n ** 53n;

/** Euclid; on ordinary numbers where both fit, which is many times faster. */
function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let a = left < 0n ? -left : left;
  let b = right < 0n ? -right : right;
  if (a < smallMax && b < smallMax) {
    let x = Number(a);
    let y = Number(b);
    while (y !== 0) [x, y] = [y, x % y];
    return BigInt(x);
  }
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Makes a fraction in lowest terms; a zero denominator is a bug of the caller. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const top = BigInt(numerator);
  const bottom = BigInt(denominator);
  assert(bottom !== 0n, 'a fraction has a denominator other than zero');
  if (bottom === 1n) return { numerator: top, denominator: 1n };
  if (top === 0n) return zero;
  if (top === bottom) return one;
  const divisor = greatestCommonDivisor(top, bottom);
  if (divisor === 1n && bottom > 0n) return { numerator: top, denominator: bottom };
  const sign = bottom < 0n ? -1n : 1n;
  return { numerator: (sign * top) / divisor, denominator: (sign * bottom) / divisor };
}

/** Nothing. */
export const zero: Rational = { numerator: 0n, denominator: 1n };

/** The neutral factor. */
export const one: Rational = { numerator: 1n, denominator: 1n };

/** What a rate in a programme document looks like: `12`, `-1.25`, `1/111`. */
export const rationalPattern = /^-?\d{1,15}(?:\.\d{1,12}|\/[1-9]\d{0,14})?$/;

/** Reads a decimal or a fraction; `null` when the text is neither. */
export function parseRational(text: string): Rational | null {
  if (!rationalPattern.test(text)) return null;
  const slash = text.indexOf('/');
  if (slash >= 0) return rational(BigInt(text.slice(0, slash)), BigInt(text.slice(slash + 1)));
  const point = text.indexOf('.');
  if (point < 0) return rational(BigInt(text));
  const decimals = text.length - point - 1;
  return rational(BigInt(text.slice(0, point) + text.slice(point + 1)), 10n ** BigInt(decimals));
}

/** Reads a rate that a schema has already checked. */
export function rate(text: string): Rational {
  const parsed = parseRational(text);
  assert(parsed !== null, `a checked rate is a number: ${text}`);
  return parsed;
}

/** Sum of two fractions. */
export function add(left: Rational, right: Rational): Rational {
  if (left.numerator === 0n) return right;
  if (right.numerator === 0n) return left;
  if (left.denominator === right.denominator) {
    return rational(left.numerator + right.numerator, left.denominator);
  }
  return rational(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

/** `left` less `right`. */
export function subtract(left: Rational, right: Rational): Rational {
  return add(left, { numerator: -right.numerator, denominator: right.denominator });
}

/**
 * Product that is not brought to lowest terms.
 *
 * For long sums: parts scaled by one factor keep one denominator, and are reduced once by `sumOf`.
 */
export function scale(value: Rational, factor: Rational): Rational {
  return {
    numerator: value.numerator * factor.numerator,
    denominator: value.denominator * factor.denominator,
  };
}

/** Sum that is not brought to lowest terms where the denominators are the same. */
export function accumulate(left: Rational, right: Rational): Rational {
  if (left.denominator !== right.denominator) return add(left, right);
  return { numerator: left.numerator + right.numerator, denominator: left.denominator };
}

/** Sum of many fractions: one reduction for those that share a denominator. */
export function sumOf(values: Iterable<Rational>): Rational {
  const tops: bigint[] = [];
  const bottoms: bigint[] = [];
  for (const { numerator, denominator } of values) {
    const known = bottoms.indexOf(denominator);
    if (known >= 0) tops[known] = (tops[known] ?? 0n) + numerator;
    else {
      bottoms.push(denominator);
      tops.push(numerator);
    }
  }
  return bottoms.reduce((sum, bottom, index) => {
    const top = tops[index];
    assert(top !== undefined, 'what is summed are fractions');
    return add(sum, rational(top, bottom));
  }, zero);
}

/** Product of two fractions. */
export function multiply(left: Rational, right: Rational): Rational {
  if (left === one) return right;
  if (right === one) return left;
  if (left.denominator === 1n && right.denominator === 1n) {
    return { numerator: left.numerator * right.numerator, denominator: 1n };
  }
  return rational(left.numerator * right.numerator, left.denominator * right.denominator);
}

/** `left` divided by `right`; dividing by zero is a bug of the caller. */
export function divide(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.denominator, left.denominator * right.numerator);
}

/** Negative, zero or positive as `left` is below, equal to or above `right`. */
export function compare(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function floorDivide(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  return top % bottom !== 0n && top < 0n ? quotient - 1n : quotient;
}

/** The one place where a fraction becomes a whole number. */
export function round(value: Rational, rounding: Rounding): bigint {
  const { numerator: top, denominator: bottom } = value;
  if (bottom === 1n) return top;
  switch (rounding) {
    case 'floor':
      return floorDivide(top, bottom);
    case 'ceil':
      return -floorDivide(-top, bottom);
    case 'toward-zero':
      return top / bottom;
    case 'half-up': {
      const magnitude = floorDivide(2n * (top < 0n ? -top : top) + bottom, 2n * bottom);
      return top < 0n ? -magnitude : magnitude;
    }
    case 'half-even': {
      const lower = floorDivide(top, bottom);
      const twice = 2n * (top - lower * bottom);
      if (twice === bottom) return lower % 2n === 0n ? lower : lower + 1n;
      return twice > bottom ? lower + 1n : lower;
    }
    default:
      return assertNever(rounding, 'round');
  }
}

/** Rounds to a whole number that a JSON document can hold exactly. */
export function roundToInteger(value: Rational, rounding: Rounding): number {
  const rounded = Number(round(value, rounding));
  assert(Number.isSafeInteger(rounded), 'an amount stays within the integers JSON holds exactly');
  return rounded;
}

/** The shortest text that `parseRational` reads back to the same fraction, e.g. `1.25` or `1/3`. */
export function formatRational(value: Rational): string {
  let { denominator } = value;
  let decimals = 0;
  while (denominator % 10n === 0n) {
    denominator /= 10n;
    decimals += 1;
  }
  for (const factor of [2n, 5n]) {
    while (denominator % factor === 0n) {
      denominator /= factor;
      decimals += 1;
    }
  }
  if (denominator !== 1n) return `${value.numerator}/${value.denominator}`;
  return decimalText(value, decimals);
}

function decimalText(value: Rational, decimals: number): string {
  const scaled = (value.numerator * 10n ** BigInt(decimals)) / value.denominator;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${scaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The nearest floating-point number, to be shown; never to be calculated with. */
export function toNumber(value: Rational): number {
  const [top = '0', bottom = '1'] = formatRational(value).split('/');
  return Number(top) / Number(bottom);
}
