const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/**
 * Anything that may say who or what it belongs to: seven digits and more, also grouped by blanks, dots,
 * dashes, slashes or brackets, in any script. Before it what has as many digits and is none of these.
 */
const PATTERN = new RegExp(
  [
    // An instant, as the log writes it.
    String.raw`\b\d{4}-\d\d-\d\d(?:T\d\d[:-]\d\d[:-]\d\d(?:\.\d{1,6})?Z?)?(?![\d-])`,
    // A random reference.
    String.raw`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`,
    // An address of the network.
    String.raw`(?<![\d.])(?:${OCTET}\.){3}${OCTET}(?![\d.])`,
    String.raw`(?<long>\p{Nd}(?:[\s./()+·-]{0,3}\p{Nd}){6,})`,
  ].join('|'),
  'giu',
);

/** Takes every long number out of a text: cards, phones, identity numbers. What is left names nobody. */
export function maskNumbers(text: string): string {
  return text.replaceAll(PATTERN, (match, ...rest) => {
    const groups = rest.at(-1) as { readonly long?: string };
    if (groups.long === undefined) return match;
    const digits = [...match].filter((each) => /\p{Nd}/u.test(each)).length;
    return `[${digits} digits]`;
  });
}
