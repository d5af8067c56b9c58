import { receiptTokenFromBytes } from '#loyalty/card.ts';
import { gs1CheckDigit } from '#scan/ean.ts';
import { createWedge } from '#scan/wedge.ts';
import {
  createFieldPage,
  pressText,
  type TimingModel,
  type TypingPage,
  typingGaps,
} from './keyboard.ts';
import { createRandom, type Random } from './random.ts';

/** Slowest and fastest scanner of the promise, in ms per key. */
export const SPEEDS_MS: readonly number[] = Array.from({ length: 99 }, (_, index) => index + 2);

/**
 * Scans `count` codes at one speed, each into a field that holds a text, and answers those that were
 * not recognised whole or changed the field.
 */
export function lostScans(
  model: TimingModel,
  paceMs: number,
  count: number,
  random: Random,
  makePage: (initial: string) => TypingPage = ourPage,
): readonly string[] {
  const lost: string[] = [];
  for (let scan = 0; scan < count; scan += 1) {
    const text = anyCode(random);
    const page = makePage('kept');
    const gaps = model(paceMs, text.length, random);
    pressText(page, text, 1_000, gaps, gaps.at(-1) ?? paceMs);
    if (page.scans.join() !== text || page.field !== 'kept') lost.push(text);
  }
  return lost;
}

function ourPage(initial: string): TypingPage {
  return createFieldPage(createWedge(), initial);
}

/** Types `count` words, half of them with Enter, and answers those taken for a scan or maimed. */
export function wordsTaken(
  count: number,
  seed: number,
  makePage: (initial: string) => TypingPage = ourPage,
  keeps: (page: TypingPage, text: string) => boolean = (page, text) => page.field === text,
): readonly string[] {
  const random = createRandom(seed);
  const taken: string[] = [];
  for (let word = 0; word < count; word += 1) {
    const text = anyWord(random);
    const page = makePage('');
    const gaps = typingGaps(text.length, random);
    const endMs = pressText(page, text, 0, gaps, word % 2 === 0 ? 200 : null);
    page.wait(endMs + 1_000);
    if (page.scans.length > 0 || !keeps(page, text)) taken.push(`${text} -> ${page.field}`);
  }
  return taken;
}

/** A member card number of ours. */
export function memberCard(random: Random): string {
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
