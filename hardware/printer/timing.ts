/** Every limit of the printer half, in one place; tests shorten them. All in milliseconds. */
export interface PrinterTiming {
  readonly connectTimeoutMs: number;
  /** For one real-time status answer. */
  readonly statusTimeoutMs: number;
  /** Without a byte taken, and no reason known. */
  readonly stallTimeoutMs: number;
  /** From the last byte to the proof of print. */
  readonly proofTimeoutMs: number;
  /** How long a job waits for a person to put paper in or to close the cover. */
  readonly recoveryTimeoutMs: number;
  /** How often the printer is asked what is wrong while a job waits. */
  readonly waitPollMs: number;
  /** How often an idle printer is asked, when it was well and when it was not; 0 asks never. */
  readonly idlePollMs: number;
  readonly troublePollMs: number;
  /** How long a network line stays open after a job, for a late answer or the next job. */
  readonly lingerMs: number;
  /** For a job and, after it, for a line to end when the device process stops. */
  readonly closeTimeoutMs: number;
}

/** What a shop runs with. */
export const DEFAULT_TIMING: PrinterTiming = {
  connectTimeoutMs: 3_000,
  statusTimeoutMs: 700,
  stallTimeoutMs: 15_000,
  proofTimeoutMs: 10_000,
  recoveryTimeoutMs: 120_000,
  waitPollMs: 1_000,
  idlePollMs: 60_000,
  troublePollMs: 5_000,
  lingerMs: 3_000,
  closeTimeoutMs: 1_200,
};
