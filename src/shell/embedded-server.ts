import { z } from 'zod';
import type { Log } from '#till/ports.ts';
import type { SpawnChild } from './child.ts';
import { keepRunning, type RestartPolicy } from './supervise.ts';

/** What the server process says when it listens, or why it does not. */
const serverMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    url: z.url(),
    /** Enrols one till, once. */
    pairingCode: z.string().max(32).nullable(),
    /** True while it has no shop: the code sets one up first. */
    needsSetUp: z.boolean().default(false),
    sampleCards: z
      .array(z.object({ number: z.string().max(32), name: z.string().max(64) }))
      .max(50)
      .default([]),
  }),
  z.object({ kind: z.literal('failed'), code: z.string().max(64), detail: z.string().max(500) }),
]);
export type ServerReady = Extract<z.infer<typeof serverMessage>, { kind: 'ready' }>;
export type ServerFailed = Extract<z.infer<typeof serverMessage>, { kind: 'failed' }>;

export interface EmbeddedServerOptions {
  readonly spawn: SpawnChild;
  readonly modulePath: string;
  readonly dataFolder: string;
  /** Whether it gets the demo shop where it has none of its own. */
  readonly demo: boolean;
  readonly log: Log;
  readonly monoMs: () => number;
  readonly restart?: RestartPolicy;
}

export interface EmbeddedServer {
  /** Where it listens; null while it starts or is down. */
  url(): URL | null;
  /** What it said when it last started; its pairing code is the one that is good now. */
  latest(): ServerReady | null;
  /** Resolves with the first thing it says; `failed` when it ends without a word. */
  readonly first: Promise<ServerReady | ServerFailed>;
  stop(): Promise<void>;
}

/** Runs the central server of a single shop in a process of its own, on a port of its own choice. */
export function startEmbeddedServer(options: EmbeddedServerOptions): EmbeddedServer {
  let url: URL | null = null;
  let latest: ServerReady | null = null;
  let failed = false;
  const { promise: first, resolve } = Promise.withResolvers<ServerReady | ServerFailed>();

  const supervised = keepRunning({
    name: 'server',
    start: () =>
      options.spawn(
        options.modulePath,
        [
          ...['--data', options.dataFolder, '--host', '127.0.0.1', '--port', '0'],
          ...(options.demo ? ['--demo'] : []),
        ],
        'Regulars server',
      ),
    onStart(child) {
      child.onMessage((message) => {
        const read = serverMessage.safeParse(message);
        if (!read.success) return;
        if (read.data.kind === 'ready') {
          latest = read.data;
          url = new URL(read.data.url);
        }
        // It said why it cannot run; starting it again would not change that.
        else failed = true;
        resolve(read.data);
      });
    },
    onEnd(code) {
      url = null;
      resolve({ kind: 'failed', code: 'other', detail: `the server process ended with ${code}` });
    },
    mayRestart: () => !failed,
    log: options.log,
    monoMs: options.monoMs,
    restart: options.restart,
  });

  return { url: () => url, latest: () => latest, first, stop: () => supervised.stop() };
}
