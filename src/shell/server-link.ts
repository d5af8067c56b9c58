import { randomUUID, type KeyObject } from 'node:crypto';
import type { SyncCall, SyncInput } from '#contract/sync.ts';
import { encodeBody, type EncodedBody } from '#node/compress.ts';
import { encodePacked, PACKED_TYPE } from '#node/packed-texts.ts';
import { systemFetch, WrongServerKey, type Fetch } from './pinned-server.ts';
import { listenForPokes, type OpenStream } from './poke-stream.ts';
import { signRequest } from '#node/http-signature.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { LinkProblem, ServerLink } from '#till/ports.ts';

/** A page of changes with a large catalogue is the longest answer there is. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
/** Twelve digits, as a signature has room for. */
const CREATED_S_MAX = 999_999_999_999;
/** A stale clock or a used nonce is answered by signing once more; not more often. */
const SIGNINGS_MAX = 2;

/** Who this till is to the server. */
export interface LinkIdentity {
  /** The till's reference. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** What a link needs. */
export interface ServerLinkOptions {
  /** Where the server is now; null while nobody knows (the embedded one is starting). */
  readonly baseUrl: () => URL | null;
  /** Null for the one call that is not signed because it brings the key: `enrol`. */
  readonly identity: LinkIdentity | null;
  readonly wallMs: () => number;
  /** How the server is reached; left out: as the system does. */
  readonly fetch?: Fetch;
  readonly answerBytesMax?: number;
}

/** A way to the server that can be given up. */
export interface EndableLink extends ServerLink {
  /** Ends the calls under way with `timeout`; later ones are `unreachable`. */
  hangUp(): void;
}

/**
 * The way to the central server over HTTP.
 *
 * Signs each request (RFC 9421). Whatever goes wrong on the way, a `LinkProblem` comes back, in time.
 */
export function createServerLink(options: ServerLinkOptions): EndableLink {
  /** What the server's clock is ahead of ours, learnt from its refusal. */
  let clockOffsetMs = 0;
  const underWay = new Set<AbortController>();
  let hungUp = false;
  const streams = new Set<() => void>();

  const signed = (url: URL, body: Uint8Array, method = 'POST'): Record<string, string> => {
    if (options.identity === null) return {};
    const request = {
      method,
      authority: url.host,
      target: url.pathname,
      body,
    };
    const nowS = Math.floor((options.wallMs() + clockOffsetMs) / 1000);
    // A time the server could not read at all would never be answered by the right one.
    const createdS = Math.min(Math.max(0, nowS), CREATED_S_MAX);
    const parameters = { keyId: options.identity.keyId, createdS, nonce: randomUUID() };
    return { ...signRequest(request, parameters, options.identity.privateKey) };
  };

  /** True when another signature may be taken. */
  const learnsFrom = (refusal: ServerRefusal): boolean => {
    if (refusal.code === 'replayed') return true;
    if (refusal.code !== 'resync-time' || refusal.serverTimeMs === null) return false;
    clockOffsetMs = refusal.serverTimeMs - options.wallMs();
    return true;
  };

  const talk = async (
    url: URL,
    body: SentBody,
    signal: AbortSignal,
  ): Promise<Result<unknown, LinkProblem>> => {
    for (let signing = 1; ; signing += 1) {
      const asked = await ask(url, body, signed(url, body.bytes), signal, options);
      if (!asked.ok || asked.value.status === 200)
        return asked.ok ? parsed(asked.value.text) : asked;
      const refusal = readRefusal(asked.value.text);
      if (signing < SIGNINGS_MAX && asked.value.status === 401 && learnsFrom(refusal)) continue;
      return refused(asked.value.status, refusal.code);
    }
  };

  const openStream: OpenStream = async (signal) => {
    const base = options.baseUrl();
    if (base === null || hungUp) return null;
    const url = callUrl(base, 'poke');
    const headers = { accept: 'text/event-stream', ...signed(url, new Uint8Array(), 'GET') };
    return (options.fetch ?? systemFetch)(url, { method: 'GET', headers, signal });
  };

  return {
    async call(name, input, timeoutMs) {
      const base = options.baseUrl();
      if (base === null) return problem('unreachable', 'the server has no address yet');
      if (hungUp) return problem('unreachable', 'the till stops');
      const url = callUrl(base, name);
      const ending = new AbortController();
      underWay.add(ending);
      const timer = setTimeout(() => ending.abort(), timeoutMs);
      try {
        return await talk(url, bodyOf(name, input, options.identity !== null), ending.signal);
      } finally {
        clearTimeout(timer);
        underWay.delete(ending);
      }
    },
    onPoke(poked) {
      const stop = listenForPokes(openStream, poked);
      streams.add(stop);
      return () => {
        streams.delete(stop);
        stop();
      };
    },
    hangUp() {
      hungUp = true;
      for (const stop of streams) stop();
      for (const ending of underWay) ending.abort();
    },
  };
}

/** A body as it is sent, and what it is. */
interface SentBody extends EncodedBody {
  readonly type: 'application/json' | typeof PACKED_TYPE;
}

/** Calls that bring the key are read before anybody is known: they stay plain and short. */
function bodyOf(name: SyncCall, input: unknown, isSigned: boolean): SentBody {
  if (name === 'push') {
    const { entries, ...head } = input as SyncInput<'push'>;
    return { bytes: encodePacked(head, entries), encoding: null, type: PACKED_TYPE };
  }
  const bytes = Buffer.from(JSON.stringify(input));
  const body = isSigned ? encodeBody(bytes) : { bytes, encoding: null };
  return { ...body, type: 'application/json' };
}

function callUrl(base: URL, name: string): URL {
  return new URL(`${base.pathname.replace(/\/$/, '')}/v1/${name}`, base);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(
  url: URL,
  body: SentBody,
  headers: Record<string, string>,
  signal: AbortSignal,
  { answerBytesMax = ANSWER_BYTES_MAX, fetch = systemFetch }: ServerLinkOptions,
): Promise<Result<Answer, LinkProblem>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': body.type,
        accept: 'application/json',
        ...(body.encoding === null ? {} : { 'content-encoding': body.encoding }),
        ...headers,
      },
      body: body.bytes,
      signal,
    });
    const text = await readLimited(response, answerBytesMax);
    if (text === null) return problem('bad-answer', 'the answer is too long');
    return ok({ status: response.status, text });
  } catch (error) {
    if (error instanceof WrongServerKey) return problem('wrong-key', 'another server answers');
    if (signal.aborted) return problem('timeout', 'no whole answer in time');
    return problem('unreachable', networkCode(error));
  }
}

