import type { Log } from '#till/ports.ts';

/** A log that remembers the names of its events. */
export interface RememberingLog extends Log {
  readonly events: string[];
}

/** Makes a log for a test to look at. */
export function rememberingLog(): RememberingLog {
  const events: string[] = [];
  const note = (event: string): void => void events.push(event);
  return { events, info: note, warn: note, error: note };
}
