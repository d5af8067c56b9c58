import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** `content-encoding` of a compressed body. */
export const BODY_ENCODING = 'zstd';

/** Shorter bodies gain nothing worth a millisecond. */
const COMPRESS_FROM_BYTES = 2048;

/**
 * What comes out at a time. A whole push comes out in two or three pieces; in pieces of zlib's own size
 * it would be dozens, each a buffer of its own.
 */
const PIECE_BYTES = 262_144;
/** How far back what comes from elsewhere may refer: its memory is set aside before a byte is read. */
const WINDOW_BITS_MAX = 23;

/**
 * Packs bytes, here and now: what a push takes is less than handing it to another thread and back.
 */
export function pack(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { chunkSize: PIECE_BYTES });
}

/** The bytes that were packed; throws beyond `bytesMax` (`ERR_BUFFER_TOO_LARGE`) and where they are none. */
export function unpack(bytes: Uint8Array, bytesMax: number): Buffer {
  return zstdDecompressSync(bytes, {
    chunkSize: PIECE_BYTES,
    maxOutputLength: bytesMax,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_BITS_MAX },
  });
}

/** A body as it is sent; `encoding` is null where it stayed as it was. */
export interface EncodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: typeof BODY_ENCODING | null;
}

/** Compresses what is long: a journal is JSON that says the same words in every line. */
export function encodeBody(bytes: Uint8Array<ArrayBuffer>): EncodedBody {
  if (bytes.length < COMPRESS_FROM_BYTES) return { bytes, encoding: null };
  return { bytes: new Uint8Array(pack(bytes)), encoding: BODY_ENCODING };
}

/**
 * A body as it was before it was compressed.
 *
 * Stops at `bytesMax`: a few bytes can claim to be gigabytes. `too-large` beyond it, `broken` where
 * the bytes are no such thing, `unknown` for any other encoding.
 */
export function decodeBody(
  bytes: Uint8Array,
  encoding: string | undefined,
  bytesMax: number,
): Uint8Array | 'too-large' | 'broken' | 'unknown' {
  if (encoding === undefined || encoding === 'identity') return bytes;
  if (encoding !== BODY_ENCODING) return 'unknown';
  return tryUnpack(bytes, bytesMax);
}

/** Unpacks what comes from elsewhere; `too-large` beyond `bytesMax`, `broken` where it is none. */
export function tryUnpack(bytes: Uint8Array, bytesMax: number): Buffer | 'too-large' | 'broken' {
  try {
    return unpack(bytes, bytesMax);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'broken';
  }
}