/** The body as text, or null as soon as it is longer than allowed. */
async function readLimited(response: Response, bytesMax: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): Result<unknown, LinkProblem> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return problem('bad-answer', 'the answer is not JSON');
  }
}

interface ServerRefusal {
  readonly code: string;
  readonly serverTimeMs: number | null;
}

function readRefusal(text: string): ServerRefusal {
  const read = parsed(text);
  const value = read.ok && typeof read.value === 'object' ? { ...read.value } : {};
  const { code, serverTimeMs } = value as { code?: unknown; serverTimeMs?: unknown };
  return {
    code: typeof code === 'string' ? code.slice(0, 64) : 'no-code',
    serverTimeMs: Number.isSafeInteger(serverTimeMs) ? (serverTimeMs as number) : null,
  };
}

/** A server in trouble may be well again soon; one that says no will say no again. */
function refused(status: number, code: string): Result<never, LinkProblem> {
  const detail = `status ${status} ${code}`;
  if (status >= 500 || status === 429) return problem('unreachable', detail);
  if (status >= 400) return problem('refused', detail);
  return problem('bad-answer', detail);
}

function problem(code: LinkProblem['code'], detail: string): Result<never, LinkProblem> {
  return err({ code, detail });
}

/** The system's word for what happened (`ECONNREFUSED`); never an address. */
function networkCode(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : undefined;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'network error';
}
