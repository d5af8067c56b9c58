import { connect } from 'node:net';

const WAIT_MS = 10_000;

/** The status line's number of whatever came back; null where the connection ended without a word. */
export type RawStatus = number | null;

/**
 * Sends bytes as they are and waits for the answer's first line.
 *
 * `more` gives further pieces until the other end hangs up or it has no more.
 */
export function sendRaw(
  port: number,
  head: string,
  more: Iterable<Uint8Array> = [],
): Promise<RawStatus> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces = more[Symbol.iterator]();
    let answer = '';
    const end = (status: RawStatus): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('The server neither answered nor hung up'));
    }, WAIT_MS);
    const push = (): void => {
      const piece = socket.destroyed || answer !== '' ? undefined : pieces.next();
      if (piece?.done === false) socket.write(piece.value, () => push());
    };
    socket.on('connect', () => socket.write(head, () => push()));
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (status !== undefined) end(Number(status));
    });
    socket.on('close', () => end(null));
    // The other end may hang up while it is still being written to.
    socket.on('error', () => end(null));
  });
}

/** The head of a POST with these headers. */
export function postHead(target: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${target} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${lines.join('')}\r\n`;
}
