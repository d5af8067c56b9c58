import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLength } from '#hardware/virtual/command-shapes.ts';
import { SVG_LENGTH_MAX, svgOf } from '#hardware/virtual/svg.ts';
import { bench } from './workshop.ts';

/** Streams that look like ESC/POS: leads, command letters, small counts, text, and the odd surprise. */
const lead = fc.constantFrom(0x1b, 0x1d, 0x1c, 0x10);
const letter = fc.constantFrom(...Buffer.from('@!aEGJMRtdDVkvhwHfBIrLW(8*&$\\p-{23c'));
const small = fc.integer({ min: 0, max: 8 });
const command = fc
  .tuple(lead, letter, fc.array(fc.oneof(small, fc.nat(255)), { maxLength: 12 }))
  .map(([first, second, rest]) => [first, second, ...rest]);
const symbol = fc
  .tuple(
    fc.constantFrom(0x30, 0x31, 0x32),
    fc.constantFrom(0x41, 0x43, 0x45, 0x50, 0x51),
    fc.uint8Array({ maxLength: 20 }),
  )
  .map(([kind, number, data]) => [0x1d, 0x28, 0x6b, data.length + 2, 0, kind, number, ...data]);
const barcode = fc
  .tuple(fc.integer({ min: 64, max: 80 }), fc.uint8Array({ maxLength: 20 }))
  .map(([type, data]) => [0x1d, 0x6b, type, data.length, ...data]);
const words = fc.string({ maxLength: 20 }).map((text) => [...Buffer.from(text, 'utf8')]);
const feedAndCut = fc.constantFrom(
  [0x0a],
  [0x0a, 0x1d, 0x56, 0x00],
  [0x0a, 0x1d, 0x56, 0x42, 0x10],
);
const stream = fc
  .array(
    fc.oneof(
      command,
      symbol,
      barcode,
      words,
      feedAndCut,
      fc.uint8Array({ maxLength: 12 }).map((each) => [...each]),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

function shown(made: ReturnType<typeof bench>): unknown {
  return {
    strips: made.strips,
    trace: made.printer.trace.lines,
    answers: made.answers(),
    drawer: made.drawer,
  };
}

describe('any stream at all', () => {
  it('never throws, never hoards, and everything it prints can be shown', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const made = bench();
        expect(made.printer.receive(bytes)).toBe(bytes.length);
        expect(made.printer.bufferedBytes).toBe(0);
        expect(made.printer.trace.lines.length).toBeLessThanOrEqual(2_000);
        made.printer.tear();
        for (const strip of made.strips)
          expect(svgOf(strip).svg.length).toBeLessThanOrEqual(SVG_LENGTH_MAX);
      }),
      { numRuns: 1_000 },
    );
  });

  it('prints the same however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (bytes, lengths) => {
          const whole = bench();
          whole.printer.receive(bytes);
          whole.printer.tear();
          const pieces = bench();
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const length = lengths[turn % lengths.length] ?? 1;
            pieces.printer.receive(bytes.subarray(at, at + length));
            at += length;
          }
          pieces.printer.tear();
          expect(shown(pieces)).toEqual(shown(whole));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('prints the same when the paper runs out anywhere in it and is put back', () => {
    fc.assert(
      fc.property(stream, fc.nat(400), (bytes, at) => {
        const whole = bench({ bufferBytes: 100_000 });
        whole.printer.receive(bytes);
        whole.printer.tear();
        const stopped = bench({ bufferBytes: 100_000 });
        stopped.printer.receive(bytes.subarray(0, at));
        stopped.printer.setMechanism({ paper: 'out' });
        stopped.printer.receive(bytes.subarray(at));
        stopped.printer.setMechanism({ paper: 'ok' });
        stopped.printer.tear();
        expect(stopped.strips).toEqual(whole.strips);
      }),
      { numRuns: 200 },
    );
  });

  it('holds no more than its buffer, whoever keeps sending', () => {
    fc.assert(
      fc.property(fc.array(stream, { maxLength: 10 }), (streams) => {
        const made = bench({ bufferBytes: 256 });
        made.printer.setMechanism({ coverOpen: true });
        for (const bytes of streams) made.printer.receive(bytes);
        expect(made.printer.bufferedBytes).toBeLessThanOrEqual(256);
      }),
      { numRuns: 100 },
    );
  });

  it('a declared length of four gigabytes is passed over, not stored', () => {
    const made = bench();
    made.printer.receive(Buffer.from('1d384cffffffff', 'hex'));
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 200; round += 1) made.printer.receive(Buffer.alloc(10_000, 0x41));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(made.problems()).toEqual([
      "GS 8 L of 4294967302 bytes is longer than the printer's memory",
    ]);
  });

  it('the length of a command is known after a bounded number of bytes (user characters apart)', () => {
    fc.assert(
      fc.property(lead, fc.uint8Array({ minLength: 600, maxLength: 600 }), (first, rest) => {
        fc.pre(rest[0] !== 0x26);
        const head: number[] = [first];
        let length = commandLength(head);
        for (let index = 0; length === 'more' && index < rest.length; index += 1) {
          head.push(rest[index] ?? 0);
          length = commandLength(head);
        }
        expect(length).not.toBe('more');
        expect(head.length).toBeLessThan(300);
      }),
      { numRuns: 2_000 },
    );
  });
});
