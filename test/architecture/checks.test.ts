import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const table = readFileSync(join(root, 'docs/checks.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [^C|]*\|/.test(line));
const named = table.flatMap((line) => {
  const [, file = '', title = ''] = /\| `([\w/-]+)` ([^|;]*(?:;[^|]*)?) \|$/.exec(line) ?? [];
  return file === '' ? [] : [{ file, title: title.replace(/; the time:.*$/, '') }];
});

test('every test that the table of checks names is there', () => {
  expect(named.length).toBeGreaterThan(30);
  const missing = named.filter(({ file, title }) => {
    const text = readFileSync(join(root, 'test', `${file}.test.ts`), 'utf8');
    return !text.includes(`'${title}'`) && !text.includes(`"${title}"`);
  });
  expect(missing).toEqual([]);
});

test('the table of checks speaks of all twenty-five', () => {
  const numbers = table.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/\d+/g)].map(([number]) => Number(number)),
  );
  expect(numbers).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
});
