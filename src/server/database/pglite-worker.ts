import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { engineAnswer } from './engine-answer.ts';
import { engineError } from './engine-error.ts';

/**
 * PGlite in a thread of its own: bytes of the PostgreSQL protocol in, bytes of its answers out.
 *
 * `workerData.directory` says where the database lies; null keeps it in memory. A database that does
 * not open is said so in words; everything else that goes wrong ends the thread.
 */
const port = parentPort;
if (port === null) throw new Error('This file is a thread of the server, not a program');
const { directory } = workerData as { readonly directory: string | null };

try {
  const lite = await PGlite.create(directory === null ? {} : { dataDir: directory });
  port.on('message', (message: Uint8Array | 'close') => {
    if (message === 'close') {
      void lite.close().then(() => port.postMessage('closed'));
      return;
    }
    void engineAnswer(lite, message).then((answer) => port.postMessage(answer, [answer.buffer]));
  });
  port.postMessage('open');
} catch (error) {
  port.postMessage({ failed: engineError(error).message });
}
