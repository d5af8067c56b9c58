import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { engineAnswer } from './engine-answer.ts';
import { engineError } from './engine-error.ts';

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
  // Wherever a database does not open, its thread says so: one that ends first could not be started.
  const ended = new Promise<Error>((resolve) => {
    worker.once('error', (error: unknown) => resolve(engineError(error)));
    worker.once('exit', () => resolve(new Error('The embedded database ended')));
  });
  const said = await Promise.race([once(worker, 'message').then(first, () => ended), ended]);
  if (said instanceof Error) return openHere(directory, events);
  if (said !== 'open') {
    await worker.terminate();
    const { failed } = said as { readonly failed: string };
    throw new Error(failed);
  }
  let closing = false;
  worker.on('message', (answer: unknown) => {
    if (answer instanceof Uint8Array) events.onAnswer(answer as Uint8Array<ArrayBuffer>);
  });
  void ended.then((error) => {
    if (!closing) events.onEnd(error);
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
      const closed = new Promise<null>((resolve) => {
        worker.on('message', (message: unknown) => {
          if (message === 'closed') resolve(null);
        });
      });
      worker.postMessage('close');
      // A thread that has ended answers nothing.
      const failed = await Promise.race([closed, ended]);
      await worker.terminate();
      if (failed !== null) throw failed;
    },
  };
}

function first([message]: readonly unknown[]): unknown {
  return message;
}

async function openHere(directory: string | null, events: EngineEvents): Promise<PgliteEngine> {
  const lite = await PGlite.create(directory === null ? {} : { dataDir: directory }).catch(
    (error: unknown) => {
      throw engineError(error);
    },
  );
  return {
    ask(question) {
      setImmediate(() => {
        engineAnswer(lite, question).then(
          (answer) => events.onAnswer(answer),
          (error: unknown) => events.onEnd(engineError(error)),
        );
      });
    },
    wanted: () => undefined,
    close: () => lite.close(),
  };
}
