/** Exit code of a program ended by Ctrl+C. */
const EXIT_INTERRUPTED = 130;
/** How long a stopped till may still be there before it says why and ends. */
const LEFTOVER_MS = 2000;

/** One wish to stop, whoever had it. */
export interface Stopping {
  readonly asked: Promise<void>;
  wasAsked(): boolean;
}

/**
 * Turns Ctrl+C and its kin into one wish to stop.
 *
 * The first asks, and everything ends in order; the second does not wait. The end of the process that
 * started this one, where it left a channel, asks too: nothing runs on that nobody can see.
 */
export function stopOnSignals(): Stopping {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let wasAsked = false;
  let interrupts = 0;
  const ask = (): void => {
    wasAsked = true;
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal === 'SIGINT') interrupts += 1;
      if (interrupts > 1) process.exit(EXIT_INTERRUPTED);
      ask();
    });
  }
  if (process.send !== undefined) {
    process.on('disconnect', ask);
    // The channel is for its end only; it keeps nothing running.
    process.channel?.unref();
    // The starter may be gone before the program was read in: its end is told once, to nobody.
    if (!process.connected) ask();
  }
  return { asked, wasAsked: () => wasAsked };
}

/**
 * Ends a process that has stopped everything it started, also where something was forgotten.
 *
 * Whoever stopped the till must not have to kill it. What held it is a bug, so it is named.
 */
export function endSoon(exitCode: number): void {
  setTimeout(() => {
    const held = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`The till has stopped, but something was left running: ${held}\n`);
    process.exit(exitCode);
  }, LEFTOVER_MS).unref();
}
