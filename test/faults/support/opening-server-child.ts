import { createLog } from '#node/log.ts';
import { DirectoryInUse, openEmbedded } from '#server/database/embedded.ts';

/**
 * Opens a server's embedded database and says what came of it: `opening-server-child.ts DIRECTORY`.
 *
 * Says `opened` or `locked`. One that opened keeps the directory until it is killed, or its parent is
 * gone.
 */
const log = createLog({ write: () => undefined, nowMs: () => Date.now() });
const opened = await openEmbedded(process.argv[2] ?? '', log).catch((error: unknown) => {
  if (error instanceof DirectoryInUse) return null;
  throw error;
});
process.on('disconnect', () => {
  void opened?.close().finally(() => process.exit(0));
});
process.send?.(opened === null ? 'locked' : 'opened');
if (opened === null) process.disconnect();
