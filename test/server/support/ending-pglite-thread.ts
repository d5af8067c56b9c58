import { parentPort } from 'node:worker_threads';

/**
 * The embedded database's own thread, which ends by itself where it is asked to: at a statement with
 * the first of these words, or at the commit after one with the second.
 */
export const END_HERE = 'end the thread here';
export const END_AT_COMMIT = 'end the thread at its commit';

if (parentPort !== null) {
  let atCommit = false;
  // Heard before the database hears of it.
  parentPort.on('message', (message: unknown) => {
    if (!(message instanceof Uint8Array)) return;
    const text = Buffer.from(message).toString('latin1');
    if (text.includes(END_HERE) || (atCommit && text.includes('commit\0'))) process.exit(1);
    atCommit ||= text.includes(END_AT_COMMIT);
  });
  await import('#server/database/pglite-worker.ts');
}
