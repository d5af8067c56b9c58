import { commandLength, commandName, type CommandLength } from './command-shapes.ts';

/** One thing the printer was told, complete. */
export type Token =
  | { readonly kind: 'character'; readonly byte: number }
  | { readonly kind: 'control'; readonly byte: number }
  | { readonly kind: 'command'; readonly name: string; readonly bytes: Uint8Array }
  /** No such command: the bytes that looked like one, dropped the way printers drop them. */
  | { readonly kind: 'unknown'; readonly name: string; readonly bytes: Uint8Array }
  /** A command longer than any printer's memory; its data was passed over unread. */
  | { readonly kind: 'too-long'; readonly name: string; readonly length: number };

/** Longest command kept in memory: a picture of 80 mm by 900 mm. */
const COMMAND_BYTES_MAX = 524_288;
const LEADS = new Set([0x10, 0x1b, 0x1c, 0x1d]);

/**
 * Takes an ESC/POS stream apart, one byte at a time.
 *
 * However the stream is cut into chunks, the same tokens come out; at most one command is held, and
 * never more than `COMMAND_BYTES_MAX` of it.
 */
export class CommandParser {
  #head: number[] = [];
  #body: Uint8Array | null = null;
  #bodyFilled = 0;
  #passOver = 0;

  /** The token this byte completes; null while one is open. */
  take(byte: number): Token | null {
    if (this.#passOver > 0) {
      this.#passOver -= 1;
      return null;
    }
    if (this.#body !== null) return this.#fill(this.#body, byte);
    if (this.#head.length === 0 && !LEADS.has(byte)) return plainToken(byte);
    this.#head.push(byte);
    return this.#decide(commandLength(this.#head));
  }

  /** Whether a command has begun and not ended: data is still to come. */
  get open(): boolean {
    return this.#head.length > 0 || this.#passOver > 0;
  }

  /** Forgets an unfinished command: power off, or a cleared buffer. */
  reset(): void {
    this.#head = [];
    this.#body = null;
    this.#passOver = 0;
  }

  #decide(length: CommandLength): Token | null {
    if (length === 'more') return null;
    const bytes = Uint8Array.from(this.#head);
    const name = commandName(this.#head);
    if (length === 'unknown') {
      this.#head = [];
      return { kind: 'unknown', name, bytes };
    }
    if (bytes.length >= length) {
      this.#head = [];
      return { kind: 'command', name, bytes };
    }
    if (length > COMMAND_BYTES_MAX) {
      this.#passOver = length - bytes.length;
      this.#head = [];
      return { kind: 'too-long', name, length };
    }
    this.#body = new Uint8Array(length);
    this.#body.set(bytes);
    this.#bodyFilled = bytes.length;
    return null;
  }

  #fill(body: Uint8Array, byte: number): Token | null {
    body[this.#bodyFilled] = byte;
    this.#bodyFilled += 1;
    if (this.#bodyFilled < body.length) return null;
    const name = commandName(this.#head);
    this.#body = null;
    this.#head = [];
    return { kind: 'command', name, bytes: body };
  }
}

function plainToken(byte: number): Token {
  return byte >= 0x20 && byte !== 0x7f ? { kind: 'character', byte } : { kind: 'control', byte };
}
