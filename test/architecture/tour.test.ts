import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the tour and the README show every picture there is, and none that is not', () => {
  const shown = [
    ...read('docs/tour.md').matchAll(/\]\(pictures\/([\w-]+\.png)\)/g),
    ...read('README.md').matchAll(/\]\(docs\/pictures\/([\w-]+\.png)\)/g),
  ].map(([, name]) => name);
  expect([...new Set(shown)].toSorted()).toEqual(
    readdirSync(join(root, 'docs/pictures')).toSorted(),
  );
});
