/** Exit code of a program ended by Ctrl+C. */
const EXIT_INTERRUPTED = 130;

/**
 * Turns Ctrl+C and its kin into one wish to stop.
 *
 * The first asks, and everything ends in order; the second does not wait. The end of the process that
 * started this one, where it left a channel, asks too: nothing runs on that nobody can see.
 */
export function stopOnSignals(): { readonly asked: Promise<void> } {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let interrupts = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal === 'SIGINT') interrupts += 1;
      if (interrupts > 1) process.exit(EXIT_INTERRUPTED);
      resolve();
    });
  }
  if (process.channel !== undefined && process.channel !== null) {
    process.on('disconnect', resolve);
    // The channel is for its end only; it keeps nothing running.
    process.channel.unref();
  }
  return { asked };
}
