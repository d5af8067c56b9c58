import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '#renderer/till/share.ts';

/** As a frame brings it: plain records and arrays. */
const json = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(text));

describe('sharing a new state with the last one', () => {
  it('never changes what the new one says, and touches neither', () => {
    fc.assert(
      fc.property(json, json, (before, next) => {
        const [beforeText, nextText] = [JSON.stringify(before), JSON.stringify(next)];
        expect(share(before, next)).toStrictEqual(next);
        expect([JSON.stringify(before), JSON.stringify(next)]).toEqual([beforeText, nextText]);
      }),
    );
  });

  it('gives the very object back where nothing changed', () => {
    fc.assert(
      fc.property(json, (before) => {
        expect(share(before, structuredClone(before))).toBe(before);
      }),
    );
  });

  it('keeps every neighbour of the one part that changed, however deep', () => {
    const part = fc.record(
      { name: fc.string(), list: fc.array(json, { maxLength: 4 }) },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.nat(), (parts, at) => {
        const before = { inner: { parts, about: { one: 1 } }, other: [{ two: 2 }] };
        const next = structuredClone(before);
        const changed = at % parts.length;
        Object.assign(next.inner.parts[changed] ?? {}, { name: `${parts[changed]?.name}!` });
        const shared = share(before, next);
        expect(shared).toStrictEqual(next);
        expect(shared).not.toBe(before);
        expect(shared.other).toBe(before.other);
        expect(shared.inner.about).toBe(before.inner.about);
        for (const [index, each] of shared.inner.parts.entries()) {
          expect(each === parts[index]).toBe(index !== changed);
          expect(each.list).toBe(parts[index]?.list);
        }
      }),
    );
  });

  it('keeps the rows that stay when a list grows or its last row goes', () => {
    const row = (id: number): { readonly id: number; readonly tags: readonly string[] } => ({
      id,
      tags: [`row ${id}`],
    });
    const before = [row(1), row(2)];
    expect(share(before, [row(1), row(2), row(3)]).slice(0, 2)).toEqual(before);
    expect(share(before, [row(1), row(2), row(3)])[1]).toBe(before[1]);
    expect(share(before, [row(1)])).toStrictEqual([row(1)]);
    expect(share(before, [row(1)])[0]).toBe(before[0]);
  });

  it('sees a property that went, one that came and one that changed its kind', () => {
    const before: unknown = { member: { name: 'Ayşe' }, lines: [] };
    for (const next of [
      { lines: [] },
      { member: { name: 'Ayşe' }, lines: [], undo: null },
      { member: null, lines: [] },
      { member: ['Ayşe'], lines: {} },
      null,
    ]) {
      expect(share(before, next)).toStrictEqual(next);
    }
  });
});
