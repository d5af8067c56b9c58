import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairingCodeWithKey, readPairingCode, serverKeyCode } from '#contract/server-key.ts';
import { makeCertificate, publicKeyHash } from '#node/self-made-certificate.ts';

describe('the key of a server on the shop’s network', () => {
  test('is in a certificate that vouches for itself, whatever the clock says', () => {
    const { certificate, privateKey } = makeCertificate('Moda');
    const read = new X509Certificate(certificate);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.subject).toBe('CN=Moda');
    expect(read.issuer).toBe(read.subject);
    expect(read.validFromDate.getUTCFullYear()).toBe(2000);
    expect(read.validToDate.getUTCFullYear()).toBe(2099);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(privateKey).toContain('PRIVATE KEY');
    const other = makeCertificate('Moda').certificate;
    expect(publicKeyHash(other)).not.toEqual(publicKeyHash(certificate));
    expect(new X509Certificate(other).serialNumber).not.toBe(read.serialNumber);
  });

  test('comes with the pairing code, and a mistyped character of it is noticed', () => {
    const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
    const character = fc.constantFrom(...alphabet);
    fc.assert(
      fc.property(
        fc.array(character, { minLength: 8, maxLength: 8 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(16),
        character,
        (letters, hash, at, wrong) => {
          const code = letters.join('');
          const key = serverKeyCode(hash);
          const shown = pairingCodeWithKey(code, key);
          expect(readPairingCode(` ${shown.toLowerCase()} `)).toEqual({ code, key });
          const mistyped = [...key].map((right, place) => (place === at ? wrong : right)).join('');
          expect(readPairingCode(pairingCodeWithKey(code, mistyped))).toEqual(
            mistyped === key ? { code, key } : null,
          );
        },
      ),
    );
    expect(readPairingCode('ABCD2345')).toEqual({ code: 'ABCD2345', key: null });
  });
});
