import { z } from 'zod';
import type { Log } from '#till/ports.ts';

/** Longest line kept; what is longer is cut, because nothing worth a log is that long. */
const LINE_LENGTH_MAX = 4000;

/** A line that a child's own log wrote. Its time is ours to a few milliseconds, so it is left out. */
const logLine = z
  .looseObject({ event: z.string(), level: z.enum(['info', 'warn', 'error']) })
  .transform(({ event, level, at: _at, role: _role, ...rest }) => ({ event, level, rest }));
const field = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * Takes what a child wrote, in pieces, into the till's one log.
 *
 * A log line keeps its event and fields and gets the child's name; anything else, such as a crash's
 * last words, is kept as text.
 */
export function childLog(name: string, log: Log): (piece: string) => void {
  let unfinished = '';
  return (piece) => {
    const lines = (unfinished + piece).split('\n');
    unfinished = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
    for (const line of lines)
      if (line.trim() !== '') logOne(line.slice(0, LINE_LENGTH_MAX), name, log);
  };
}

function logOne(line: string, name: string, log: Log): void {
  const read = logLine.safeParse(parseJson(line));
  if (!read.success) {
    log.info('process-output', { process: name, text: line });
    return;
  }
  const { event, level, rest } = read.data;
  const fields = Object.entries(rest).flatMap(([key, value]) => {
    const kept = field.safeParse(value);
    return kept.success ? [[key, kept.data] as const] : [];
  });
  log[level](event, { ...Object.fromEntries(fields), process: name });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
