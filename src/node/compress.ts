import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

/** `content-encoding` of a compressed body. */
export const BODY_ENCODING = 'zstd';

/** Shorter bodies gain nothing worth a millisecond. */
const COMPRESS_FROM_BYTES = 2048;

const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

/** A body as it is sent; `encoding` is null where it stayed as it was. */
export interface EncodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: typeof BODY_ENCODING | null;
}

/** Compresses what is long: a journal is JSON that says the same words in every line. */
export async function encodeBody(bytes: Uint8Array<ArrayBuffer>): Promise<EncodedBody> {
  if (bytes.length < COMPRESS_FROM_BYTES) return { bytes, encoding: null };
  return { bytes: new Uint8Array(await pack(bytes)), encoding: BODY_ENCODING };
}

/**
 * A body as it was before it was compressed.
 *
 * Stops at `bytesMax`: a few bytes can claim to be gigabytes. `too-large` beyond it, `broken` where
 * the bytes are no such thing, `unknown` for any other encoding.
 */
export async function decodeBody(
  bytes: Uint8Array,
  encoding: string | undefined,
  bytesMax: number,
): Promise<Uint8Array | 'too-large' | 'broken' | 'unknown'> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  if (encoding !== BODY_ENCODING) return 'unknown';
  try {
    return await unpack(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'broken';
  }
}
