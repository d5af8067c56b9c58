import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Counts every byte between a client and a server, both ways, headers and all. */
export interface CountingProxy {
  readonly port: number;
  bytes(): number;
  close(): Promise<void>;
}

/** Listens on loopback and passes everything on to `port`. */
export async function countingProxy(port: number): Promise<CountingProxy> {
  let bytes = 0;
  const open = new Set<Socket>();
  const pass = (from: Socket, to: Socket): void => {
    open.add(from);
    from.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
