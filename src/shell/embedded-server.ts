import { z } from 'zod';
import { staffRole } from '#journal/entry.ts';
import type { Log } from '#till/ports.ts';
import type { Child, SpawnChild } from './child.ts';
import { keepRunning, type RestartPolicy } from './supervise.ts';

/** What the server process says when it listens, or why it does not. */
const serverMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    url: z.url(),
    /** Port of its door on the shop's network; null without one. */
    lanPort: z.int().positive().nullable().default(null),
    /** Enrols one till, once. */
    pairingCode: z.string().max(32).nullable(),
    /** True while it has no shop: the code sets one up first. */
    needsSetUp: z.boolean().default(false),
    sampleCards: z
      .array(z.object({ number: z.string().max(32), name: z.string().max(64) }))
      .max(50)
      .default([]),
    sampleStaff: z
      .array(
        z.object({
          name: z.string().max(64),
          role: staffRole,
          pin: z.string().max(32).nullable(),
        }),
      )
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
  /** Where other tills of the shop reach it; null: nowhere. */
  readonly lan?: { readonly host: string; readonly port: number } | null;
  readonly log: Log;
  readonly monoMs: () => number;
  readonly restart?: RestartPolicy;
  readonly pulse?: ServerPulse;
}

/** When a server that listens is held for dead: asked how it is, it gives no good answer, several times. */
export interface ServerPulse {
  readonly everyMs: number;
  readonly answerWithinMs: number;
  readonly missedMax: number;
}

/** Slow on purpose: a server that works hard for a while must not be taken for one that hangs. */
const PULSE: ServerPulse = { everyMs: 10_000, answerWithinMs: 15_000, missedMax: 3 };

export interface EmbeddedServer {
  /** Where it listens; null while it starts or is down. */
  url(): URL | null;
  /** What it said when it last started; its pairing code is the one that is good now. */
  latest(): ServerReady | null;
  /** Resolves with the first thing it says; `failed` when it ends without a word. */
  readonly first: Promise<ServerReady | ServerFailed>;
  stop(): Promise<void>;
}

/**
 * Runs the central server of a single shop in a process of its own, on a port of its own choice.
 *
 * One that ends is started again, and so is one that lives and does not answer: what it acknowledged
 * is in its log, so ending it loses nothing.
 */
export function startEmbeddedServer(options: EmbeddedServerOptions): EmbeddedServer {
  let url: URL | null = null;
  let latest: ServerReady | null = null;
  let failed = false;
  let stopFeeling: (() => void) | null = null;
  const { promise: first, resolve } = Promise.withResolvers<ServerReady | ServerFailed>();

  const supervised = keepRunning({
    name: 'server',
    start: () =>
      options.spawn(
        options.modulePath,
        [
          ...['--data', options.dataFolder, '--host', '127.0.0.1', '--port', '0'],
          ...(options.demo ? ['--demo'] : []),
          ...lanArguments(options.lan ?? null),
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
          stopFeeling?.();
          stopFeeling = feelPulse(url, child, options);
        } else {
          // It said why it cannot run; starting it again would not change that. Only a directory is
          // let go of: by the server of a till that was killed a moment ago.
          failed = read.data.code !== 'held';
        }
        resolve(read.data);
      });
    },
    onEnd(code) {
      stopFeeling?.();
      url = null;
      resolve({ kind: 'failed', code: 'other', detail: `the server process ended with ${code}` });
    },
    mayRestart: () => !failed,
    log: options.log,
    monoMs: options.monoMs,
    restart: options.restart,
  });

  return {
    url: () => url,
    latest: () => latest,
    first,
    stop() {
      stopFeeling?.();
      return supervised.stop();
    },
  };
}

function lanArguments(lan: EmbeddedServerOptions['lan']): string[] {
  if (lan === null || lan === undefined) return [];
  return ['--lan', '--lan-host', lan.host, '--lan-port', String(lan.port)];
}

/** Asks a server how it is, again and again, and kills it when it owes several answers; returns the end of that. */
function feelPulse(
  url: URL,
  child: Child,
  { log, pulse = PULSE }: EmbeddedServerOptions,
): () => void {
  const health = new URL('/healthz', url);
  let missed = 0;
  let asking = false;
  const feel = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    missed = (await isWell(health, pulse.answerWithinMs)) ? 0 : missed + 1;
    asking = false;
    if (missed < pulse.missedMax) return;
    clearInterval(timer);
    log.error('server-hangs', { missed });
    child.kill();
  };
  const timer = setInterval(() => void feel(), pulse.everyMs);
  return () => clearInterval(timer);
}

async function isWell(health: URL, withinMs: number): Promise<boolean> {
  try {
    const answer = await fetch(health, { signal: AbortSignal.timeout(withinMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
