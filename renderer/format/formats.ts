import { currencyExponent } from '#loyalty/money.ts';

/** Numbers, money and times the way this shop's people read them. */
export interface Formats {
  readonly money: (minor: number) => string;
  /** Without the currency, for columns whose currency is said once. */
  readonly amount: (minor: number) => string;
  readonly points: (points: number) => string;
  /** `2`, `0.5`: thousandths as a quantity. */
  readonly quantity: (milli: number) => string;
  /** An exact number given as text, `381.25`. */
  readonly exact: (text: string) => string;
  readonly percent: (share: number) => string;
  readonly time: (ms: number) => string;
  readonly day: (ms: number) => string;
  /** With its year: what ends may end next year. */
  readonly date: (ms: number) => string;
  readonly longDay: (isoDay: string) => string;
}

export interface FormatProfile {
  readonly locale: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** Builds the formatters once per profile: `Intl` objects are dear to make and cheap to use. */
export function createFormats({ locale, currency, timeZone }: FormatProfile): Formats {
  const exponent = currencyExponent(currency);
  const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...digits,
  });
  const amount = new Intl.NumberFormat(locale, digits);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const quantity = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
  const date = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const longDay = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  return {
    money: (minor) => signed(money.format(minor / 10 ** exponent)),
    amount: (minor) => signed(amount.format(minor / 10 ** exponent)),
    points: (points) => signed(whole.format(points)),
    quantity: (milli) => signed(quantity.format(milli / 1000)),
    exact: (text) => signed(exact.format(text as Intl.StringNumericLiteral)),
    percent: (share) => percent.format(share),
    time: (ms) => time.format(ms),
    day: (ms) => day.format(ms),
    date: (ms) => date.format(ms),
    longDay: (isoDay) => longDay.format(new Date(`${isoDay}T12:00:00Z`)),
  };
}

/** A minus sign as wide as a plus, so that columns of figures stand. */
function signed(text: string): string {
  return text.replace('-', '\u2212');
}
