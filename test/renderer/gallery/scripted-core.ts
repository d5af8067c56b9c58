import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { type Contract, type HandlersOf, serve, type Served } from '#contract/rpc.ts';
import { channelOf, serveFile } from './scripted-till.ts';

/** Any core whose answers are written down beforehand, behind the built pages. */
export interface ScriptedCore<C extends Contract> {
  readonly url: string;
  /** Tells every page that is open. */
  readonly emit: Served<C>['emit'];
  close(): Promise<void>;
}

/** Serves a built renderer from `directory` on a free loopback port, and answers at `path`. */
export async function startScriptedCore<C extends Contract>(
  directory: string,
  path: '/channel' | '/display-channel',
  contract: C,
  handlers: HandlersOf<C>,
): Promise<ScriptedCore<C>> {
  const server = createServer((request, response) => serveFile(directory, request, response));
  const sockets = new WebSocketServer({ server, path, maxPayload: 262_144 });
  const served = new Set<Served<C>>();
  sockets.on('connection', (socket) => {
    const one = serve(contract, channelOf(socket), handlers, (error) =>
      process.emitWarning(String(error)),
    );
    served.add(one);
    socket.on('close', () => {
      one.close();
      served.delete(one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    emit: (event, payload) => {
      for (const one of served) one.emit(event, payload);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
