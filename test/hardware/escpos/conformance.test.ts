import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EscposPrinter } from '#hardware/escpos/escpos-types.ts';
import { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { captured, hex } from './captured.ts';

const table = readFileSync(
  new URL('../../../hardware/escpos/CONFORMANCE.md', import.meta.url),
  'utf8',
);
const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(
  ([, method = '', status = '']) => ({ method, status }),
);
const escposPrototype: object = Object.getPrototypeOf(TillPrinter.prototype);
const methodsOf = (prototype: object): string[] =>
  Object.getOwnPropertyNames(prototype).filter((each) => each !== 'constructor');
const withStatus = (status: string): string[] =>
  rows.filter((each) => each.status === status).map((each) => each.method);

/** Byte tests of what is kept as it is: each call and all it sends. */
const INHERITED: Readonly<
  Record<string, readonly [(printer: TillPrinter) => EscposPrinter, string][]>
> = {
  align: [
    [(printer) => printer.align('lt'), '1B 61 00'],
    [(printer) => printer.align('ct'), '1B 61 01'],
    [(printer) => printer.align('rt'), '1B 61 02'],
  ],
  color: [
    [(printer) => printer.color(0), '1B 72 00'],
    [(printer) => printer.color(1), '1B 72 01'],
  ],
  drawLine: [
    [(printer) => printer.drawLine(), `${'2D '.repeat(48)}0A`],
    [(printer) => printer.font('b').drawLine(), `1B 4D 01 ${'2D '.repeat(64)}0A`],
  ],
  feed: [
    [(printer) => printer.feed(), '0A'],
    [(printer) => printer.feed(3), '0A 0A 0A'],
  ],
  lineSpace: [
    [(printer) => printer.lineSpace(24), '1B 33 18'],
    [(printer) => printer.lineSpace(200), '1B 33 C8'],
    [(printer) => printer.lineSpace(), '1B 32'],
  ],
  newLine: [[(printer) => printer.newLine(), '0A']],
  println: [[(printer) => printer.println('Şeker'), '9E 65 6B 65 72 0A']],
  raw: [
    [(printer) => printer.raw(Buffer.from([0x80, 0xff])), '80 FF'],
    [(printer) => printer.raw('1b:70 00'), '1B 70 00'],
  ],
  size: [
    [(printer) => printer.size(0, 0), '1D 21 00'],
    [(printer) => printer.size(0, 1), '1D 21 01'],
    [(printer) => printer.size(7, 7), '1D 21 77'],
  ],
  spacing: [
    [(printer) => printer.spacing(4), '1B 20 04'],
    [(printer) => printer.spacing(), '1B 20 00'],
  ],
};

describe('CONFORMANCE.md', () => {
  it('lists every public method, once', () => {
    const methods = new Set([...methodsOf(escposPrototype), ...methodsOf(TillPrinter.prototype)]);
    expect(rows.map((each) => each.method).toSorted()).toEqual([...methods].toSorted());
  });

  it('says inherited only of what TillPrinter leaves alone', () => {
    const own = new Set(methodsOf(TillPrinter.prototype));
    expect(withStatus('inherited').filter((each) => own.has(each))).toEqual([]);
  });

  it('says replaced only of what escpos has and TillPrinter has too', () => {
    const own = new Set(methodsOf(TillPrinter.prototype));
    const theirs = new Set(methodsOf(escposPrototype));
    expect(withStatus('replaced').filter((each) => !own.has(each) || !theirs.has(each))).toEqual(
      [],
    );
    expect(withStatus('added').filter((each) => !own.has(each) || theirs.has(each))).toEqual([]);
  });

  it('has byte tests for every inherited method', () => {
    expect(Object.keys(INHERITED).toSorted()).toEqual(withStatus('inherited').toSorted());
  });

  it.each(Object.entries(INHERITED))('%s sends the right bytes', (_, tests) => {
    for (const [use, bytes] of tests) {
      expect(hex(captured(use)).replaceAll(' 1B 74 0D', '')).toBe(bytes);
    }
  });
});
