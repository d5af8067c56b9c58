const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Scripts and signs drawn two columns wide: CJK, Hangul, fullwidth forms, emoji. */
const WIDE =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}])/u;

/** Letters without combining marks or wide scripts, where a code unit is a column. */
const SIMPLE = /^[\u0020-\u02FF]*$/;

/** What a reader counts as characters: `ğ` is one, however it was typed. */
export function graphemesOf(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), (each) => each.segment);
}

/** Columns the text takes on paper. */
export function columnsOf(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let columns = 0;
  for (const grapheme of graphemesOf(text)) columns += WIDE.test(grapheme) ? 2 : 1;
  return columns;
}

/**
 * Breaks one paragraph into lines of at most `columns`, between words.
 *
 * Spaces in front indent every line; a word longer than a line is cut; nothing is ever lost. An empty
 * paragraph is one empty line.
 */
export function wrapText(text: string, columns: number): string[] {
  if (columns < 1) throw new Error(`a line of ${columns} columns`);
  const indent = /^ */.exec(text)?.[0].slice(0, Math.floor(columns / 2)) ?? '';
  const room = columns - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (columnsOf(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cutWord(word, room);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line].map((each) => (each === '' ? '' : indent + each));
}

/** Spaces in front (`end`), behind (`start`) or on both sides, up to `columns`. Longer text stays as it is. */
export function padText(text: string, columns: number, align: 'start' | 'center' | 'end'): string {
  const free = Math.max(0, columns - columnsOf(text));
  const before = align === 'start' ? 0 : align === 'end' ? free : Math.floor(free / 2);
  return ' '.repeat(before) + text + ' '.repeat(free - before);
}

function cutWord(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const grapheme of graphemesOf(word)) {
    const wide = columnsOf(grapheme);
    if (width + wide > columns && piece !== '') {
      pieces.push(piece);
      piece = '';
      width = 0;
    }
    piece += grapheme;
    width += wide;
  }
  pieces.push(piece);
  return pieces;
}
