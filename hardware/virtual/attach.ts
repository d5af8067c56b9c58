import type { Duplex } from 'node:stream';
import type { VirtualPrinter } from './virtual-printer.ts';

/** A virtual printer and the wire it is on; the maker of the printer calls both from its events. */
export interface AttachedPrinter {
  /** Sends an answer: the printer's `onAnswer`. */
  answer(bytes: Uint8Array): void;
  /** Goes on reading: the printer's `onRoom`. */
  room(): void;
  /** Lets go of the stream without ending it. */
  detach(): void;
}

/**
 * Puts a virtual printer on any stream: a socket, a serial port, one half of a pair.
 *
 * Stops reading while the printer's buffer is full, so the sender feels what it would feel on the wire.
 */
export function attachPrinter(printer: () => VirtualPrinter, stream: Duplex): AttachedPrinter {
  let kept: Uint8Array = Buffer.alloc(0);
  const take = (bytes: Uint8Array): void => {
    const taken = printer().receive(bytes);
    kept = bytes.subarray(taken);
    if (kept.length > 0) stream.pause();
  };
  const onData = (bytes: Buffer): void =>
    take(kept.length === 0 ? bytes : Buffer.concat([kept, bytes]));
  stream.on('data', onData);
  return {
    answer(bytes) {
      if (stream.writable) stream.write(bytes);
    },
    room() {
      take(kept);
      if (kept.length === 0) stream.resume();
    },
    detach() {
      stream.off('data', onData);
    },
  };
}
