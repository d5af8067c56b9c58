import type { WebSocket } from 'ws';
import type { Channel } from '#contract/rpc.ts';

/** More unsent bytes than this and the page is not reading: it is cut off and may come back. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;
/** How often a socket must answer; a closed laptop lid answers nothing and is let go. */
const HEARTBEAT_MS = 30_000;

/** A channel over one WebSocket: text frames only. */
export function socketChannel(socket: WebSocket): Channel {
  const listeners = new Set<(frame: string) => void>();
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    // Frames are JSON text; anything else is not from our page.
    if (isBinary) {
      socket.close(1003, 'text only');
      return;
    }
    const frame = data.toString('utf8');
    for (const listener of listeners) listener(frame);
  });
  keepAlive(socket);
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate();
      else socket.send(frame);
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function keepAlive(socket: WebSocket): void {
  let answered = true;
  const heartbeat = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, HEARTBEAT_MS);
  heartbeat.unref();
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => clearInterval(heartbeat));
}
