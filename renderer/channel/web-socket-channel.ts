import type { Channel } from '#contract/rpc.ts';

/** A channel that may close and come back; `onOpen` tells which, at once and on every change. */
export interface LivingChannel extends Channel {
  onOpen(listener: (open: boolean) => void): () => void;
}

const retryFirstMs = 250;
const retryMaxMs = 4_000;

/** What a socket must offer; the browser's `WebSocket` does. */
export type OpenSocket = (url: string) => WebSocket;

/**
 * The till core over a WebSocket, reopened for as long as the page lives.
 *
 * A frame sent while the socket is down is dropped: the caller learns from `onOpen` that its calls
 * are void. Waits 250 ms, 500 ms … 4 s between attempts.
 */
export function webSocketChannel(url: string, openSocket: OpenSocket): LivingChannel {
  const frames = new Set<(frame: string) => void>();
  const opens = new Set<(open: boolean) => void>();
  let socket: WebSocket | null = null;
  let open = false;
  let retryMs = retryFirstMs;

  const tell = (next: boolean): void => {
    if (open === next) return;
    open = next;
    for (const listener of opens) listener(open);
  };

  const start = (): void => {
    socket = openSocket(url);
    socket.addEventListener('open', () => {
      retryMs = retryFirstMs;
      tell(true);
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data !== 'string') return;
      for (const listener of frames) listener(event.data);
    });
    socket.addEventListener('close', () => {
      socket = null;
      tell(false);
      setTimeout(start, retryMs);
      retryMs = Math.min(retryMs * 2, retryMaxMs);
    });
  };
  start();

  return {
    send(frame) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
    },
    onFrame(listener) {
      frames.add(listener);
      return () => void frames.delete(listener);
    },
    onOpen(listener) {
      opens.add(listener);
      listener(open);
      return () => void opens.delete(listener);
    },
  };
}
