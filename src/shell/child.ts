import type { Channel } from '#contract/rpc.ts';

/**
 * A started child process, the same for `child_process.fork` and Electron's `utilityProcess.fork`.
 *
 * Messages are whatever the two sides agree on; the device process sends frames (texts).
 */
export interface Child {
  readonly pid: number | null;
  send(message: unknown): void;
  /** Each returns the function that removes the listener. */
  onMessage(listener: (message: unknown) => void): () => void;
  onExit(listener: (code: number) => void): () => void;
  /** Text the child wrote to its outputs, in pieces. */
  onOutput(listener: (text: string) => void): void;
  /** Asks it to end. */
  stop(): void;
  /** Ends it without asking. */
  kill(): void;
}

/** Starts a module of the program as a process of its own. An argument, so that tests can watch. */
export type SpawnChild = (modulePath: string, args: readonly string[], name: string) => Child;

/** How long a child may take to end in order. */
const STOP_TIMEOUT_MS = 5000;

/** Asks, waits, and then does not ask. Resolves when the process is gone. */
export function stopChild(child: Child, timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill(), timeoutMs);
    child.onExit(() => {
      clearTimeout(timer);
      resolve();
    });
    child.stop();
  });
}

/** A channel of text frames over a child's messages; other messages are not its business. */
export function childChannel(child: Child): Channel {
  return {
    send: (frame) => child.send(frame),
    onFrame: (listener) =>
      child.onMessage((message) => {
        if (typeof message === 'string') listener(message);
      }),
  };
}
