import { z } from 'zod';
import { isLocalDate } from './calendar.ts';
import { isCurrency } from './money.ts';
import { compare, parseRational, rational, rationalPattern } from './rational.ts';

/** Building blocks of the programme document, so that each mistake reads the same everywhere. */

/** A name inside the document: `gold`, `ten-off`. The journal names programmes and rewards by it. */
export const idField = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/,
    'use letters, digits, _ and - (at most 48), a letter or digit first',
  );

/** Text for people, keyed by language; `en` is always there, for a reader without a better one. */
export const textField = z
  .record(
    z.string().regex(/^[a-z]{2}$/, 'name the language: en, tr, de, ar'),
    z.string().trim().min(1, 'write something').max(120),
  )
  .refine((text) => text['en'] !== undefined, 'write at least the English text, as "en"');

/** Words in several languages, keyed by language. */
export type LocalText = Readonly<z.infer<typeof textField>>;

/** An exact rate as text: `1`, `1.25`, `1/111`; not negative. */
export const rateField = z
  .string()
  .regex(rationalPattern, 'write a number as text, like "1.25" or "1/3"')
  .refine((text) => !text.startsWith('-'), 'a rate is not negative');

/** A percentage as text, 0–100. */
export const percentField = rateField.refine((text) => {
  const percent = parseRational(text);
  return percent === null || compare(percent, rational(100)) <= 0;
}, 'a percentage is at most 100');

/** Whole points in the smallest unit of the programme. */
export const pointsField = z.int('points are a whole number of the smallest unit').min(0);

/** Money in minor units: 12.50 is 1250. */
export const minorField = z.int('money is a whole number of minor units: 12.50 is 1250').min(0);

/** A quantity in thousandths: two pieces are 2000, 0.350 kg is 350. */
export const milliField = z.int('a quantity is in thousandths: 2 pieces are 2000').min(0);

/** A day that exists, `YYYY-MM-DD`. */
export const dateField = z.string().refine(isLocalDate, 'write a day that exists, as YYYY-MM-DD');

/** An ISO 4217 code. */
export const currencyField = z
  .string()
  .refine(isCurrency, 'use a currency code such as TRY or EUR');

/** Both days count. */
export const datesField = z
  .strictObject({
    from: dateField.nullable().default(null),
    to: dateField.nullable().default(null),
  })
  .refine((dates) => dates.from === null || dates.to === null || dates.from <= dates.to, {
    message: 'the last day is before the first',
    path: ['to'],
  });

/** A list of names without repetition. */
export const namesField = z.array(z.string().min(1).max(64)).max(2000);

/** A length of time on the calendar, in full. */
const spanParts = z.strictObject({
  count: z.int().min(1).max(1200),
  unit: z.enum(['day', 'month', 'year']),
});

/** The calendar's units by their ISO 8601 letters. */
const spanUnits: Readonly<Record<string, 'day' | 'month' | 'year'>> = {
  D: 'day',
  M: 'month',
  Y: 'year',
};

/** A length of time in words (`12 months`) or as ISO 8601 writes it (`P12M`). */
const spanText = z
  .string()
  .regex(/^(?:P\d{1,4}[DMY]|\d{1,4} (?:day|month|year)s?)$/, 'write "30 days" or "P12M"')
  .transform((text) => ({
    count: Number(/\d+/.exec(text)?.[0]),
    unit: spanUnits[/[DMY]|(?<= )[dmy]/.exec(text)?.[0].toUpperCase() ?? ''] ?? 'day',
  }));

/** A length of time on the calendar: `{ count: 12, unit: 'month' }`, `12 months` or `P12M`. */
export const spanField = z.union(
  [spanParts, spanText.pipe(spanParts)],
  'write a length of time up to 1200, such as "30 days" or "P12M"',
);

/** A length of time on the calendar: 30 days, 12 months. */
export type Span = Readonly<z.infer<typeof spanField>>;

/** Per what a limit counts; days, weeks and months are the store's business days. */
export const limitPeriods = ['sale', 'day', 'week', 'month', 'year', 'life'] as const;

/** How often, or how much, and per what. */
export const limitField = z.strictObject({
  most: z.int().min(1),
  count: z.enum(['times', 'points']).default('times'),
  per: z.enum(limitPeriods),
  of: z.enum(['member', 'programme']).default('member'),
});

/** One limit on a rule, reward or programme. */
export type Limit = Readonly<z.infer<typeof limitField>>;
