import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that stays where it is when the server is another process, and can lose answers. */
export interface FaultProxy {
  readonly url: string;
  /** Passes on to this port from now on. */
  passTo(port: number): void;
  /** Cuts the connection of an answer, after the server gave it: `skip` answers are let through before. */
  loseAnswer(skip: number): void;
  /** How many answers were lost. */
  lost(): number;
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function faultProxy(): Promise<FaultProxy> {
  let port = 0;
  let lost = 0;
  let skip: number | null = null;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => upstream.write(chunk));
    upstream.on('data', (chunk: Buffer) => {
      const isAnswer = chunk.subarray(0, 5).toString('latin1') === 'HTTP/';
      if (isAnswer && skip !== null && (skip -= 1) < 0) {
        skip = null;
        lost += 1;
        client.destroy();
        return;
      }
      client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passTo(next) {
      port = next;
    },
    loseAnswer(answers) {
      skip = answers;
    },
    lost: () => lost,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
