import type { PluginOption } from 'vite';

/** What a translation may add to an English sentence, of its letters. Source: counter.md §8, check 18. */
const MORE = 0.35;
const extra = 'éüçğöıßâ';

/**
 * A sentence with a third more letters, accents among them, and the same values.
 *
 * The letters go into the words: a longer word is harder to place than one more word. Names of
 * values and the words of ICU (`plural`, `one`) stand between an odd number of braces and stay.
 */
export function lengthened(sentence: string): string {
  let depth = 0;
  let owed = 0;
  let added = 0;
  let longer = '';
  for (const character of sentence) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    longer += character;
    if (depth % 2 === 1 || !/\p{L}/u.test(character)) continue;
    owed += MORE;
    if (owed < 1) continue;
    owed -= 1;
    longer += extra[added % extra.length];
    added += 1;
  }
  return longer;
}

/** Builds the page with its English sentences lengthened. */
export const lengthenEnglish: PluginOption = {
  name: 'lengthen-english',
  enforce: 'pre',
  transform(code, id) {
    if (!/[\\/](?:i18n|words)[\\/]en\.json$/.test(id)) return null;
    const sentences = Object.entries(JSON.parse(code) as Record<string, string>);
    return JSON.stringify(
      Object.fromEntries(sentences.map(([key, sentence]) => [key, lengthened(sentence)])),
    );
  },
};
