import { assert } from './result.ts';
import { type Rational, type Rounding, rational, roundToInteger } from './rational.ts';

/**
 * An amount of one currency in its smallest unit.
 *
 * 12.50 TRY is `{ amountMinor: 1250, currency: 'TRY' }`; 1.250 KWD is 1250 as well. Writing an
 * amount for people is the renderer's and the receipt's task, not the engine's.
 */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** An ISO 4217 alphabetic code, e.g. `EUR`. */
export type Currency = string;

const twoDecimals =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD ' +
  'CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD ' +
  'HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD ' +
  'MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON ' +
  'RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD ' +
  'TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG';
const noDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const threeDecimals = 'BHD IQD JOD KWD LYD OMR TND';

/** Digits after the point, per currency. Source: ISO 4217, list one, amendment 177. */
export const currencyExponents: ReadonlyMap<Currency, number> = new Map([
  ...twoDecimals.split(' ').map((code) => [code, 2] as const),
  ...noDecimals.split(' ').map((code) => [code, 0] as const),
  ...threeDecimals.split(' ').map((code) => [code, 3] as const),
]);

/** Whether the code is a currency the engine can count. */
export function isCurrency(code: string): boolean {
  return currencyExponents.has(code);
}

/** Digits after the point of a currency that a schema has already checked. */
export function currencyExponent(currency: Currency): number {
  const exponent = currencyExponents.get(currency);
  assert(exponent !== undefined, `a checked currency is in ISO 4217: ${currency}`);
  return exponent;
}

/** How many minor units make one major unit: 100 for EUR, 1 for JPY. */
export function minorPerMajor(currency: Currency): number {
  return 10 ** currencyExponent(currency);
}

/** Makes an amount; a fraction of a minor unit is a bug of the caller. */
export function money(amountMinor: number, currency: Currency): Money {
  assert(Number.isSafeInteger(amountMinor), 'money is a whole number of minor units');
  assert(isCurrency(currency), `money has a currency of ISO 4217, not ${currency}`);
  return { amountMinor, currency };
}

/** Sum of amounts of one currency; different currencies never meet. */
export function addMoney(left: Money, right: Money): Money {
  assert(left.currency === right.currency, 'only amounts of one currency are added');
  return money(left.amountMinor + right.amountMinor, left.currency);
}

/** Price of a quantity in thousandths, exactly; the caller rounds once. */
export function priceOf(unitPriceMinor: number, quantityMilli: number): Rational {
  return rational(BigInt(unitPriceMinor) * BigInt(quantityMilli), 1000n);
}

/** Rounds an amount to a multiple, e.g. cash to 5 minor units; 1 leaves it as it is. */
export function roundToMultiple(amountMinor: number, multiple: number, rounding: Rounding): number {
  if (multiple === 1) return amountMinor;
  return roundToInteger(rational(amountMinor, multiple), rounding) * multiple;
}
