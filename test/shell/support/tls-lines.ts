import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '#node/self-made-certificate.ts';

/** Somebody between a till and its server. */
export interface Line {
  readonly port: number;
  /** Everything that went along in the clear, both ways, for whoever listens in. */
  heard(): Buffer;
  close(): Promise<void>;
}

/** A free port of this machine, for a server that must come back where it was. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A wire that passes bytes on and remembers them. `target` is asked with each connection. */
export async function tappedWire(target: () => number): Promise<Line> {
  const heard: Buffer[] = [];
  const server = createTcpServer((till) => {
    const far = connect(target(), '127.0.0.1');
    join(till, far, heard);
  });
  return listening(server, heard);
}

/** Somebody who ends the encryption with a key of their own, reads, and passes it on encrypted anew. */
export async function manInTheMiddle(target: () => number): Promise<Line> {
  const heard: Buffer[] = [];
  const { certificate, privateKey } = makeCertificate('Regulars server of this shop');
  const server = createTlsServer({ cert: certificate, key: privateKey }, (till) => {
    const far = connectTls({ host: '127.0.0.1', port: target(), rejectUnauthorized: false });
    join(till, far, heard);
  });
  return listening(server, heard);
}

function join(near: Socket, far: Socket, heard: Buffer[]): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (bytes: Buffer) => {
      heard.push(bytes);
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

async function listening(
  server: ReturnType<typeof createTcpServer>,
  heard: readonly Buffer[],
): Promise<Line> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
