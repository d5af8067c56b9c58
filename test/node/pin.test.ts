import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashPin, newPepper, pepperHash, sameHash } from '#node/pin.ts';

const hex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

describe('PINs', () => {
  it('are hashed with a salt of their own, so that two who chose the same one do not look alike', async () => {
    const [one, other] = await Promise.all([hashPin('4711'), hashPin('4711')]);
    expect(one.salt).not.toBe(other.salt);
    expect(one.hash).not.toBe(other.hash);
    expect(await hashPin('4711', one.salt)).toEqual(one);
    expect((await hashPin('4712', one.salt)).hash).not.toBe(one.hash);
  });

  it('cost 32 MiB a try: RFC 7914’s parameters, not Node’s weaker ones', async () => {
    // scrypt(PIN, salt, N = 2^15, r = 8, p = 1), computed apart from this code.
    const { hash } = await hashPin('2580', 'a1'.repeat(16));
    expect(hash).toBe('0fc7398cfec36f191d276ba0c0dd12c7327209e03dfd6ff9e8db3a8124e7f1e9');
  });

  it('are kept under the device’s pepper, without which the hash fits nothing', () => {
    fc.assert(
      fc.property(hex, hex, hex, (hash, pepper, other) => {
        const kept = pepperHash(hash, pepper);
        expect(kept).toBe(pepperHash(hash, pepper));
        expect(kept).not.toContain(hash);
        expect(kept === pepperHash(hash, other)).toBe(pepper === other);
      }),
    );
    expect(newPepper()).toMatch(/^[0-9a-f]{64}$/);
    expect(newPepper()).not.toBe(newPepper());
  });

  it('are compared whole: nothing but the same hash is the same', () => {
    fc.assert(
      fc.property(hex, hex, (one, other) => {
        expect(sameHash(one, one)).toBe(true);
        expect(sameHash(one, other)).toBe(one === other);
        expect(sameHash(one, one.slice(2))).toBe(false);
      }),
    );
    expect(sameHash('', '')).toBe(false);
    expect(sameHash('zz', 'zz')).toBe(false);
  });
});
