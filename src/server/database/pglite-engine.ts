import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** A running PGlite: bytes of the PostgreSQL protocol in, bytes of its answers out, in order. */
export interface PgliteEngine {
  ask(question: Uint8Array<ArrayBuffer>): void;
  /** Whether somebody waits for an answer: only then does it keep the process running. */
  wanted(yes: boolean): void;
  close(): Promise<void>;
}

/** What an engine tells; called from `openEngine` on. */
export interface EngineEvents {
  onAnswer(answer: Uint8Array<ArrayBuffer>): void;
  onEnd(error: Error): void;
}

/** In the sources the thread's module is TypeScript; a bundle has it beside the server's own file. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js',
  import.meta.url,
);

/**
 * Opens PGlite in a directory, or in memory where it is null; throws where the database does not open.
 *
 * It gets a thread of its own: WebAssembly runs without a pause, and in the server's thread nothing
 * else would happen meanwhile. Where no thread can be started, it runs in this one.
 */
export async function openEngine(
  directory: string | null,
  events: EngineEvents,
  thread: URL = THREAD,
): Promise<PgliteEngine> {
  const worker = new Worker(thread, { workerData: { directory } });
  let said: unknown;
  try {
    [said] = (await once(worker, 'message')) as [unknown];
  } catch {
    return openHere(directory, events);
  }
  if (said !== 'open') {
    await worker.terminate();
    const { failed } = said as { readonly failed: string };
    throw new Error(failed);
  }
  let closing = false;
  worker.on('message', (answer: unknown) => {
    if (answer instanceof Uint8Array) events.onAnswer(answer as Uint8Array<ArrayBuffer>);
  });
  worker.on('error', (error) => events.onEnd(error));
  worker.on('exit', () => {
    if (!closing) events.onEnd(new Error('The embedded database ended'));
  });
  worker.unref();
  return {
    ask: (question) => worker.postMessage(question, [question.buffer]),
    wanted(yes) {
      if (yes) worker.ref();
      else worker.unref();
    },
    async close() {
      closing = true;
      worker.ref();
      worker.postMessage('close');
      for (let message: unknown = null; message !== 'closed';) {
        [message] = (await once(worker, 'message')) as [unknown];
      }
      await worker.terminate();
    },
  };
}

async function openHere(directory: string | null, events: EngineEvents): Promise<PgliteEngine> {
  const lite = await PGlite.create(directory === null ? {} : { dataDir: directory });
  return {
    ask(question) {
      setImmediate(() => {
        try {
          events.onAnswer(new Uint8Array(lite.execProtocolRawSync(question)));
        } catch (error) {
          events.onEnd(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    wanted: () => undefined,
    close: () => lite.close(),
  };
}
