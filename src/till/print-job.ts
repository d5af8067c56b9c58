import type { ReceiptDocument } from '#loyalty/receipt.ts';
import type { PrintJob, QueuedJob } from './database.ts';

/** A new job that waits for the printer; its document is frozen here, outside any transaction. */
export function queuedJob(
  job: string,
  sale: string,
  kind: PrintJob['kind'],
  document: ReceiptDocument,
  copy = 0,
): QueuedJob {
  return { job, sale, copy, kind, documentJson: JSON.stringify(document) };
}
