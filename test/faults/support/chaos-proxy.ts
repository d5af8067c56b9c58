import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneOf, randomBelow } from '#test/faults/fault.ts';

/** What the line does to the bytes that come along now. */
export const weathers = [
  'fair',
  /** Every piece is late. */
  'late',
  /** A trickle of small pieces. */
  'narrow',
  /** Half of what was asked arrives, then both ends are reset. */
  'cut-request',
  /** It is asked and done, and half of the answer comes back before the reset. */
  'cut-response',
  /** It is asked and done, and nothing ever comes back. */
  'half-open',
  /** Nothing arrives, nothing comes back. */
  'deaf',
  /** Whatever is asked is asked twice. */
  'double',
] as const;
export type Weather = (typeof weathers)[number];

const LATE_MS = 120;
const NARROW_BYTES = 400;
const CAPTURED_MAX = 300;
const CAPTURED_BYTES_MAX = 262_144;

/** A TCP line between a till and its server that behaves as lines do. */
export interface ChaosProxy {
  readonly url: string;
  weather(next: Weather): void;
  /** Sends what some earlier connection asked once more, byte for byte, whatever is answered. */
  replayOne(): Promise<void>;
  close(): Promise<void>;
}

/** One connection and what was asked over it. */
interface Line {
  readonly client: Socket;
  readonly server: Socket;
  readonly asked: Buffer[];
  askedBytes: number;
  /** Something was swallowed: it can come to no good end any more. */
  spoilt: boolean;
}

/** Listens on a free port and passes everything on to `target`. */
export async function serveChaos(target: string): Promise<ChaosProxy> {
  const { hostname, port } = new URL(target);
  const captured: Buffer[] = [];
  const lines = new Set<Line>();
  let weather: Weather = 'fair';

  const again = async (bytes: Buffer): Promise<void> => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).resume();
    socket.end(bytes);
    await Promise.race([new Promise((resolve) => socket.once('close', resolve)), sleep(2000)]);
    socket.destroy();
  };
  const keep = (line: Line): void => {
    if (line.asked.length === 0 || line.askedBytes > CAPTURED_BYTES_MAX) return;
    captured.push(Buffer.concat(line.asked));
    if (captured.length > CAPTURED_MAX) captured.splice(randomBelow(captured.length), 1);
  };
  const end = (line: Line): void => {
    if (!lines.delete(line)) return;
    keep(line);
    line.client.resetAndDestroy();
    line.server.resetAndDestroy();
  };
  const pass = async (line: Line, to: Socket, bytes: Buffer): Promise<void> => {
    const under = weather;
    const asking = to === line.server;
    if (under === 'deaf' || (under === 'half-open' && !asking)) {
      line.spoilt = true;
    } else if (under === (asking ? 'cut-request' : 'cut-response')) {
      await sent(to, bytes.subarray(0, bytes.length / 2));
      end(line);
    } else if (under === 'narrow') {
      for (let at = 0; at < bytes.length && !to.destroyed; at += NARROW_BYTES) {
        await sent(to, bytes.subarray(at, at + NARROW_BYTES));
        await sleep(1);
      }
    } else {
      if (under === 'late') await sleep(randomBelow(LATE_MS));
      await sent(to, bytes);
      if (under === 'double' && asking) void again(Buffer.concat(line.asked));
    }
  };

  const listener = createServer((client) => {
    const server = connect(Number(port), hostname);
    const line: Line = { client, server, asked: [], askedBytes: 0, spoilt: false };
    lines.add(line);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      // Pieces go one after the other, however late each of them is.
      let before: Promise<void> = Promise.resolve();
      from.on('data', (bytes: Buffer) => {
        if (from === client && line.askedBytes <= CAPTURED_BYTES_MAX) {
          line.asked.push(bytes);
          line.askedBytes += bytes.length;
        }
        before = before.then(() => pass(line, to, bytes));
      });
      from.on('error', () => end(line));
      from.on('close', () => void before.then(() => end(line)));
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    weather(next) {
      weather = next;
      for (const line of lines) if (line.spoilt) end(line);
    },
    async replayOne() {
      if (captured.length > 0) await again(oneOf(captured));
    },
    async close() {
      for (const line of lines) end(line);
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Resolves when the bytes were taken, or the other end is gone. */
function sent(to: Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || bytes.length === 0) return Promise.resolve();
  return new Promise((resolve) => to.write(bytes, () => resolve()));
}
