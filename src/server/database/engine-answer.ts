import type { PGlite } from '@electric-sql/pglite';

/**
 * The bytes PGlite answers to a question in the PostgreSQL protocol, in memory of their own.
 *
 * Streamed, because every other way PGlite also reads the answer for itself, row by row: a third of
 * its time where much is read.
 */
export async function engineAnswer(
  lite: PGlite,
  question: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await lite.execProtocolRawStream(question, {
    syncToFs: false,
    // A copy: the part lies in PGlite's memory, which the next one writes over.
    onRawData: (part) => void parts.push(new Uint8Array(part)),
  });
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
