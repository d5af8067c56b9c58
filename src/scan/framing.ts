/** NUL, STX, ETX, tab, LF, CR and space: what readers frame or pad a code with. */
const FRAMING: ReadonlySet<number> = new Set([0, 2, 3, 9, 10, 13, 32]);

/** A code without what readers put around it: line ends, tabs, STX/ETX, padding. */
export function trimEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && FRAMING.has(text.charCodeAt(start))) start += 1;
  while (end > start && FRAMING.has(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
