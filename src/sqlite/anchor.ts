import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JournalHead } from '#journal/chain.ts';
import { writeFileAtomic } from '#node/files.ts';

const anchor = z.strictObject({
  inc: z.int().positive(),
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The journal's head at a moment, kept outside the database. */
export type Anchor = z.infer<typeof anchor>;

/**
 * Writes the anchor durably and atomically.
 *
 * SQLite does not notice when the tail of its log is lost: a shorter journal looks whole. Only
 * something outside the file can say that there was more.
 */
export function writeAnchor(path: string, inc: number, head: JournalHead): void {
  writeFileAtomic(path, JSON.stringify({ inc, seq: head.seq, hash: head.hash } satisfies Anchor));
}

/** The anchor; null where there is none yet or it cannot be read: then it proves nothing. */
export function readAnchor(path: string): Anchor | null {
  try {
    const parsed = anchor.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
