import { describe, expect, it } from 'vitest';
import { readAimIdentifier } from '#scan/aim.ts';

describe('an AIM identifier', () => {
  it.each([
    [']E0', 'ean'],
    [']E4', 'ean'],
    [']C0', 'code128'],
    [']C1', 'gs1-128'],
    [']A0', 'code39'],
    [']G0', 'code93'],
    [']F0', 'codabar'],
    [']I1', 'itf'],
    [']e0', 'databar'],
    [']Q1', 'qr'],
    [']Q3', 'gs1-qr'],
    [']d1', 'datamatrix'],
    [']d2', 'gs1-datamatrix'],
    [']L2', 'pdf417'],
    [']z0', 'aztec'],
    [']X0', 'other'],
    [']y9', 'other'],
  ] as const)('%s names %s and is taken off', (identifier, symbology) => {
    expect(readAimIdentifier(`${identifier}ABC`)).toEqual({
      identifier,
      symbology,
      payload: 'ABC',
    });
  });

  it('is not required, and a bracket alone is none', () => {
    for (const text of ['4006381333931', ']', ']]Q1', ' ]Q1', ']Q']) {
      expect(readAimIdentifier(text)).toEqual({
        identifier: null,
        symbology: 'none',
        payload: text,
      });
    }
  });
});
