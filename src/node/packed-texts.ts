import { pack, tryUnpack, unpack } from './compress.ts';

/** Stands between two texts: the control character RFC 7464 uses, which no JSON text contains. */
const BETWEEN = '\u001e';
/** Ends the JSON in front of packed texts; JSON written in one line has none. */
const HEAD_END = '\n';

/** `content-type` of a body that is a JSON value in one line and packed texts behind it. */
export const PACKED_TYPE = 'application/vnd.regulars.packed';

/** Packs texts together, verbatim and in order: what they say over and over is said once. */
export function packTexts(texts: readonly string[]): Buffer {
  return pack(Buffer.from(texts.join(BETWEEN)));
}

/** The texts that were packed; throws beyond `bytesMax` and where the bytes are no such thing. */
export function unpackTexts(packed: Uint8Array, bytesMax: number): string[] {
  return textsIn(unpack(packed, bytesMax));
}

function textsIn(unpacked: Buffer): string[] {
  return unpacked.toString('utf8').split(BETWEEN);
}

/**
 * A body whose texts travel as they are: as strings in JSON each would be escaped, parsed and escaped
 * again, and a journal's texts are all there is in a push.
 */
export function encodePacked(head: object, texts: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat([Buffer.from(JSON.stringify(head) + HEAD_END), packTexts(texts)]),
  );
}

/** What such a body holds; believed as little as any other. */
export interface PackedBody {
  readonly head: string;
  readonly texts: string[];
  /** The texts as they came: what `unpackTexts` reads. */
  readonly packed: Uint8Array;
}

/** Reads it; `too-large` where the texts would be longer than `bytesMax`, `broken` where it is none. */
export function decodePacked(
  bytes: Uint8Array,
  bytesMax: number,
): PackedBody | 'too-large' | 'broken' {
  const end = bytes.indexOf(HEAD_END.charCodeAt(0));
  if (end < 0) return 'broken';
  const packed = bytes.subarray(end + 1);
  const unpacked = tryUnpack(packed, bytesMax);
  if (typeof unpacked === 'string') return unpacked;
  const head = Buffer.from(bytes.subarray(0, end)).toString('utf8');
  return { head, texts: textsIn(unpacked), packed };
}
