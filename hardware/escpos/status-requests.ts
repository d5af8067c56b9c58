import { assertNever } from '#loyalty/result.ts';
import type { StatusName } from './escpos-types.ts';
import { commands } from './commands.ts';
import {
  decodeErrorCause,
  decodeOfflineCause,
  decodePaper,
  decodePrinterStatus,
  StatusStream,
  type ErrorCauseFlags,
  type OfflineCauseFlags,
  type PaperFlags,
  type PrinterStatusFlags,
} from './status-stream.ts';

/** escpos' status names and what each asks, in the order they are asked. */
export const STATUS_REQUESTS = {
  PrinterStatus: 1,
  OfflineCauseStatus: 2,
  ErrorCauseStatus: 3,
  RollPaperSensorStatus: 4,
} as const satisfies Record<StatusName, 1 | 2 | 3 | 4>;

/** One real-time answer, decoded. */
export type RealTimeStatus =
  | ({ readonly name: 'PrinterStatus' } & PrinterStatusFlags)
  | ({ readonly name: 'OfflineCauseStatus' } & OfflineCauseFlags)
  | ({ readonly name: 'ErrorCauseStatus' } & ErrorCauseFlags)
  | ({ readonly name: 'RollPaperSensorStatus' } & PaperFlags);

/** Decodes an answer by the name of what was asked. */
export function decodeRealTime(name: StatusName, byte: number): RealTimeStatus {
  switch (name) {
    case 'PrinterStatus':
      return { name, ...decodePrinterStatus(byte) };
    case 'OfflineCauseStatus':
      return { name, ...decodeOfflineCause(byte) };
    case 'ErrorCauseStatus':
      return { name, ...decodeErrorCause(byte) };
    case 'RollPaperSensorStatus':
      return { name, ...decodePaper(byte) };
    default:
      return assertNever(name, 'status name');
  }
}

/**
 * Asks for statuses one after the other and hands them back together.
 *
 * Answers do not say what they answer, so a question is only asked when the one before is answered;
 * escpos asks all four at once and takes whatever bytes come in order (node-thermal-printer#211).
 */
export class StatusCollector {
  readonly #names: readonly StatusName[];
  readonly #write: (bytes: Buffer) => void;
  readonly #done: (statuses: readonly RealTimeStatus[]) => void;
  readonly #stream = new StatusStream();
  readonly #answers: RealTimeStatus[] = [];

  constructor(
    names: readonly StatusName[],
    write: (bytes: Buffer) => void,
    done: (statuses: readonly RealTimeStatus[]) => void,
  ) {
    this.#names = names;
    this.#write = write;
    this.#done = done;
  }

  start(): void {
    const name = this.#names[this.#answers.length];
    if (name !== undefined) this.#write(commands.requestStatus(STATUS_REQUESTS[name]));
  }

  push(bytes: Uint8Array): void {
    for (const message of this.#stream.push(bytes)) {
      const name = this.#names[this.#answers.length];
      if (message.kind !== 'real-time' || name === undefined) continue;
      this.#answers.push(decodeRealTime(name, message.byte));
      if (this.#answers.length === this.#names.length) this.#done(this.#answers);
      else this.start();
    }
  }
}
