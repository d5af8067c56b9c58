import { z } from 'zod';
import { MigrationError } from '#node/migrations.ts';
import { errorText } from '#node/log.ts';
import { LogDamaged } from './commands/command-log.ts';
import { LanIdentityDamaged } from './http/lan.ts';
import { DirectoryInUse, KeysMissing } from './database/embedded.ts';

/** Why the server did not start, as its parent is told. */
export interface StartFailure {
  readonly code: 'held' | 'newer-version' | 'corrupt' | 'port-taken' | 'other';
  readonly detail: string;
}

/** What lies in the data folder and is not what it must be; each says what to do. */
const KEPT_DAMAGED = [LogDamaged, KeysMissing, LanIdentityDamaged];

/** Names the reason of a failed start. */
export function failureOf(error: unknown): StartFailure {
  const detail = errorText(error);
  if (error instanceof DirectoryInUse) return { code: 'held', detail };
  if (error instanceof MigrationError) {
    return { code: error.code === 'newer-version' ? 'newer-version' : 'corrupt', detail };
  }
  if (KEPT_DAMAGED.some((kind) => error instanceof kind)) return { code: 'corrupt', detail };
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return { code: 'port-taken', detail };
  }
  return { code: 'other', detail };
}

/** The process that started this one, if it talks to us. */
export interface HostProcess {
  readonly connected: boolean;
  /** Tells the parent; does nothing where there is none. */
  send(message: object): Promise<void>;
  /** Calls back when this process should end in order. */
  onStop(stop: () => void): void;
}

const stopMessage = z.looseObject({ kind: z.literal('stop') });

/** Electron's utility processes talk through a port of their own. */
interface ParentPort {
  postMessage(message: object): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

function parentPort(): ParentPort | null {
  if (!('parentPort' in process)) return null;
  return (process.parentPort as ParentPort | null | undefined) ?? null;
}

/** Connects to the parent: Node's IPC channel, Electron's port, or nobody. */
export function hostProcess(): HostProcess {
  const port = parentPort();
  const connected = port !== null || process.send !== undefined;
  return {
    connected,
    send(message) {
      port?.postMessage(message);
      if (process.send === undefined) return Promise.resolve();
      return new Promise((resolve) =>
        process.send?.(message, undefined, undefined, () => resolve()),
      );
    },
    onStop(stop) {
      const onMessage = (message: unknown): void => {
        if (stopMessage.safeParse(message).success) stop();
      };
      process.on('SIGTERM', stop);
      // Ctrl+C reaches the whole group; with a parent it is the parent who says in which order to end.
      process.on('SIGINT', () => {
        if (!connected) stop();
      });
      process.on('disconnect', stop);
      // The parent may be gone before this module was read in: its end is told once, to nobody.
      if (process.send !== undefined && !process.connected) stop();
      process.on('message', onMessage);
      port?.on('message', ({ data }) => onMessage(data));
    },
  };
}
