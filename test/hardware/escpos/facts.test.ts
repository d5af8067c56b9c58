import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fact } from './fact-calls.ts';
import { playFact } from './play-facts.ts';

const file = new URL('escpos-facts.json', import.meta.url);
const { cases: facts } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Fact[] };
const byKind = (kinds: readonly string[]): [string, Fact][] =>
  facts.filter((each) => kinds.includes(each.kind)).map((each) => [each.id, each]);

describe('the printer and the pole display are sent what the facts say', () => {
  it.each(byKind(['encode', 'encode-part']))('%s', (_, fact) => {
    expect(playFact(fact).problems).toEqual([]);
  });
});

describe('what must hold always, and what must never be sent', () => {
  it.each(byKind(['property', 'negative']))('%s', (_, fact) => {
    expect(playFact(fact).problems).toEqual([]);
  });
});

describe('what printers, scanners and card readers send means what the facts say', () => {
  it.each(byKind(['decode']))('%s', (_, fact) => {
    expect(playFact(fact).problems).toEqual([]);
  });
});

describe('the player of facts', () => {
  it('fails on every fact whose expectation is changed', () => {
    const changed = facts.map((fact): Fact => {
      if (fact.id === 'qr-empty') return { ...fact, forbidden: [''] };
      if (fact.kind === 'encode') return { ...fact, bytes: `${String(fact.bytes)} 00` };
      if (fact.kind === 'encode-part') return { ...fact, contains: '1D 28 6B 2F 02' };
      if (fact.kind === 'decode' || fact.as !== undefined)
        return { ...fact, expect: { other: true }, expect_bytes: 'FF' };
      return { ...fact, id: `${fact.id}-unheard-of` };
    });
    expect(changed.filter((fact) => playFact(fact).problems.length === 0)).toEqual([]);
  });

  it('knows all 156', () => {
    expect(new Set(facts.map((fact) => fact.id)).size).toBe(156);
  });
});
