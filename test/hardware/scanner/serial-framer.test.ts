import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSerialFramer } from '#hardware/scanner/serial-framer.ts';
import type { SerialFrame } from '#hardware/scanner/serial-framer.ts';

const code = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => bytes.map((byte) => byte | 0x20));
const terminator = fc.constantFrom([13], [10], [13, 10], [9], [13, 13, 10]);

describe('the serial framer', () => {
  it('finds the same codes however the bytes are cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(code, terminator), { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
        (codes, sizes) => {
          const bytes = Uint8Array.from(codes.flatMap(([data, end]) => [...data, ...end]));
          const framer = createSerialFramer();
          const frames: SerialFrame[] = [];
          for (let start = 0; start < bytes.length;) {
            const size = sizes.next().value ?? 1;
            frames.push(...framer.push(bytes.subarray(start, start + size)));
            start += size;
          }
          expect(frames).toEqual(codes.map(([data]) => data));
          expect(framer.flush()).toBe(null);
        },
      ),
    );
  });

  it('ends a code without a terminator when it is told that nothing came', () => {
    const framer = createSerialFramer();
    expect(framer.push(Buffer.from('869'))).toEqual([]);
    expect(framer.isOpen()).toBe(true);
    expect(framer.flush()).toEqual({ frame: new Uint8Array(Buffer.from('869')) });
    expect(framer.isOpen()).toBe(false);
  });

  it('holds no more than one code’s length of a flood and says that it was too long', () => {
    const framer = createSerialFramer();
    const flood = new Uint8Array(100_000).fill(65);
    expect(framer.push(flood)).toEqual([]);
    expect(framer.push(flood)).toEqual([]);
    expect(framer.push(Buffer.from('\rOK\r'))).toEqual([null, new Uint8Array(Buffer.from('OK'))]);
    framer.push(new Uint8Array(4_096).fill(65));
    expect(framer.push(Buffer.from('\n'))[0]).toHaveLength(4_096);
  });

  it('forgets half a code when the line is cut', () => {
    const framer = createSerialFramer();
    framer.push(Buffer.from('86905'));
    framer.reset();
    expect(framer.push(Buffer.from('04\r'))).toEqual([new Uint8Array(Buffer.from('04'))]);
  });
});
