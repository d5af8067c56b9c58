import { bytesOfText } from '#test/scan/support/mutate.ts';
import type { Random } from '#test/scan/support/random.ts';

/** Answers of a printer on one line: real-time, automatic, in turn, blocks, flow control. */
export function statusStream(random: Random): number[] {
  return Array.from({ length: random.integer(1, 12) }, () =>
    random.pick([
      [0x12],
      [0x16],
      [0x1e],
      [0x72],
      [0x10, 0x00, 0x00, 0x0f],
      [0x14, 0x08, 0x03, 0x0f],
      [0x18, 0x00, 0x0c, 0x00],
      [0x37, 0x22, 0x41, 0x30, 0x30, 0x31, 0x00],
      [0x5f, ...bytesOfText('TM-T20III'), 0x00],
      [0x00],
      [0x0c],
      [0x11],
      [0x13],
    ]),
  ).flat();
}

const words = ['Ekmek 12,50', 'TOPLAM', '\x98\xa7\x9f', 'x'.repeat(60)];

/** A receipt's worth of commands: text, looks, feeds, pictures, symbols, cuts, questions. */
export function printStream(random: Random): number[] {
  return Array.from({ length: random.integer(1, 14) }, () => printPart(random)).flat();
}

function printPart(random: Random): number[] {
  const number = random.integer(0, 255);
  const small = random.integer(0, 8);
  if (random.next() < 0.01) return symbol(random);
  switch (random.integer(0, 12)) {
    case 0:
    case 1:
      return [...bytesOfText(random.pick(words)), 0x0a];
    case 2:
      return [0x1b, 0x40, 0x1b, 0x74, random.pick([0, 13, 19, 48, number])];
    case 3:
      return [0x1b, random.pick([0x21, 0x45, 0x47, 0x4d, 0x61, 0x2d, 0x33, 0x4a, 0x64]), number];
    case 4:
      return [0x1d, random.pick([0x21, 0x42, 0x48, 0x66, 0x68, 0x77]), small];
    case 5:
      return [0x1d, random.pick([0x4c, 0x57]), number, small >> 1];
    case 6:
      return [0x1d, 0x76, 0x30, small & 3, small, 0, 3, 0, ...filled(small * 3, random)];
    case 7:
      return [0x1b, 0x2a, 33, small, 0, ...filled(small * 3, random)];
    case 8:
      return [0x0a, 0x1d, 0x56, random.pick([0, 1, 0x41, 0x42]), small];
    case 9:
      return [0x1b, 0x70, small & 1, 25, 250];
    case 10:
      return [0x10, random.pick([0x04, 0x05, 0x14]), small];
    case 11:
      return [
        0x1d,
        0x28,
        random.pick([0x48, 0x4c, 0x44, 0x41]),
        small,
        0,
        ...filled(small, random),
      ];
    default:
      return [0x1d, random.pick([0x61, 0x72, 0x49]), small];
  }
}

/** Symbols cost the printer milliseconds to draw, so few streams hold one. */
function symbol(random: Random): number[] {
  const data = bytesOfText(random.pick(['8690504000013', '{BREG-1', '1234', 'ABC']));
  const kind = random.pick([0x30, 0x31, 0x36]);
  const stored = [0x1d, 0x28, 0x6b, data.length + 3, 0, kind, 0x50, 0x30, ...data];
  return random.next() < 0.5
    ? [0x1d, 0x6b, random.integer(65, 73), data.length, ...data]
    : [...stored, 0x1d, 0x28, 0x6b, 3, 0, kind, 0x51, 0x30];
}

function filled(length: number, random: Random): number[] {
  return Array.from({ length }, () => random.integer(0, 255));
}
