import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { JournalHead } from '#journal/chain.ts';
import { syncDirectory } from '#node/files.ts';

const anchor = z.strictObject({
  inc: z.int().positive(),
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The journal's head at a moment, kept outside the database. */
export type Anchor = z.infer<typeof anchor>;

/** What the anchor's file says. */
export interface FoundAnchor {
  /** The latest head that was noted; null where there is none, or none can be read. */
  readonly anchor: Anchor | null;
  /** There is something in the file, and nothing of it can be believed. */
  readonly damaged: boolean;
}

/** Two lines of one sector each, written in turn: a torn or damaged one leaves the other. */
const LINE_BYTES = 512;
const LINES = 2;
const CHECK_LENGTH = 16;

/** A file that notes the journal's head outside the database. */
export interface AnchorFile {
  /**
   * Notes a head. Not `lasting`, it outlives this process and not a power cut: then an older head is
   * noted, which is as true. Throws what the file system throws; then the line before still stands.
   */
  write(inc: number, head: JournalHead, lasting: boolean): void;
  close(): void;
}

/**
 * Opens the anchor's file, or makes it.
 *
 * SQLite does not notice when the tail of its log is lost: a shorter journal looks whole. Only
 * something outside the file can say that there was more.
 */
export function openAnchor(path: string): AnchorFile {
  const isNew = !existsSync(path);
  const latest = newestLine(path);
  const file = openSync(path, isNew ? 'wx' : 'r+', 0o600);
  let next = latest === null ? 0 : (latest + 1) % LINES;
  let named = !isNew;
  return {
    write(inc, { seq, hash }, lasting) {
      const line = lineOf({ inc, seq, hash });
      writeSync(file, line, 0, line.length, next * LINE_BYTES);
      next = (next + 1) % LINES;
      if (!lasting) return;
      fsyncSync(file);
      if (!named) syncDirectory(dirname(path));
      named = true;
    },
    close: () => closeSync(file),
  };
}

/** Reads the anchor without changing it. */
export function readAnchor(path: string): FoundAnchor {
  const lines = linesOf(path);
  const known = lines.flatMap((line) => anchorOf(line) ?? []);
  const latest = known.toSorted((a, b) => b.inc - a.inc || b.seq - a.seq)[0] ?? null;
  const written = lines.some((line) => line.replaceAll('\0', '').trim() !== '');
  return { anchor: latest, damaged: latest === null && written };
}

function newestLine(path: string): number | null {
  const { anchor: latest } = readAnchor(path);
  if (latest === null) return null;
  return linesOf(path).findIndex((line) => anchorOf(line)?.seq === latest.seq);
}

function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'latin1');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE_BYTES) lines.push(text.slice(at, at + LINE_BYTES));
  return lines;
}

function lineOf(noted: Anchor): Buffer {
  const json = JSON.stringify(noted);
  return Buffer.from(`${json} ${checkOf(json)}`.padEnd(LINE_BYTES - 1).concat('\n'), 'latin1');
}

/** The anchor on a line; null where it is not what was written. */
function anchorOf(line: string): Anchor | null {
  const [json = '', check] = line.trim().split(' ');
  if (check !== checkOf(json)) return null;
  const parsed = anchor.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}

/** Tells a damaged line from a true one that another database does not know. */
function checkOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECK_LENGTH);
}
