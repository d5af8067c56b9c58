import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bench } from './figures.ts';

const LIMIT_KB = 250;
const folder = join(import.meta.dirname, '..', '..', 'dist', 'renderer');

/** JavaScript of the built pages, gzipped; the limit is for what the cashier's screen loads. */
export const bundle: Bench = {
  name: 'renderer size',
  run() {
    const scripts = readdirSync(join(folder, 'assets')).filter((file) => file.endsWith('.js'));
    // The page names every script it needs at once, and one language comes with it.
    const languages = scripts.filter((file) => /^(tr|de|ar)-/.test(file)).map(kilobytes);
    const cashier = sum(namedBy('index.html').map(kilobytes)) + Math.max(...languages);
    return Promise.resolve([
      {
        name: 'the cashier’s screen with its longest language',
        value: cashier,
        unit: 'kB',
        limit: { kind: 'at-most' as const, value: LIMIT_KB },
      },
      stated(
        'the shopper’s display, without a language',
        sum(namedBy('display.html').map(kilobytes)),
      ),
      stated('every page, every language', sum(scripts.map(kilobytes))),
    ]);
  },
};

function namedBy(page: string): readonly string[] {
  const html = readFileSync(join(folder, page), 'utf8');
  return [...html.matchAll(/"\.\/assets\/([^"]+\.js)"/g)].map(([, file]) => file ?? '');
}

function kilobytes(file: string): number {
  return gzipSync(readFileSync(join(folder, 'assets', file))).length / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function stated(name: string, value: number) {
  return { name, value, unit: 'kB', limit: null };
}
