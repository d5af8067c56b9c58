import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf } from './captured.ts';
import { classify, FACT_CALLS, FACT_DECODERS, type Fact } from './fact-calls.ts';

const file = new URL('escpos-facts.json', import.meta.url);
const { cases: facts } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Fact[] };
const byKind = (kind: string): [string, Fact][] =>
  facts.filter((each) => each.kind === kind).map((each) => [each.id, each]);

/** What each property comes to: bytes, or that it was checked and holds. */
const PROPERTIES: Readonly<Record<string, string | boolean>> = {
  'lira-unencodable': '34 30 2C 30 30 20 54 4C',
  'd5-ambiguity': '1B 40 1B 74 0D 8D 0A',
  'reemit-after-init': true,
  'raster-no-realtime': true,
  'qr-empty': '',
  cols: true,
};

function sent(fact: Fact): unknown {
  const call = FACT_CALLS[fact.id];
  if (call === undefined) throw new Error(`no call for the fact ${fact.id}`);
  return call(fact);
}

describe('the printer sends what the facts say', () => {
  it.each(byKind('encode'))('%s, byte for byte', (_, fact) => {
    expect(sent(fact)).toBe(fact.bytes);
  });

  it.each(byKind('encode-part'))('%s, somewhere in it', (_, fact) => {
    expect(sent(fact)).toContain(fact.contains);
  });

  it.each(byKind('negative'))('%s, never', (_, fact) => {
    const bytes = String(sent(fact));
    expect(bytes).not.toBe('');
    for (const forbidden of fact.forbidden ?? []) expect(bytes).not.toContain(forbidden);
    for (const forbidden of fact.forbidden_prefix ?? [])
      expect(bytes.startsWith(forbidden)).toBe(false);
    for (const forbidden of fact.forbidden_suffix ?? [])
      expect(bytes.endsWith(forbidden)).toBe(false);
  });

  it.each(byKind('property'))('%s, as a property', (id, fact) => {
    const result = sent(fact);
    expect(result).toBe(PROPERTIES[id]);
    for (const forbidden of fact.forbidden ?? []) expect(String(result)).not.toContain(forbidden);
  });
});

describe('the printer’s answers mean what the facts say', () => {
  const decoded = byKind('decode').filter(([id]) => id !== 'demux-table');

  it.each(decoded)('%s', (_, fact) => {
    const decoder = FACT_DECODERS[fact.as ?? ''];
    if (decoder === undefined) throw new Error(`no decoder for ${fact.as}`);
    expect(decoder(fact)).toEqual(fact.expect);
  });

  it('demux-table: single bytes are told apart by their fixed bits', () => {
    const table = facts.find((each) => each.id === 'demux-table')?.expect as Record<string, string>;
    for (const [byte, kind] of Object.entries(table)) {
      expect([byte, classify(bytesOf(byte)[0] ?? 0)]).toEqual([byte, kind]);
    }
  });
});
