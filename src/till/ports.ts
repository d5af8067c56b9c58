import type {
  PrinterStatus,
  PrintJobReport,
  ScannerStatus,
  VirtualPaper,
} from '#contract/device.ts';
import type { SyncCall, SyncInput } from '#contract/sync.ts';
import type { ChainHash } from '#journal/chain.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import type { Result } from '#loyalty/result.ts';
import type { ScannedCode, ScanSource } from '#scan/code.ts';
import type { TillDatabase } from './database.ts';

/** Time, as an argument. Wall time is a label; every deadline uses monotonic time. */
export interface Clock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds of a clock that never goes back while the process lives, and goes on in the machine's sleep. */
  monoMs(): number;
}

/** Identities and randomness. */
export interface Ids {
  /** UUID version 7, lower case. */
  uuid(): string;
  /** Cryptographically random; at most 64 at a time. */
  randomBytes(count: number): Uint8Array;
}

/** What needs a key or a digest. Keys never enter the core. */
export interface TillCrypto {
  readonly chainHash: ChainHash;
  /** HMAC-SHA-256 (lower-case hex) of `kind:value` under the tenant's identifier key. */
  identifierHash(kind: 'card' | 'phone' | 'voucher', value: string): string;
  /** SHA-256 of the UTF-8 bytes, lower-case hex. */
  sha256Hex(text: string): string;
  /** Ed25519 over the bytes that `hex` stands for, base64url. */
  sign(hex: string): string;
  /** The hash of a PIN as the centre sends it, as this till keeps it: under its own pepper. */
  pepperPin(hash: string): string;
  /**
   * Whether a typed PIN is the one that is kept. Slow on purpose, and in a time that says nothing of
   * how nearly it was right.
   */
  pinFits(pin: string, kept: { readonly salt: string; readonly hash: string }): Promise<boolean>;
}

/**
 * Why the server could not be asked. None of these says whether it did what was asked, but `wrong-key`:
 * somebody else answered, and was told nothing.
 */
export interface LinkProblem {
  readonly code: 'unreachable' | 'timeout' | 'bad-answer' | 'refused' | 'wrong-key';
  /** For the log; never a body, never an identifier. */
  readonly detail: string;
}

/**
 * The way to the central server: one signed call at a time, answered or not.
 *
 * The answer is `unknown` on purpose: the core checks it against `syncContract` at its own border, so
 * that no implementation can let half an answer in. Never rejects. Must end by `timeoutMs`; the core
 * stops waiting then in any case.
 */
export interface ServerLink {
  call<Call extends SyncCall>(
    name: Call,
    input: SyncInput<Call>,
    timeoutMs: number,
  ): Promise<Result<unknown, LinkProblem>>;
  /**
   * Calls back when the server says that something has changed; only a hint, which may not come.
   * Left out where there is no such stream. Returns the function that ends it.
   */
  onPoke?(poked: () => void): () => void;
}

/** What the device process says unasked, and that it came or went. */
export type DeviceEvent =
  | { readonly kind: 'scan'; readonly code: ScannedCode; readonly source: ScanSource }
  | { readonly kind: 'print-job'; readonly report: PrintJobReport }
  | { readonly kind: 'printer'; readonly status: PrinterStatus }
  | { readonly kind: 'scanner'; readonly status: ScannerStatus }
  | { readonly kind: 'paper'; readonly paper: VirtualPaper }
  | { readonly kind: 'started' }
  | { readonly kind: 'stopped' };

/** Printer, scanners and their beeps, behind a process that may die. Never rejects. */
export interface Devices {
  /** Resolves with the last report of the job; `gone` when the device process died meanwhile. */
  print(
    jobId: string,
    document: ReceiptDocument,
  ): Promise<Result<PrintJobReport, { readonly code: 'gone' }>>;
  status(): Promise<
    Result<
      { readonly printer: PrinterStatus; readonly scanners: readonly ScannerStatus[] },
      { readonly code: 'gone' }
    >
  >;
  beep(kind: 'good' | 'error'): void;
  /** Returns the function that removes the listener. */
  onEvent(listener: (event: DeviceEvent) => void): () => void;
}

/** Structured log; fields hold codes, counts and random references, never an identifier. */
export interface Log {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Runs something later, on the monotonic clock. Returns the function that prevents it. */
export interface Timer {
  after(delayMs: number, run: () => void): () => void;
}

/** Everything a till needs from the outside; composed by the shell, faked for time and devices in tests. */
export interface TillPorts {
  readonly database: TillDatabase;
  readonly server: ServerLink;
  readonly devices: Devices;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly crypto: TillCrypto;
  readonly log: Log;
  readonly timer: Timer;
}
