import type { ServerResponse } from 'node:http';
import type { Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';

/** Open event streams of tills: each is told that there is something to PULL, never what. */
export interface PokeHub {
  /** Takes over a response as this till's only stream; an older one is closed. */
  add(till: { readonly tenant: string; readonly till: string }, response: ServerResponse): void;
  close(): void;
}

interface Stream {
  readonly tenant: string;
  readonly response: ServerResponse;
}

/** A line that keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** How often PostgreSQL is asked whether another server process changed something. */
const LOOK_MS = 1000;
/** A stream that lets this many bytes wait is not being read; it is closed. */
const WAITING_BYTES_MAX = 65_536;

/** Makes the hub. It keeps no timer where nobody listens. */
export function createPokeHub(database: Database, executor: Executor): PokeHub {
  const streams = new Map<string, Stream>();
  const seen = new Map<string, string>();
  const timers: NodeJS.Timeout[] = [];

  const write = (stream: Stream, text: string): void => {
    if (stream.response.writableLength > WAITING_BYTES_MAX) stream.response.destroy();
    else stream.response.write(text);
  };
  const poke = (tenant: string | null): void => {
    for (const stream of streams.values()) {
      if (tenant === null || stream.tenant === tenant) write(stream, 'event: poke\ndata: {}\n\n');
    }
  };
  const look = async (): Promise<void> => {
    for (const tenant of new Set([...streams.values()].map((stream) => stream.tenant))) {
      const rows = await database.query<{ xid: string }>(
        'select xid::text from feed where tenant = $1 order by feed.xid desc limit 1',
        [tenant],
      );
      const xid = rows[0]?.xid ?? '';
      if (seen.get(tenant) !== xid) poke(tenant);
      seen.set(tenant, xid);
    }
  };
  const stopListening = executor.onChange(() => poke(null));

  const startTimers = (): void => {
    if (timers.length > 0) return;
    timers.push(
      setInterval(() => {
        for (const stream of streams.values()) write(stream, ': still here\n\n');
      }, HEARTBEAT_MS).unref(),
    );
    if (database.kind === 'postgres') {
      // A failed look is only a late one: the next second asks again.
      timers.push(setInterval(() => void look().catch(() => undefined), LOOK_MS).unref());
    }
  };
  const stopTimers = (): void => {
    for (const timer of timers.splice(0)) clearInterval(timer);
  };

  return {
    add({ tenant, till }, response) {
      streams.get(till)?.response.end();
      const stream = { tenant, response };
      streams.set(till, stream);
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'close',
      });
      response.write('event: poke\ndata: {}\n\n');
      response.on('close', () => {
        if (streams.get(till) === stream) streams.delete(till);
        if (streams.size === 0) stopTimers();
      });
      startTimers();
    },
    close() {
      stopListening();
      stopTimers();
      for (const { response } of streams.values()) response.end();
      streams.clear();
    },
  };
}
