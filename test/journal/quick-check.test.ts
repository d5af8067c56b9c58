import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { journalEntry } from '#journal/entry.ts';
import { quickCheck } from '#journal/quick-check.ts';
import { body, createTestTill, txOf } from './support/test-till.ts';

const isEntry = quickCheck(journalEntry);

/** One entry of every kind a test till writes, as parsed JSON. */
const samples: readonly unknown[] = (() => {
  const till = createTestTill();
  till.append(
    txOf(1),
    { kind: 'shift-open', floatMinor: 100, counted: true },
    body.enrol('anna'),
    body.sale(1, 'anna'),
    { ...body.earn('anna', txOf(1), 5), qualifyingPoints: 3 },
    body.accept('grant-1', 'anna', 5),
    body.redeem('anna', txOf(1), 5, 'grant-1'),
    body.close('grant-1'),
    body.return(2, txOf(1), null, 100),
    body.reverse('anna', txOf(2), { source: txOf(1), type: 'earn' }, -5),
    body.claim(3, txOf(1), 'anna'),
    {
      kind: 'shift-close',
      ...{ number: 1, sales: 1, salesWithMember: 1, totalMinor: 100, returnsMinor: 100 },
      tenders: { cashMinor: 100, cardMinor: 0, otherMinor: 0, valueMinor: 0 },
      ...{ floatMinor: 100, cashMinor: 0, countedMinor: null, drawerOpenings: 0 },
      ...{ earned: 5, redeemed: 5, reversed: -5 },
    },
  );
  return till.entries.map(({ text }) => JSON.parse(text) as unknown);
})();

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const parts = Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...at, key]));
  return [at, ...parts];
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', 'sale', 'x'.repeat(65), -1, 0, 1.5, 2 ** 53, 1e13, '2026-02-30', null),
);

const change = fc.record({
  sample: fc.nat(),
  place: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'add'),
  key: fc.constantFrom('more', '__proto__', 'kind', 'toString'),
  value: anything,
});

test('says yes to exactly what the schema takes, and what it takes is left as it was', () => {
  expect(isEntry).not.toBeNull();
  let taken = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 2 }), fc.nat(), (changes, which) => {
      let entry = structuredClone(samples[which % samples.length]);
      for (const { place, how, key, value } of changes) {
        const paths = pathsOf(entry);
        const path = paths[place % paths.length] ?? [];
        entry = changed(entry, path, how, key, value);
      }
      const parsed = journalEntry.safeParse(entry);
      if (isEntry?.(entry) === true) {
        taken += 1;
        expect(parsed.success).toBe(true);
        expect(parsed.data).toEqual(entry);
      } else {
        // A no is only slower; but one for a whole entry would make everything slow.
        expect(parsed.success && changes.length === 0).toBe(false);
      }
    }),
    { numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test('has nothing to say of schemas that change values, or that it does not know', () => {
  expect(quickCheck(z.string().transform(Number))).toBeNull();
  expect(quickCheck(z.strictObject({ a: z.string().default('x') }))).toBeNull();
  expect(quickCheck(z.object({ a: z.string() }))).toBeNull();
  expect(quickCheck(z.string().trim())).toBeNull();
  expect(quickCheck(z.array(z.date()))).toBeNull();
});

function changed(value: unknown, path: Path, how: string, key: string, by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) {
    if (how === 'add' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return JSON.parse(
        `{${[...Object.entries(value), [key, by]]
          .map(([name, part]) => `${JSON.stringify(name)}:${JSON.stringify(part)}`)
          .join(',')}}`,
      );
    }
    return how === 'add' ? value : by;
  }
  if (Array.isArray(value)) {
    return value.flatMap((part: unknown, index) =>
      index !== Number(first)
        ? [part]
        : how === 'remove' && rest.length === 0
          ? []
          : [changed(part, rest, how, key, by)],
    );
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, part]) =>
      name !== first
        ? [[name, part]]
        : how === 'remove' && rest.length === 0
          ? []
          : [[name, changed(part, rest, how, key, by)]],
    ),
  );
}
