import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODY_ENCODING, decodeBody, encodeBody } from '#node/compress.ts';

const MiB = 1024 * 1024;

describe('a body that travels compressed', () => {
  it('is the same bytes when it arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        const encoded = encodeBody(new Uint8Array(bytes));
        const decoded = decodeBody(encoded.bytes, encoded.encoding ?? undefined, MiB);
        expect(Buffer.from(decoded as Uint8Array).equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('stays as it is while it is short', () => {
    const short = new TextEncoder().encode('{"cursor":null}');
    expect(encodeBody(short)).toEqual({ bytes: short, encoding: null });
  });

  it('stops growing at the limit: a bomb costs no memory', () => {
    const bomb = zstdCompressSync(Buffer.alloc(64 * MiB));
    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(decodeBody(bomb, BODY_ENCODING, 4 * MiB)).toBe('too-large');
  });

  it('says what is not such a body', () => {
    expect(decodeBody(Buffer.from('{"plain":true}'), BODY_ENCODING, MiB)).toBe('broken');
    const whole = zstdCompressSync(Buffer.alloc(10_000, 'abc'));
    expect(decodeBody(whole.subarray(0, whole.length - 4), BODY_ENCODING, MiB)).toBe('broken');
    expect(decodeBody(Buffer.from('x'), 'gzip', MiB)).toBe('unknown');
  });
});
