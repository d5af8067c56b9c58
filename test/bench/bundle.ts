import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bench } from './figures.ts';

const LIMIT_KB = 250;

/** All JavaScript the renderer can load, gzipped; the limit is DESIGN's for the counter. */
export const bundle: Bench = {
  name: 'renderer size',
  run() {
    const folder = join(import.meta.dirname, '..', '..', 'dist', 'renderer');
    const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    const bytes = scripts.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length,
      0,
    );
    return Promise.resolve([
      {
        name: 'renderer, all JavaScript gzipped',
        value: bytes / 1000,
        unit: 'kB',
        limit: { kind: 'at-most', value: LIMIT_KB },
      },
    ]);
  },
};
