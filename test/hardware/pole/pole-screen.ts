import { decodeByte } from '#hardware/escpos/code-page.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';

/** What stands on a CD5220 display after these bytes; throws on anything that is no command of it. */
export function screenAfter(
  bytes: Uint8Array,
  pages: Readonly<Record<number, CodePageName>> = {},
): readonly [upper: string, lower: string] {
  const rows = [' '.repeat(20), ' '.repeat(20)];
  let page: CodePageName = 'cp437';
  let at = 0;
  const take = (): number => {
    const byte = bytes[at];
    at += 1;
    if (byte === undefined) throw new Error('a command that broke off');
    return byte;
  };
  while (at < bytes.length) {
    const first = take();
    if (first === 0x0c) rows.fill(' '.repeat(20));
    else if (first === 0x1b) escape(take());
    else throw new Error(`a stray byte ${first.toString(16)} at ${at - 1}`);
  }
  return [rows[0] ?? '', rows[1] ?? ''];

  function escape(letter: number): void {
    if (letter === 0x40) rows.fill(' '.repeat(20));
    else if (letter === 0x74) page = pages[take()] ?? page;
    else if (letter === 0x51) {
      const row = take() - 0x41;
      let text = '';
      for (let byte = take(); byte !== 0x0d; byte = take()) text += decodeByte(page, byte);
      if (text.length !== 20 || (row !== 0 && row !== 1)) throw new Error(`no line: ${text}`);
      rows[row] = text;
    } else throw new Error(`ESC ${letter.toString(16)} is no command of a CD5220`);
  }
}
