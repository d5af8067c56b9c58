import * as notation from '#loyalty/notation/fields.ts';

/** A case asks for something this adapter has no translation for. */
export class NotTranslated extends Error {}

/** The currency of cases that name none. */
const currency = 'EUR';

export {
  decimal,
  fields,
  isFields,
  list,
  names,
  number,
  smallest,
  text,
} from '#loyalty/notation/fields.ts';
export type { Fields } from '#loyalty/notation/fields.ts';

/** Fails the case for a key nobody reads. */
export function only(of: notation.Fields, keys: string): void {
  const known = new Set(keys.split(' '));
  const unknown = Object.keys(of).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new NotTranslated(`keys ${unknown.join(', ')}`);
}

/** Major units of the case as minor units of the engine. */
export const minor = (value: number, of = currency): number => notation.minor(value, of);

/** Minor units of the engine as the case's major units. */
export const major = (value: number, of = currency): number => notation.major(value, of);

/** An instant of a case: a day or a local time, read as UTC. */
export function instant(value: string): number {
  const [day = '', time = '00:00:00'] = value.split('T');
  return Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
}
