import type { Random } from './random.ts';

/** How many streams each parser gets: 20,000 in `npm test`, a million in the deep run. */
export const FUZZ_STREAMS = Number(process.env['REGULARS_FUZZ_STREAMS'] ?? 20_000);
/** Another seed plays other streams; a failure names the one it came from. */
export const FUZZ_SEED = Number(process.env['REGULARS_FUZZ_SEED'] ?? 20_261_122);
/** A million streams of the slowest parser. */
export const FUZZ_TIMEOUT_MS = 3_600_000;

const MUTATIONS_MAX = 4;
const PIECE_MAX = 24;

/**
 * Breaks a stream the way lines and devices do: bits flip, pieces are lost, doubled, swapped or cut
 * off, noise gets in between. One stream in five stays as the grammar made it.
 */
export function mutated(stream: readonly number[], random: Random): number[] {
  let bytes = [...stream];
  if (random.next() < 0.2) return bytes;
  const mutations = random.integer(1, MUTATIONS_MAX);
  for (let turn = 0; turn < mutations; turn += 1) bytes = mutatedOnce(bytes, random);
  return bytes;
}

function mutatedOnce(bytes: number[], random: Random): number[] {
  const at = random.integer(0, bytes.length);
  const length = random.integer(1, PIECE_MAX);
  const [before, piece, after] = [
    bytes.slice(0, at),
    bytes.slice(at, at + length),
    bytes.slice(at + length),
  ];
  switch (random.integer(0, 6)) {
    case 0: {
      const first = piece[0] ?? 0;
      return [...before, first ^ (1 << random.integer(0, 7)), ...piece.slice(1), ...after];
    }
    case 1:
      return [...before, ...after];
    case 2:
      return [...before, ...piece, ...piece, ...after];
    case 3:
      return [...before, ...noise(random), ...piece, ...after];
    case 4:
      return [...after, ...before, ...piece];
    case 5:
      return [...before, ...piece];
    default:
      return [...before, random.pick([0, 0x1d, 0x7f, 0xff]), ...piece.slice(1), ...after];
  }
}

function noise(random: Random): number[] {
  return Array.from({ length: random.integer(1, PIECE_MAX) }, () => random.integer(0, 255));
}

/** The bytes of a text of one-byte characters. */
export function bytesOfText(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0) & 0xff);
}

/** The text of such bytes. */
export function textOfByteList(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes);
}

/** Cuts bytes into pieces of any length, some of them empty. */
export function inPieces(bytes: readonly number[], random: Random): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = random.integer(0, 9);
    pieces.push(Uint8Array.from(bytes.slice(at, at + length)));
    at += length;
  }
  return pieces;
}
