import { SCAN_LENGTH_MAX } from '#scan/settings.ts';

/** One code's bytes, or null when more came than a code may hold. */
export type SerialFrame = Uint8Array | null;

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Cuts a serial line's bytes into codes: each ends with CR, LF or Tab, or with silence. */
export interface SerialFramer {
  /** Takes what arrived, in whatever pieces; answers the codes that ended in it. */
  push(chunk: Uint8Array): readonly SerialFrame[];
  /** Ends the open code because nothing came for a while; null when there is none. */
  flush(): { readonly frame: SerialFrame } | null;
  /** Whether a code is open, so that silence has to be watched for. */
  isOpen(): boolean;
  /** Forgets the open code: the line was cut in the middle of it. */
  reset(): void;
}

/**
 * Makes a framer with no open code.
 *
 * Memory is bounded: past the longest code it only counts on to the next end.
 */
export function createSerialFramer(): SerialFramer {
  const held = new Uint8Array(SCAN_LENGTH_MAX);
  let length = 0;
  let isTooLong = false;

  const take = (): SerialFrame => {
    const frame = isTooLong ? null : held.slice(0, length);
    length = 0;
    isTooLong = false;
    return frame;
  };

  return {
    push(chunk) {
      const frames: SerialFrame[] = [];
      for (const byte of chunk) {
        if (byte === CARRIAGE_RETURN || byte === LINE_FEED || byte === TAB) {
          if (length > 0) frames.push(take());
        } else if (length === SCAN_LENGTH_MAX) {
          isTooLong = true;
        } else {
          held[length] = byte;
          length += 1;
        }
      }
      return frames;
    },
    flush() {
      return length === 0 ? null : { frame: take() };
    },
    isOpen: () => length > 0,
    reset() {
      length = 0;
      isTooLong = false;
    },
  };
}
