import { describe, expect, it } from 'vitest';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import { gs1CheckDigit } from '#scan/ean.ts';
import { createWedge } from '#scan/wedge.ts';
import {
  createFieldPage,
  pressText,
  timingModels,
  typingGaps,
} from '#test/scan/support/keyboard.ts';
import { createRandom } from '#test/scan/support/random.ts';
import type { Random } from '#test/scan/support/random.ts';

const SCANS_PER_SPEED = 400;
const WORDS = 10_000;

describe('a scanner at a keyboard', () => {
  for (const [name, model] of Object.entries(timingModels)) {
    for (const paceMs of [2, 5, 10, 16, 25, 35, 45, 60, 80, 100]) {
      it(`is recognised at ${paceMs} ms per key, ${name}, and leaves the field as it was`, () => {
        const random = createRandom(paceMs * 31 + name.length);
        const lost: string[] = [];
        for (let scan = 0; scan < SCANS_PER_SPEED; scan += 1) {
          const text = anyCode(random);
          const page = createFieldPage(createWedge(), 'kept');
          const gaps = model(paceMs, text.length, random);
          pressText(page, text, 1_000, gaps, gaps.at(-1) ?? paceMs);
          if (page.scans.join() !== text || page.field !== 'kept') lost.push(text);
        }
        expect(lost).toEqual([]);
      });
    }
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
    const random = createRandom(20_261_121);
    const taken: string[] = [];
    for (let word = 0; word < WORDS; word += 1) {
      const text = anyWord(random);
      const page = createFieldPage(createWedge());
      const endMs = pressText(
        page,
        text,
        0,
        typingGaps(text.length, random),
        word % 2 === 0 ? 200 : null,
      );
      page.wait(endMs + 1_000);
      if (page.scans.length > 0 || page.field !== text) taken.push(`${text} -> ${page.field}`);
    }
    expect(taken).toEqual([]);
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

function memberCard(random: Random): string {
  const body = `29${String(random.integer(0, 9_999_999_999)).padStart(10, '0')}`;
  return body + gs1CheckDigit(body);
}

function anyCode(random: Random): string {
  const kind = random.integer(0, 3);
  if (kind === 0) return memberCard(random);
  if (kind === 1) {
    const body = `8690${String(random.integer(0, 99_999_999)).padStart(8, '0')}`;
    return body + gs1CheckDigit(body);
  }
  if (kind === 2) {
    return `R:${receiptTokenFromBytes(Uint8Array.from({ length: 5 }, () => random.integer(0, 255)))}`;
  }
  const body = String(random.integer(2_000_000, 9_999_999));
  return body + gs1CheckDigit(body);
}

function anyWord(random: Random): string {
  const letters = 'eeeeaaarriinnllttooskmdbuyzghcpvf';
  return Array.from({ length: random.integer(1, 14) }, () =>
    letters.charAt(random.integer(0, letters.length - 1)),
  ).join('');
}
