/** What DLE EOT 1 says. */
export interface PrinterStatusFlags {
  readonly drawerPin3High: boolean;
  readonly online: boolean;
  readonly waitingRecovery: boolean;
  readonly feedButton: boolean;
}
/** What DLE EOT 2 says: why the printer is offline. */
export interface OfflineCauseFlags {
  readonly coverOpen: boolean;
  readonly feeding: boolean;
  readonly paperEndStop: boolean;
  readonly error: boolean;
}
/** What DLE EOT 3 says. `autoRecoverable` is a hot head: it goes on by itself. */
export interface ErrorCauseFlags {
  readonly autocutterError: boolean;
  readonly unrecoverable: boolean;
  readonly autoRecoverable: boolean;
}
/** What DLE EOT 4 says. */
export interface PaperFlags {
  readonly nearEnd: boolean;
  readonly paperOut: boolean;
}
/** What an automatic status of four bytes says. */
export type AutomaticStatus = Omit<PrinterStatusFlags, 'waitingRecovery'> &
  ErrorCauseFlags &
  PaperFlags & { readonly coverOpen: boolean };

/** The answer to DLE EOT 1. */
export function decodePrinterStatus(byte: number): PrinterStatusFlags {
  return {
    drawerPin3High: (byte & 0x04) !== 0,
    online: (byte & 0x08) === 0,
    waitingRecovery: (byte & 0x20) !== 0,
    feedButton: (byte & 0x40) !== 0,
  };
}

/** The answer to DLE EOT 2. */
export function decodeOfflineCause(byte: number): OfflineCauseFlags {
  return {
    coverOpen: (byte & 0x04) !== 0,
    feeding: (byte & 0x08) !== 0,
    paperEndStop: (byte & 0x20) !== 0,
    error: (byte & 0x40) !== 0,
  };
}

/** The answer to DLE EOT 3. */
export function decodeErrorCause(byte: number): ErrorCauseFlags {
  return {
    autocutterError: (byte & 0x08) !== 0,
    unrecoverable: (byte & 0x20) !== 0,
    autoRecoverable: (byte & 0x40) !== 0,
  };
}

/** The answer to DLE EOT 4. */
export function decodePaper(byte: number): PaperFlags {
  return { nearEnd: (byte & 0x0c) !== 0, paperOut: (byte & 0x60) !== 0 };
}

/** Decodes the four bytes of an automatic status; reserved bits, and the whole fourth byte, are ignored. */
export function decodeAutomaticStatus(bytes: readonly number[]): AutomaticStatus {
  const [first = 0, second = 0, third = 0] = bytes;
  return {
    drawerPin3High: (first & 0x04) !== 0,
    online: (first & 0x08) === 0,
    coverOpen: (first & 0x20) !== 0,
    feedButton: (first & 0x40) !== 0,
    autocutterError: (second & 0x08) !== 0,
    unrecoverable: (second & 0x20) !== 0,
    autoRecoverable: (second & 0x40) !== 0,
    nearEnd: (third & 0x03) !== 0,
    paperOut: (third & 0x0c) !== 0,
  };
}

/** One message a printer sent, told apart from the others on the same line. */
export type StatusMessage =
  | { readonly kind: 'flow'; readonly go: boolean }
  /** Answer to the DLE EOT that was asked last; only the asker knows which. */
  | { readonly kind: 'real-time'; readonly byte: number }
  | { readonly kind: 'automatic'; readonly status: AutomaticStatus }
  | { readonly kind: 'process-id'; readonly id: string }
  /** GS I information and the like: text between a header and NUL. */
  | { readonly kind: 'block'; readonly header: number; readonly text: string }
  /** One byte 0xx0xxxx: an answer to GS r or GS I. */
  | { readonly kind: 'in-turn'; readonly byte: number }
  | { readonly kind: 'garbage'; readonly byte: number };

const BLOCK_BYTES_MAX = 80;
const PROCESS_ID_HEADER = 0x22;

/**
 * Takes a printer's answers apart, byte by byte.
 *
 * Everything comes back on one line: flow control, real-time answers, automatic status, blocks. They
 * are told apart by their fixed bits (Epson's transmission status identification). Holds at most one
 * unfinished message, however long the stream and however it is cut.
 */
export class StatusStream {
  #partial: number[] = [];

  push(bytes: Uint8Array): StatusMessage[] {
    const messages: StatusMessage[] = [];
    for (const byte of bytes) this.#take(byte, messages);
    return messages;
  }

  #take(byte: number, messages: StatusMessage[]): void {
    if (byte === 0x11 || byte === 0x13) {
      messages.push({ kind: 'flow', go: byte === 0x11 });
      return;
    }
    const first = this.#partial[0];
    if (first === undefined) this.#begin(byte, messages);
    else if (isAutomaticStart(first)) this.#continueAutomatic(byte, messages);
    else this.#continueBlock(first, byte, messages);
  }

  #begin(byte: number, messages: StatusMessage[]): void {
    if (byte === 0x37 || byte === 0x5f || isAutomaticStart(byte)) this.#partial = [byte];
    else if ((byte & 0x93) === 0x12) messages.push({ kind: 'real-time', byte });
    else if ((byte & 0x90) === 0x00) messages.push({ kind: 'in-turn', byte });
    else messages.push({ kind: 'garbage', byte });
  }

  #continueAutomatic(byte: number, messages: StatusMessage[]): void {
    if ((byte & 0x90) !== 0) {
      this.#giveUp(byte, messages);
      return;
    }
    this.#partial.push(byte);
    if (this.#partial.length < 4) return;
    messages.push({ kind: 'automatic', status: decodeAutomaticStatus(this.#partial) });
    this.#partial = [];
  }

  #continueBlock(header: number, byte: number, messages: StatusMessage[]): void {
    const inside = byte >= 0x20 && byte <= 0x7e;
    if (byte !== 0 && (!inside || this.#partial.length >= BLOCK_BYTES_MAX)) {
      this.#giveUp(byte, messages);
      return;
    }
    if (byte !== 0) {
      this.#partial.push(byte);
      return;
    }
    messages.push(blockMessage(header, this.#partial.slice(1)));
    this.#partial = [];
  }

  /** The message broke off: what there was is garbage, and this byte may begin another. */
  #giveUp(byte: number, messages: StatusMessage[]): void {
    for (const each of this.#partial) messages.push({ kind: 'garbage', byte: each });
    this.#partial = [];
    this.#begin(byte, messages);
  }
}

function isAutomaticStart(byte: number): boolean {
  return (byte & 0x93) === 0x10;
}

function blockMessage(header: number, body: readonly number[]): StatusMessage {
  const text = Buffer.from(body).toString('latin1');
  if (header === 0x37 && body[0] === PROCESS_ID_HEADER && body.length === 5) {
    return { kind: 'process-id', id: text.slice(1) };
  }
  return { kind: 'block', header, text };
}
