type Scalar = string | number | boolean | null;

/** What an array's element needs quotes for: nothing, the word null, or what PostgreSQL reads as its own. */
const QUOTED = /^$|^null$|[\s"\\{},]/i;
const ESCAPED = /["\\]/g;

/** An array as PostgreSQL writes it; the driver's own way looks at each element several times. */
export function arrayText(items: readonly Scalar[]): string {
  let text = '{';
  let between = '';
  for (const item of items) {
    text +=
      between +
      (typeof item === 'string' && QUOTED.test(item)
        ? `"${item.replace(ESCAPED, '\\$&')}"`
        : String(item));
    between = ',';
  }
  return `${text}}`;
}
