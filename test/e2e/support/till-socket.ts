import { WebSocket } from 'ws';
import { connect, type Connected, type Contract } from '#contract/rpc.ts';
import { shopperContract, type ShopperContract } from '#contract/shopper.ts';
import { tillContract, type TillContract } from '#contract/till.ts';

const CALL_TIMEOUT_MS = 10_000;

/** A core as a page of it sees it, over the real socket and without a browser. */
export interface CoreSocket<C extends Contract> extends Connected<C> {
  /** Hangs up. */
  end(): void;
}
export type TillSocket = CoreSocket<TillContract>;

/** Opens a link the till printed and calls its core the way the page does. */
export function openTillSocket(link: string): Promise<TillSocket> {
  return openCoreSocket(tillContract, link, '/channel');
}

/** The same for the page that faces the shopper. */
export function openDisplaySocket(link: string): Promise<CoreSocket<ShopperContract>> {
  return openCoreSocket(shopperContract, link, '/display-channel');
}

async function openCoreSocket<C extends Contract>(
  contract: C,
  link: string,
  path: string,
): Promise<CoreSocket<C>> {
  const opened = await fetch(link, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { host, origin } = new URL(link);
  const socket = new WebSocket(`ws://${host}${path}`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const listeners = new Set<(frame: string) => void>();
  socket.on('message', (data: Buffer) => {
    for (const listener of listeners) listener(data.toString('utf8'));
  });
  const connected = connect(
    contract,
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
