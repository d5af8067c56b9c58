import { describe, expect, it } from 'vitest';
import { cardNumberOf, isTrackFragment, readMagstripe } from '#scan/magstripe.ts';

const read = (data: string) => ({ state: 'read', data }) as const;
const absent = { state: 'absent' } as const;
const error = { state: 'error' } as const;

describe('a swipe', () => {
  it.each([
    [
      '%B6035718888880528923^^4912?;6035718888880528923=4912?',
      {
        track1: read('B6035718888880528923^^4912'),
        track2: read('6035718888880528923=4912'),
        track3: absent,
      },
      '6035718888880528923',
    ],
    [
      ';1001237801001=0708?',
      { track1: absent, track2: read('1001237801001=0708'), track3: absent },
      '1001237801001',
    ],
    ['+1234567890?', { track1: absent, track2: absent, track3: read('1234567890') }, '1234567890'],
    [
      '%E?;1001237801001=0708?',
      { track1: error, track2: read('1001237801001=0708'), track3: absent },
      '1001237801001',
    ],
    ['%MEMBER77^A?', { track1: read('MEMBER77^A'), track2: absent, track3: absent }, 'MEMBER77'],
    ['%E?;E?+E?', { track1: error, track2: error, track3: error }, null],
    [';100123780', { track1: absent, track2: error, track3: absent }, null],
    ['%B60357188888805289', { track1: error, track2: absent, track3: absent }, null],
    [`;${'1'.repeat(60)}?`, { track1: absent, track2: error, track3: absent }, null],
  ])('%s is taken apart', (text, tracks, number) => {
    const swipe = readMagstripe(text);
    expect(swipe).toEqual(tracks);
    expect(swipe && cardNumberOf(swipe)).toBe(number);
  });

  it('tolerates the check character after each end sentinel', () => {
    expect(readMagstripe('%M1^X?4;123=45?9')).toEqual({
      track1: read('M1^X'),
      track2: read('123=45'),
      track3: absent,
    });
  });

  it('is not every text with a sign in front', () => {
    for (const text of [
      '+905321234567',
      '%',
      '50% off?',
      ';-)',
      '',
      '4006381333931',
      '%discount',
    ]) {
      expect([text, readMagstripe(text)]).toEqual([text, null]);
    }
  });

  it('is known by a torn piece of it', () => {
    expect(isTrackFragment('1111=30121010000000000000?')).toBe(true);
    expect(isTrackFragment('11^TEST/CARD^3012')).toBe(true);
    expect(isTrackFragment('https://shop.example/m?id=12345')).toBe(false);
  });
});
