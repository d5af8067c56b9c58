import type { ReceiptDocument } from '#loyalty/receipt.ts';
import type { PrintJob } from './database.ts';

/** A new job that waits for the printer. */
export function queuedJob(
  job: string,
  sale: string,
  kind: PrintJob['kind'],
  document: ReceiptDocument,
  copy = 0,
): PrintJob {
  return {
    job,
    sale,
    copy,
    kind,
    document,
    state: 'queued',
    problem: null,
    detail: '',
    sentBytes: 0,
    totalBytes: 0,
  };
}
