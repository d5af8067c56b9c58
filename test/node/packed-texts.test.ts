import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacked, encodePacked, packTexts, unpackTexts } from '#node/packed-texts.ts';

const MiB = 1024 * 1024;
const json = fc.jsonValue().map((value) => JSON.stringify(value));

describe('texts that are packed', () => {
  it('come out verbatim and in order, beside the JSON they travelled with', () => {
    fc.assert(
      fc.property(
        fc.array(json, { minLength: 1, maxLength: 20 }),
        fc.dictionary(json, json),
        (texts, head) => {
          expect(unpackTexts(packTexts(texts), MiB)).toEqual(texts);
          const body = decodePacked(encodePacked(head, texts), MiB);
          if (typeof body === 'string') throw new Error(body);
          expect(body.head).toBe(JSON.stringify(head));
          expect(body.texts).toEqual(texts);
          expect(unpackTexts(body.packed, MiB)).toEqual(texts);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('stop growing at the limit', () => {
    const bomb = Buffer.concat([Buffer.from('{}\n'), zstdCompressSync(Buffer.alloc(64 * MiB))]);
    expect(decodePacked(bomb, 4 * MiB)).toBe('too-large');
  });

  it('are told from what is no such body', () => {
    const whole = encodePacked({ from: 1 }, ['{"a":1}', '{"b":2}']);
    expect(decodePacked(whole.subarray(0, whole.length - 4), MiB)).toBe('broken');
    expect(decodePacked(Buffer.from('{"from":1}'), MiB)).toBe('broken');
    expect(decodePacked(Buffer.from('{"from":1}\n'), MiB)).toBe('broken');
    expect(decodePacked(Buffer.alloc(0), MiB)).toBe('broken');
  });
});
