/** One line of what the printer was told: a command with its bytes, a run of text, or a problem. */
export interface TraceLine {
  readonly kind: 'command' | 'text' | 'problem';
  readonly text: string;
}

const TRACE_LINES_MAX = 2_000;
const BYTES_SHOWN_MAX = 24;
const TEXT_LENGTH_MAX = 200;

/** What the printer was told, newest last; the oldest lines fall off. */
export class Trace {
  #lines: TraceLine[] = [];
  #problems = 0;

  get lines(): readonly TraceLine[] {
    return this.#lines;
  }

  /** Problems since power-on, also those whose lines fell off. */
  get problemCount(): number {
    return this.#problems;
  }

  character(character: string): void {
    const last = this.#lines.at(-1);
    if (last?.kind === 'text' && last.text.length < TEXT_LENGTH_MAX) {
      this.#lines[this.#lines.length - 1] = { kind: 'text', text: last.text + character };
    } else {
      this.#push({ kind: 'text', text: character });
    }
  }

  command(name: string, bytes: Iterable<number>): void {
    const shown = [...bytes].slice(0, BYTES_SHOWN_MAX + 1);
    const more = shown.length > BYTES_SHOWN_MAX ? ' …' : '';
    const hex = Buffer.from(shown.slice(0, BYTES_SHOWN_MAX))
      .toString('hex')
      .replace(/..(?!$)/g, '$& ');
    this.#push({ kind: 'command', text: hex === '' ? name : `${name}: ${hex}${more}` });
  }

  problem(message: string): void {
    this.#problems += 1;
    this.#push({ kind: 'problem', text: message });
  }

  #push(line: TraceLine): void {
    this.#lines.push(line);
    if (this.#lines.length > TRACE_LINES_MAX) this.#lines = this.#lines.slice(-TRACE_LINES_MAX / 2);
  }
}
