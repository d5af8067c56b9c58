import { Duplex } from 'node:stream';
import { openEngine, type PgliteEngine } from './pglite-engine.ts';

/** The connection to an embedded PGlite, as the PostgreSQL driver sees a socket. */
export class PgliteWire extends Duplex {
  #engine: PgliteEngine | null = null;
  #waiting = 0;

  /** Opens the database. Throws where it does not open. */
  static async open(directory: string | null, thread?: URL): Promise<PgliteWire> {
    const wire = new PgliteWire();
    wire.#engine = await openEngine(
      directory,
      {
        onAnswer: (answer) =>
          void wire.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength)),
        onEnd: (error) => void wire.destroy(error),
      },
      thread,
    );
    return wire;
  }

  /** Somebody waits for an answer from now on (1), or no longer (−1). */
  waits(change: 1 | -1): void {
    this.#waiting += change;
    this.#engine?.wanted(this.#waiting > 0);
  }

  /** Closes the database; nobody may wait for an answer any more. Throws where it had ended before. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    try {
      await engine?.close();
    } finally {
      this.destroy();
    }
  }

  /** What the driver does with a socket; there is nothing to connect to. */
  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#engine?.ask(new Uint8Array(chunk));
    done();
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.#engine?.ask(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))));
    done();
  }
}
