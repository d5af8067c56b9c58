import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { BODY_BYTES_MAX, PUSH_ENTRIES_MAX, syncContract, type SyncCall } from '#contract/sync.ts';
import { ENTRY_LENGTH_MAX } from '#journal/chain.ts';
import { decodeBody } from '#node/compress.ts';
import { decodePacked, PACKED_TYPE } from '#node/packed-texts.ts';

/** Input as the contract has it, or what the sender is told; input is never sent back. */
export type ReadBody =
  | { readonly value: unknown }
  | {
      readonly status: 400 | 413 | 415;
      readonly code: 'too-large' | 'unknown-encoding' | 'bad-encoding' | 'bad-json' | 'bad-input';
    };

const TOO_LARGE = { status: 413, code: 'too-large' } as const;
const BAD_INPUT = { status: 400, code: 'bad-input' } as const;
const BAD_ENCODING = { status: 400, code: 'bad-encoding' } as const;

/** The bytes as they came. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/**
 * Reads what a till sent that is believed: only now is anything unpacked, so that whoever sends
 * something that grows is a till of ours.
 */
export function readSigned(name: SyncCall, request: FastifyRequest): ReadBody {
  if (name === 'push' && request.headers['content-type'] === PACKED_TYPE)
    return readPush(bodyOf(request));
  const body = decodeBody(bodyOf(request), request.headers['content-encoding'], BODY_BYTES_MAX);
  if (body === 'too-large') return TOO_LARGE;
  if (body === 'unknown') return { status: 415, code: 'unknown-encoding' };
  if (body === 'broken') return BAD_ENCODING;
  return readInput(syncContract[name].input, Buffer.from(body).toString('utf8'));
}

const pushHead = syncContract.push.input.omit({ entries: true });

/** A push whose texts came beside its JSON. What they say is read with the chain, not here. */
export function readPush(bytes: Uint8Array): ReadBody {
  const body = decodePacked(bytes, BODY_BYTES_MAX);
  if (body === 'too-large') return TOO_LARGE;
  if (body === 'broken') return BAD_ENCODING;
  const head = readInput(pushHead, body.head);
  if (!('value' in head)) return head;
  const { texts: entries, packed } = body;
  const fits = entries.every(({ length }) => length <= ENTRY_LENGTH_MAX);
  if (entries.length > PUSH_ENTRIES_MAX || !fits) return BAD_INPUT;
  return { value: { ...(head.value as object), entries, packed } };
}

/** Reads JSON of a shape. */
export function readInput(shape: z.ZodType, text: string): ReadBody {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { status: 400, code: 'bad-json' };
  }
  const input = shape.safeParse(json);
  return input.success && !holdsNul(input.data) ? { value: input.data } : BAD_INPUT;
}

/** True where a text holds U+0000: valid JSON, and nothing a PostgreSQL text can hold. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => holdsNul(key) || holdsNul(item));
}
