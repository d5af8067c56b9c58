import { z } from 'zod';

/**
 * Two functions are all that a shell, a socket or a child process provides.
 *
 * Frames are JSON text, so that no transport's own idea of undefined, Date or Error can leak in.
 */
export interface Channel {
  send(frame: string): void;
  /** Registers a listener; returns the function that removes it. */
  onFrame(listener: (frame: string) => void): () => void;
}

/** Longest frame either side accepts, in UTF-16 units. */
export const FRAME_LENGTH_MAX = 262_144;

/** A call: what goes in and what comes out, both checked at both ends. */
export interface CallShape {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

/** Everything one side offers: calls it answers and events it sends unasked. */
export interface Contract {
  readonly calls: Readonly<Record<string, CallShape>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

/** The calls of a contract as functions, the way the caller sees them. */
export type CallsOf<C extends Contract> = {
  readonly [Method in keyof C['calls']]: (
    input: z.input<C['calls'][Method]['input']>,
  ) => Promise<z.output<C['calls'][Method]['output']>>;
};

/** The calls of a contract as handlers, the way the answering side writes them. */
export type HandlersOf<C extends Contract> = {
  readonly [Method in keyof C['calls']]: (
    input: z.output<C['calls'][Method]['input']>,
  ) => Promise<z.input<C['calls'][Method]['output']>> | z.input<C['calls'][Method]['output']>;
};

export type EventName<C extends Contract> = keyof C['events'] & string;
export type EventPayload<C extends Contract, Name extends EventName<C>> = z.output<
  C['events'][Name]
>;

/** Why a call failed as a call; a refusal by the business is a value in `output`, not one of these. */
export type CallErrorCode =
  | 'unknown-method'
  | 'bad-input'
  | 'bad-output'
  | 'bad-frame'
  | 'frame-too-long'
  | 'timeout'
  | 'closed'
  | 'internal';

/** Thrown at the caller. `code` is for programs, `detail` for logs; words are chosen in the renderer. */
export class CallError extends Error {
  readonly code: CallErrorCode;
  readonly detail: string;
  constructor(code: CallErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'CallError';
    this.code = code;
    this.detail = detail;
  }
}

const errorCode = z.enum([
  'unknown-method',
  'bad-input',
  'bad-output',
  'bad-frame',
  'frame-too-long',
  'timeout',
  'closed',
  'internal',
]);

const requestFrame = z.strictObject({
  id: z.int().nonnegative(),
  method: z.string().max(64),
  input: z.unknown(),
});
const replyFrame = z.union([
  z.strictObject({ id: z.int().nonnegative(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    id: z.int().nonnegative().nullable(),
    ok: z.literal(false),
    error: z.strictObject({ code: errorCode, detail: z.string() }),
  }),
]);
const eventFrame = z.strictObject({ event: z.string().max(64), payload: z.unknown() });

/** What the serving side holds after `serve`: a way to send events and a way to stop. */
export interface Served<C extends Contract> {
  emit<Name extends EventName<C>>(event: Name, payload: z.input<C['events'][Name]>): void;
  close(): void;
}

/**
 * Answers a contract's calls on a channel.
 *
 * Unknown methods, bad input and thrown handlers are answered by code; nothing thrown here ends the
 * process. `report` receives what was thrown (a bug), for the log.
 */
export function serve<C extends Contract>(
  contract: C,
  channel: Channel,
  handlers: HandlersOf<C>,
  report: (error: unknown, method: string) => void,
): Served<C> {
  const refuse = (id: number | null, code: CallErrorCode, detail: string): void =>
    channel.send(JSON.stringify({ id, ok: false, error: { code, detail } }));

  const answer = async (frame: string): Promise<void> => {
    if (frame.length > FRAME_LENGTH_MAX) {
      refuse(null, 'frame-too-long', `at most ${FRAME_LENGTH_MAX} characters`);
      return;
    }
    const request = requestFrame.safeParse(parseJson(frame));
    if (!request.success) {
      refuse(null, 'bad-frame', 'not a request');
      return;
    }
    const { id, method } = request.data;
    const shape = Object.hasOwn(contract.calls, method) ? contract.calls[method] : undefined;
    if (shape === undefined) {
      refuse(id, 'unknown-method', method);
      return;
    }
    const input = shape.input.safeParse(request.data.input);
    if (!input.success) {
      refuse(id, 'bad-input', z.prettifyError(input.error).slice(0, 500));
      return;
    }
    try {
      const handler = handlers[method as keyof HandlersOf<C>] as (value: unknown) => unknown;
      const output = shape.output.safeParse(await handler(input.data));
      if (!output.success) {
        report(output.error, method);
        refuse(id, 'bad-output', method);
        return;
      }
      channel.send(JSON.stringify({ id, ok: true, value: output.data ?? null }));
    } catch (error) {
      report(error, method);
      refuse(id, 'internal', method);
    }
  };

  const stop = channel.onFrame((frame) => void answer(frame));
  return {
    emit(event, payload) {
      channel.send(JSON.stringify({ event, payload }));
    },
    close: stop,
  };
}

/** What the calling side holds after `connect`. */
export interface Connected<C extends Contract> {
  readonly call: CallsOf<C>;
  on<Name extends EventName<C>>(
    event: Name,
    listener: (payload: EventPayload<C, Name>) => void,
  ): () => void;
  /** Fails every open call with `closed`; later calls fail at once. */
  close(): void;
}

/** Calls a contract over a channel. `timeoutMs` bounds each call; `schedule` is the environment's timer. */
export function connect<C extends Contract>(
  contract: C,
  channel: Channel,
  timer: CallTimer,
): Connected<C> {
  const open = new Map<number, OpenCall>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let nextId = 0;
  let closed = false;

  const stop = channel.onFrame((frame) => {
    const json = parseJson(frame);
    const reply = replyFrame.safeParse(json);
    if (reply.success) {
      settle(reply.data);
      return;
    }
    const event = eventFrame.safeParse(json);
    if (!event.success || !Object.hasOwn(contract.events, event.data.event)) return;
    const payload = contract.events[event.data.event]?.safeParse(event.data.payload);
    if (payload?.success !== true) return;
    for (const listener of listeners.get(event.data.event) ?? []) listener(payload.data as never);
  });

  const settle = (reply: z.output<typeof replyFrame>): void => {
    if (reply.id === null) return;
    const call = open.get(reply.id);
    if (call === undefined) return;
    open.delete(reply.id);
    call.cancelTimeout();
    if (!reply.ok) {
      call.reject(new CallError(reply.error.code, reply.error.detail));
      return;
    }
    const output = call.shape.output.safeParse(reply.value);
    if (output.success) call.resolve(output.data);
    else call.reject(new CallError('bad-output', call.method));
  };

  const start = (method: string, shape: CallShape, input: unknown): Promise<unknown> => {
    if (closed) return Promise.reject(new CallError('closed', method));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const cancelTimeout = timer(() => {
        open.delete(id);
        reject(new CallError('timeout', method));
      });
      open.set(id, { method, shape, resolve, reject, cancelTimeout });
      channel.send(JSON.stringify({ id, method, input: input ?? null }));
    });
  };

  const call = Object.fromEntries(
    Object.entries(contract.calls).map(([method, shape]) => [
      method,
      (input: unknown) => start(method, shape, input),
    ]),
  ) as CallsOf<C>;

  return {
    call,
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener as (payload: never) => void));
      return () => void set.delete(listener as (payload: never) => void);
    },
    close() {
      closed = true;
      stop();
      for (const [id, waiting] of open) {
        open.delete(id);
        waiting.cancelTimeout();
        waiting.reject(new CallError('closed', waiting.method));
      }
    },
  };
}

/** Runs `onTimeout` after the caller's limit unless the returned function is called first. */
export type CallTimer = (onTimeout: () => void) => () => void;

interface OpenCall {
  readonly method: string;
  readonly shape: CallShape;
  resolve(value: unknown): void;
  reject(error: CallError): void;
  cancelTimeout(): void;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
