import { describe, expect, it } from 'vitest';
import { createWedge } from '#scan/wedge.ts';
import {
  createFieldPage,
  pressText,
  timingModels,
  typingGaps,
} from '#test/scan/support/keyboard.ts';
import { createRandom } from '#test/scan/support/random.ts';
import { lostScans, memberCard, SPEEDS_MS, wordsTaken } from '#test/scan/support/wedge-rates.ts';

/** In each of the four rhythms, at each of the 99 speeds; 2,500 make 10,000 scans at every speed. */
const SCANS = Number(process.env['REGULARS_WEDGE_SCANS'] ?? 101);
const WORDS = 10_000;
/** At 2,500 scans and more a speed; with fewer, not one may be lost. */
const LOST_SHARE_MAX = 0.001;

describe('a scanner at a keyboard', () => {
  for (const [name, model] of Object.entries(timingModels)) {
    it(`is recognised at every speed from 2 to 100 ms per key, ${name}, and leaves the field as it was`, () => {
      const lost = SPEEDS_MS.map((paceMs) => {
        const random = createRandom(paceMs * 31 + name.length);
        return { paceMs, scans: lostScans(model, paceMs, SCANS, random) };
      });
      const failed = lost.filter(({ scans }) => scans.length > SCANS * LOST_SHARE_MAX);
      expect(failed).toEqual([]);
    }, 600_000);
  }

  it('needs no Enter when the code speaks for itself', () => {
    const random = createRandom(7);
    for (const paceMs of [2, 10, 30, 60]) {
      const text = memberCard(random);
      const page = createFieldPage(createWedge());
      const endMs = pressText(
        page,
        text,
        0,
        timingModels['jittered']?.(paceMs, text.length, random) ?? [],
        null,
      );
      page.wait(endMs + 400);
      expect(page.scans).toEqual([text]);
      expect(page.field).toBe('');
    }
  });
});

describe('a person at a keyboard', () => {
  it('types 10,000 words, half of them with Enter, and none is taken for a scan or loses a letter', () => {
    expect(wordsTaken(WORDS, 20_261_121)).toEqual([]);
  });

  it('enters 10,000 amounts on the number pad, and none is taken for a scan', () => {
    const random = createRandom(42);
    const taken: string[] = [];
    for (let amount = 0; amount < WORDS; amount += 1) {
      const text = String(random.integer(1, 99_999) * random.pick([1, 1, 10, 100]));
      const page = createFieldPage(createWedge());
      const tempoMs = random.integer(100, 260);
      pressText(page, text, 0, typingGaps(text.length, random, tempoMs), tempoMs, { numpad: true });
      if (page.scans.length > 0 || page.field !== text) taken.push(text);
    }
    expect(taken).toEqual([]);
  });

  it('types card numbers with a right check digit at 110 to 250 ms per key, and none counts as scanned', () => {
    const random = createRandom(99);
    const taken: string[] = [];
    for (let card = 0; card < 2_000; card += 1) {
      const text = memberCard(random);
      const page = createFieldPage(createWedge());
      const gaps = Array.from({ length: text.length }, () => 110 + 140 * random.next());
      pressText(page, text, 0, gaps, 180);
      if (page.scans.length > 0 || page.field !== text) taken.push(text);
    }
    expect(taken).toEqual([]);
  });
});
