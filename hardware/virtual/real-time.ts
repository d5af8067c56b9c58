/** What a printer obeys the moment it arrives, ahead of everything buffered. */
export type RealTimeRequest =
  | { readonly kind: 'status'; readonly which: number }
  | { readonly kind: 'recover'; readonly clearBuffers: boolean }
  | { readonly kind: 'drawer'; readonly pin: 2 | 5; readonly onMs: number }
  | { readonly kind: 'clear-buffers' };

const CLEAR_SEQUENCE = [1, 3, 0x14, 1, 6, 2, 8];

/**
 * Finds DLE EOT, DLE ENQ and DLE DC4 in the bytes as they come in.
 *
 * As in the real machine this front knows no commands: it finds them inside image data too, which is
 * why our images are scrubbed. Remembers nine bytes at most.
 */
export class RealTimeFront {
  #seen: number[] = [];

  /** The request this byte completes, if any. */
  take(byte: number): RealTimeRequest | null {
    this.#seen.push(byte);
    while (this.#seen.length > 0 && !couldBeCommand(this.#seen)) this.#seen.shift();
    const request = requestOf(this.#seen);
    if (request !== null) this.#seen = [];
    return request;
  }
}

function couldBeCommand(seen: readonly number[]): boolean {
  const [lead, kind, number, ...rest] = seen;
  if (lead !== 0x10) return false;
  if (kind === undefined) return true;
  if (kind === 0x04) return number === undefined || (number >= 1 && number <= 4);
  if (kind === 0x05) return number === undefined || number <= 2;
  if (kind !== 0x14) return false;
  if (number === undefined) return true;
  if (number === 1) return rest[0] === undefined || rest[0] <= 1;
  return number === 8 && rest.every((each, index) => each === CLEAR_SEQUENCE[index]);
}

function requestOf(seen: readonly number[]): RealTimeRequest | null {
  const [, kind, number, first, second] = seen;
  if (number === undefined) return null;
  if (kind === 0x04) return { kind: 'status', which: number };
  if (kind === 0x05) return { kind: 'recover', clearBuffers: number === 2 };
  if (number === 8)
    return seen.length === 3 + CLEAR_SEQUENCE.length ? { kind: 'clear-buffers' } : null;
  if (first === undefined || second === undefined) return null;
  return { kind: 'drawer', pin: first === 0 ? 2 : 5, onMs: second * 100 };
}
