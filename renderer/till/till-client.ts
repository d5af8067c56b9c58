import { type CallsOf, CallError, type Connected, connect } from '#contract/rpc.ts';
import { type TillContract, tillContract } from '#contract/till.ts';
import type { TillState } from '#contract/till-state.ts';
import type { LivingChannel } from '#renderer/channel/web-socket-channel.ts';
import { share } from './share.ts';

/** What the page knows: the last state the core sent, and whether the core answers now. */
export interface TillSnapshot {
  /** Parts that did not change are the objects they were. */
  readonly state: TillState | null;
  /** When `state` came, on the page's own clock (`performance.now`); 0 before. */
  readonly cameAtMs: number;
  /** `waiting` before the first answer, `lost` when an earlier connection went silent. */
  readonly core: 'waiting' | 'answering' | 'lost';
}

/** The till as the screens use it. */
export interface TillClient {
  readonly call: CallsOf<TillContract>;
  readonly snapshot: () => TillSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
}

const callTimeoutMs = 8_000;
const heartbeatMs = 5_000;

/**
 * Keeps one connection to the till core and the last state it sent.
 *
 * The core holds the truth: nothing here is computed or guessed. A heartbeat asks for the state, so
 * that a core which hangs is noticed although its socket stays open.
 */
export function createTillClient(channel: LivingChannel): TillClient {
  const listeners = new Set<() => void>();
  let snapshot: TillSnapshot = { state: null, cameAtMs: 0, core: 'waiting' };
  let connection: Connected<TillContract> | null = null;

  const show = (next: TillSnapshot): void => {
    snapshot = next;
    for (const listener of listeners) listener();
  };
  const lose = (): void => {
    if (snapshot.core === 'answering') show({ ...snapshot, core: 'lost' });
  };
  const keep = (sent: TillState): void => {
    const state = share(snapshot.state, sent);
    if (state === snapshot.state && snapshot.core === 'answering') return;
    show({ state, cameAtMs: performance.now(), core: 'answering' });
  };
  const ask = (asked: Connected<TillContract>): void => {
    asked.call.state(null).then(
      (state) => {
        if (connection === asked) keep(state);
      },
      (error: unknown) => {
        if (connection === asked && error instanceof CallError && isSilence(error)) lose();
      },
    );
  };

  channel.onOpen((open) => {
    connection?.close();
    connection = null;
    if (!open) {
      lose();
      return;
    }
    const opened = connect(tillContract, channel, timeout);
    connection = opened;
    opened.on('state', keep);
    ask(opened);
  });
  setInterval(() => {
    if (connection !== null) ask(connection);
  }, heartbeatMs);

  return {
    call: callsThrough(() => connection),
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whether an error means that nobody answered, rather than that the answer was no. */
export function isSilence(error: unknown): boolean {
  return error instanceof CallError && (error.code === 'timeout' || error.code === 'closed');
}

function timeout(onTimeout: () => void): () => void {
  const timer = setTimeout(onTimeout, callTimeoutMs);
  return () => clearTimeout(timer);
}

/** Calls that always go to the connection there is now, and fail at once while there is none. */
function callsThrough(current: () => Connected<TillContract> | null): CallsOf<TillContract> {
  const through =
    (method: keyof TillContract['calls']) =>
    (input: unknown): Promise<unknown> => {
      const now = current();
      if (now === null) return Promise.reject(new CallError('closed', method));
      const call = now.call[method] as (value: unknown) => Promise<unknown>;
      return call(input);
    };
  return Object.fromEntries(
    (Object.keys(tillContract.calls) as (keyof TillContract['calls'])[]).map((method) => [
      method,
      through(method),
    ]),
  ) as CallsOf<TillContract>;
}
