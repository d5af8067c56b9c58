import type { Channel } from '#contract/rpc.ts';

/** The way to the process that started this one. */
export interface HostChannel extends Channel {
  /** The starter is gone, or asks this process to end in order. */
  onEnd(listener: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used; it exists in a utility process only. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  off(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
}

/** The part of Node's `process` that is used when `child_process.fork` started it. */
export interface ForkedProcess {
  readonly parentPort?: ParentPort | undefined;
  readonly connected?: boolean;
  send?: ((message: unknown, callback: (error: Error | null) => void) => boolean) | undefined;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * Frames over process messages, by Electron's port where there is one, else by Node's IPC. Null when
 * nobody started this process and it has nobody to talk to.
 *
 * Frames are texts; the one message that is not is `{ kind: 'stop' }`, the starter's "end in order".
 */
export function hostChannel(process_: ForkedProcess): HostChannel | null {
  if (process_.parentPort !== undefined) return parentPortChannel(process_.parentPort);
  return process_.send === undefined ? null : forkChannel(process_);
}

function forkChannel(process_: ForkedProcess): HostChannel {
  return {
    send(frame) {
      // Between the starter's end and the `disconnect` event nobody hears a frame.
      if (process_.connected === true) process_.send?.(frame, () => undefined);
    },
    onFrame(listener) {
      const onMessage = (message: unknown): void => {
        if (typeof message === 'string') listener(message);
      };
      process_.on('message', onMessage);
      return () => void process_.off('message', onMessage);
    },
    onEnd(listener) {
      process_.on('disconnect', listener);
      // The starter may be gone before this module was read in: its end is told once, to nobody.
      if (process_.connected === false) queueMicrotask(listener);
      process_.on('message', (message) => {
        if (isStop(message)) listener();
      });
    },
  };
}

function parentPortChannel(port: ParentPort): HostChannel {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      const onMessage = ({ data }: { readonly data: unknown }): void => {
        if (typeof data === 'string') listener(data);
      };
      port.on('message', onMessage);
      return () => void port.off('message', onMessage);
    },
    onEnd(listener) {
      // Electron ends its utility processes with itself: there is no event to wait for.
      port.on('message', ({ data }) => {
        if (isStop(data)) listener();
      });
    },
  };
}

function isStop(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'stop'
  );
}
