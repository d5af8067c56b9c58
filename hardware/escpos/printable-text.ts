import { codePageHas } from './code-page.ts';
import type { CodePageName } from './code-page-tables.ts';

/** Signs that mean the same on paper, used only where the page lacks the first. */
const SAME_MEANING: ReadonlyMap<string, string> = new Map([
  ['‘', "'"],
  ['’', "'"],
  ['‚', "'"],
  ['′', "'"],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['″', '"'],
  ['‐', '-'],
  ['‑', '-'],
  ['‒', '-'],
  ['–', '-'],
  ['—', '-'],
  ['−', '-'],
  ['…', '...'],
  ['•', '·'],
  ['∙', '·'],
  ['·', '-'],
  ['‹', '<'],
  ['›', '>'],
  ['→', '->'],
  ['←', '<-'],
  ['×', 'x'],
  ['№', 'No'],
]);

/** What every code page writes as it is. */
const PLAIN = /^[ -~]*$/;
const LIRA_AMOUNT = /₺\s?([0-9][0-9.,]*)/gu;
/** Controls and the invisible formatting characters (direction marks, joiners, soft hyphens). */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
const SPACES = /\s/gu;

/** Text ready for a code page, and what the page cannot write. */
export interface PrintableText {
  /** Every character left in it that is not in `missing` can be encoded. */
  readonly text: string;
  /** Distinct characters the page lacks, in order of appearance. */
  readonly missing: readonly string[];
}

/**
 * Text without what no printer can print: controls dropped, any space a plain one, canonical form.
 *
 * A member's name may hold anything; on paper it must never become a command.
 */
export function cleanText(text: string): string {
  return text.normalize('NFC').replace(SPACES, ' ').replace(INVISIBLE, '');
}

/**
 * Rewrites text into what a code page can write.
 *
 * ₺ is in no code page: amounts become "40,00 TL", the way Turkish receipts have always said it.
 */
export function printableText(page: CodePageName, text: string): PrintableText {
  if (PLAIN.test(text)) return { text, missing: [] };
  const missing = new Set<string>();
  const spoken = withSpokenLira(cleanText(text));
  let printable = '';
  for (const character of spoken) printable += writable(page, character, missing);
  return { text: printable, missing: [...missing] };
}

/** Amounts in ₺ the way they are said: `₺40,00` becomes `40,00 TL`. */
export function withSpokenLira(text: string): string {
  return text.replace(LIRA_AMOUNT, '$1 TL').replaceAll('₺', 'TL');
}

function writable(page: CodePageName, character: string, missing: Set<string>): string {
  let candidate = character;
  for (let step = 0; step <= SAME_MEANING.size; step += 1) {
    if (candidate.length === 1 ? codePageHas(page, candidate) : everyIn(page, candidate))
      return candidate;
    const next = SAME_MEANING.get(candidate);
    if (next === undefined) break;
    candidate = next;
  }
  missing.add(character);
  return character;
}

function everyIn(page: CodePageName, text: string): boolean {
  return [...text].every((each) => codePageHas(page, each));
}
