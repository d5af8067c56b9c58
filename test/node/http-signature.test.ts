import { createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generateSigningKeys,
  readPrivateKey,
  readPublicKey,
  signHeadHash,
  verifyHeadHash,
} from '#node/ed25519.ts';
import {
  readSignature,
  signatureBase,
  signRequest,
  verifyRequest,
  type SignableRequest,
} from '#node/http-signature.ts';

const keys = generateSigningKeys();
const privateKey = readPrivateKey(keys);
const publicKey = readPublicKey(keys.publicKey);
if (publicKey === null) throw new Error('no key');

const request: SignableRequest = {
  method: 'POST',
  authority: '127.0.0.1:8080',
  target: '/v1/push?x=1',
  body: Buffer.from('{"hello":"world"}'),
};
const parameters = { keyId: 'till_1', createdS: 1_790_000_000, nonce: 'abcdefgh12345678' };

function verdict(
  changed: Partial<SignableRequest>,
  headers = signRequest(request, parameters, privateKey),
) {
  const read = readSignature({ ...headers });
  if (typeof read === 'string' || publicKey === null) return read;
  return verifyRequest({ ...request, ...changed }, read, publicKey);
}

describe('request signatures', () => {
  test('the base and signature of RFC 9421 B.2.6 come out as printed there', () => {
    const key = createPrivateKey(
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n',
    );
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@method', 'POST'],
        ['@path', '/foo'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
        ['content-length', '18'],
      ],
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    );
    expect(sign(null, Buffer.from(base), key).toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });

  test('a signed request verifies, and says who signed it when', () => {
    expect(verdict({})).toBeNull();
    expect(readSignature({ ...signRequest(request, parameters, privateKey) })).toMatchObject(
      parameters,
    );
  });

  test('any other body is a wrong digest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        fc.pre(!Buffer.from(body).equals(Buffer.from(request.body)));
        expect(verdict({ body })).toBe('wrong-digest');
      }),
    );
  });

  test('another method, host, path or query is a wrong signature', () => {
    expect(verdict({ method: 'GET' })).toBe('wrong-signature');
    expect(verdict({ authority: '127.0.0.1:8081' })).toBe('wrong-signature');
    expect(verdict({ target: '/v1/grant?x=1' })).toBe('wrong-signature');
    expect(verdict({ target: '/v1/push?x=2' })).toBe('wrong-signature');
  });

  test('another key is a wrong signature', () => {
    const stranger = readPrivateKey(generateSigningKeys());
    expect(verdict({}, signRequest(request, parameters, stranger))).toBe('wrong-signature');
  });

  test('headers of any other shape are named, never thrown at', () => {
    expect(readSignature({})).toBe('unsigned');
    const good = signRequest(request, parameters, privateKey);
    expect(
      readSignature({
        ...good,
        'signature-input': good['signature-input'].replace('"@method" ', ''),
      }),
    ).toBe('malformed-signature');
    expect(readSignature({ ...good, signature: ['a', 'b'] })).toBe('malformed-signature');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (digest, input, signature) => {
        expect(
          readSignature({ 'content-digest': digest, 'signature-input': input, signature }),
        ).toBe('malformed-signature');
      }),
    );
  });

  test('a head signature holds for its hash alone', () => {
    const signature = signHeadHash('ab'.repeat(32), privateKey);
    expect(verifyHeadHash('ab'.repeat(32), signature, publicKey)).toBe(true);
    expect(verifyHeadHash('cd'.repeat(32), signature, publicKey)).toBe(false);
    expect(verifyHeadHash('ab'.repeat(32), 'garbage', publicKey)).toBe(false);
  });

  test('what is not a key is not read as one', () => {
    expect(readPublicKey('')).toBeNull();
    expect(readPublicKey('AAAA')).toBeNull();
  });
});
