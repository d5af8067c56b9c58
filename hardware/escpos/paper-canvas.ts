import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as CanvasModule from '@napi-rs/canvas';

/** Font families registered from npm packages, so that no font of the machine is needed or used. */
export const PAPER_FONTS = {
  /** Inconsolata (OFL), as bwip-js ships it: twice as high as wide, like a printer's font A. */
  mono: 'Regulars Mono',
  /** Noto Sans Arabic and Inter (both OFL), in the order letters are looked for. */
  text: 'Regulars Arabic, Regulars Latin, Regulars Latin Ext, Regulars Greek, Regulars Cyrillic',
} as const;

/** What drawing needs of the canvas package. */
export type PaperCanvas = Pick<typeof CanvasModule, 'createCanvas'>;

const FONT_FILES: readonly (readonly [family: string, packageFile: string])[] = [
  [
    'Regulars Arabic',
    '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2',
  ],
  [
    'Regulars Arabic',
    '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff2',
  ],
  ['Regulars Latin', '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'],
  ['Regulars Latin Ext', '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2'],
  ['Regulars Greek', '@fontsource-variable/inter/files/inter-greek-wght-normal.woff2'],
  ['Regulars Cyrillic', '@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2'],
];
const MONO_FILE = '../fonts/Inconsolata.otf';

let loading: Promise<PaperCanvas | null> | null = null;

/**
 * The canvas with our fonts; null where its native part does not run.
 *
 * Loaded at first need only: most receipts are text, and a machine that cannot load it still prints
 * those. Loaded once a process, because fonts register with the process.
 */
export function loadPaperCanvas(): Promise<PaperCanvas | null> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PaperCanvas | null> {
  try {
    const canvas = await import('@napi-rs/canvas');
    const require = createRequire(import.meta.url);
    const mono = join(dirname(require.resolve('bwip-js/node')), MONO_FILE);
    // Read here, not by the native part: inside a packaged application only Node finds the files.
    const register = async (path: string, family: string): Promise<void> => {
      if (canvas.GlobalFonts.register(await readFile(path), family) === null) {
        throw new Error(`${path} is no font`);
      }
    };
    for (const [family, file] of FONT_FILES) await register(require.resolve(file), family);
    await register(mono, PAPER_FONTS.mono);
    return canvas;
  } catch {
    return null;
  }
}
