import { WebSocket } from 'ws';
import { connect, type Connected } from '#contract/rpc.ts';
import { tillContract, type TillContract } from '#contract/till.ts';

const CALL_TIMEOUT_MS = 10_000;

/** The till core as a page sees it, over the real socket and without a browser. */
export interface TillSocket extends Connected<TillContract> {
  /** Hangs up. */
  end(): void;
}

/** Opens a link the till printed and calls its core the way the page does. */
export async function openTillSocket(link: string): Promise<TillSocket> {
  const opened = await fetch(link, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { host, origin } = new URL(link);
  const socket = new WebSocket(`ws://${host}/channel`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const listeners = new Set<(frame: string) => void>();
  socket.on('message', (data: Buffer) => {
    for (const listener of listeners) listener(data.toString('utf8'));
  });
  const connected = connect(
    tillContract,
    {
      send: (frame) => socket.send(frame),
      onFrame(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    (onTimeout) => {
      const timer = setTimeout(onTimeout, CALL_TIMEOUT_MS);
      return () => clearTimeout(timer);
    },
  );
  // A killed till hangs up: what was open then fails as closed, at once.
  socket.on('error', () => connected.close());
  socket.on('close', () => connected.close());
  return {
    ...connected,
    end() {
      connected.close();
      socket.terminate();
    },
  };
}
