import type { Result } from '#loyalty/result.ts';
import type { PrintProblem } from '#contract/device.ts';

/** Why a device could not be opened, or was lost: a code for people, words for the log. */
export interface TransportFailure {
  readonly problem: PrintProblem;
  readonly detail: string;
}

/** What became of bytes that were handed over. */
export type SendResult = Result<null, TransportFailure & { readonly acceptedBytes: number }>;

/** An open line to one printer. */
export interface PrinterConnection {
  /**
   * Hands bytes over; resolves when the system or the device has taken all of them. That is not
   * "printed". May stay open as long as the printer takes nothing: the caller sets the limit.
   */
  send(bytes: Uint8Array): Promise<SendResult>;
  /** What the printer says. One listener; bytes before it is set are kept from nobody: set it first. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Settles when the line is gone, whoever ended it. */
  readonly ended: Promise<TransportFailure>;
  /** Ends the line after what was handed over has gone out, at most `timeoutMs` long. */
  close(timeoutMs: number): Promise<void>;
  /** Drops the line and what is still under way, so that half a job does not come out later. */
  abort(): void;
}

/** A way to one printer. */
export interface PrinterTransport {
  /** Whether the line is kept between jobs; a network printer serves one caller at a time, so not there. */
  readonly keepsOpen: boolean;
  /** Whether the job comes out only when the line ends: then it ends right behind the job. */
  readonly printsAtEnd?: boolean;
  /** How many bytes go out before progress is looked at. */
  readonly chunkBytes: number;
  open(): Promise<Result<PrinterConnection, TransportFailure>>;
}

/** Longest detail a report may carry. */
export const DETAIL_LENGTH_MAX = 300;

/** An error of the system as a failure; `fallback` is what an unknown code comes to. */
export function failureOf(error: unknown, fallback: PrintProblem): TransportFailure {
  const detail = (error instanceof Error ? error.message : String(error)).slice(
    0,
    DETAIL_LENGTH_MAX,
  );
  return { problem: problemOfCode(codeOf(error), detail) ?? fallback, detail };
}

/** The system's error code, if it has one. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function problemOfCode(code: string | null, detail: string): PrintProblem | null {
  if (code === 'EACCES' || code === 'EPERM' || /permission denied/i.test(detail))
    return 'permission';
  if (code === 'EBUSY' || /cannot lock port|resource busy|access denied/i.test(detail))
    return 'busy';
  const absent = [
    'ENOENT',
    'ENODEV',
    'ENXIO',
    'ENOTDIR',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ];
  const unnamed = ['ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'];
  if (code !== null && (absent.includes(code) || unnamed.includes(code))) return 'unreachable';
  if (/no such file|cannot open/i.test(detail)) return 'unreachable';
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EIO' ? 'connection-lost' : null;
}
