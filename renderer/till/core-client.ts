import type { z } from 'zod';
import {
  type CallsOf,
  CallError,
  type Connected,
  connect,
  type Contract,
  type EventName,
  type EventPayload,
} from '#contract/rpc.ts';
import type { LivingChannel } from '#renderer/channel/web-socket-channel.ts';
import { share } from './share.ts';

/** A contract whose core has one state, asked for and told after each change. */
export interface StatefulContract extends Contract {
  readonly calls: Contract['calls'] & { readonly state: { readonly input: z.ZodNull } };
  readonly events: { readonly state: z.ZodType };
}

/** The state a contract's core tells. */
export type StateOf<C extends StatefulContract> = z.output<C['events']['state']>;

/** What a page knows: the last state the core sent, and whether the core answers now. */
export interface CoreSnapshot<State> {
  /** Parts that did not change are the objects they were. */
  readonly state: State | null;
  /** When `state` came, on the page's own clock (`performance.now`); 0 before. */
  readonly cameAtMs: number;
  /**
   * `waiting` before the first answer, `lost` when an earlier connection went silent, `set-up` when
   * what answers is not the core yet: there is no shop.
   */
  readonly core: 'waiting' | 'answering' | 'lost' | 'set-up';
}

/** A core as the screens use it. */
export interface CoreClient<C extends StatefulContract> {
  readonly call: CallsOf<C>;
  readonly snapshot: () => CoreSnapshot<StateOf<C>>;
  readonly subscribe: (listener: () => void) => () => void;
  /** Hears an event of the core, over every connection there will be. Returns the function that stops. */
  readonly on: <Name extends EventName<C>>(
    event: Name,
    listener: (payload: EventPayload<C, Name>) => void,
  ) => () => void;
  /** Asks for the state now instead of with the next heartbeat. */
  readonly refresh: () => void;
}

const callTimeoutMs = 8_000;
const heartbeatMs = 5_000;

/**
 * Keeps one connection to a core and the last state it sent.
 *
 * The core holds the truth: nothing here is computed or guessed. A heartbeat asks for the state, so
 * that a core which hangs is noticed although its socket stays open.
 */
export function createCoreClient<C extends StatefulContract>(
  contract: C,
  channel: LivingChannel,
): CoreClient<C> {
  const listeners = new Set<() => void>();
  let snapshot: CoreSnapshot<StateOf<C>> = { state: null, cameAtMs: 0, core: 'waiting' };
  let connection: Connected<C> | null = null;
  const heard = new Set<(opened: Connected<C>) => void>();

  const show = (next: CoreSnapshot<StateOf<C>>): void => {
    snapshot = next;
    for (const listener of listeners) listener();
  };
  const lose = (): void => {
    if (snapshot.core === 'answering') show({ ...snapshot, core: 'lost' });
  };
  const keep = (sent: StateOf<C>): void => {
    const state = share(snapshot.state, sent);
    if (state === snapshot.state && snapshot.core === 'answering') return;
    show({ state, cameAtMs: performance.now(), core: 'answering' });
  };
  const ask = (asked: Connected<C>): void => {
    stateOf(asked).then(
      (state) => {
        if (connection === asked) keep(state);
      },
      (error: unknown) => {
        if (connection !== asked || !(error instanceof CallError)) return;
        if (isSilence(error)) lose();
        else if (error.code === 'unknown-method' && snapshot.core !== 'set-up')
          show({ ...snapshot, core: 'set-up' });
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
    const opened = connect(contract, channel, timeout);
    connection = opened;
    opened.on('state', keep);
    for (const hear of heard) hear(opened);
    ask(opened);
  });
  setInterval(() => {
    if (connection !== null) ask(connection);
  }, heartbeatMs);

  return {
    call: callsThrough(contract, () => connection),
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    on(event, listener) {
      const live = { isOn: true };
      const hear = (opened: Connected<C>): void =>
        void opened.on(event, (payload) => {
          if (live.isOn) listener(payload);
        });
      heard.add(hear);
      if (connection !== null) hear(connection);
      return () => {
        live.isOn = false;
        heard.delete(hear);
      };
    },
    refresh() {
      if (connection !== null) ask(connection);
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

function stateOf<C extends StatefulContract>(asked: Connected<C>): Promise<StateOf<C>> {
  const ask = asked.call['state'] as (input: null) => Promise<StateOf<C>>;
  return ask(null);
}

/** Calls that always go to the connection there is now, and fail at once while there is none. */
function callsThrough<C extends StatefulContract>(
  contract: C,
  current: () => Connected<C> | null,
): CallsOf<C> {
  const through =
    (method: keyof C['calls'] & string) =>
    (input: unknown): Promise<unknown> => {
      const now = current();
      if (now === null) return Promise.reject(new CallError('closed', method));
      const call = now.call[method] as (value: unknown) => Promise<unknown>;
      return call(input);
    };
  return Object.fromEntries(
    Object.keys(contract.calls).map((method) => [method, through(method)]),
  ) as CallsOf<C>;
}
