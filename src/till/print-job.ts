import { RECEIPT_LINES_MAX } from '#contract/device.ts';
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
  return { job, sale, copy, kind, documentJson: JSON.stringify(fitting(document)) };
}

/** Lines that stand after the basket: total, payment, points, codes. */
const TAIL_LINES = 60;

/**
 * A document that every reader of it takes: one that is too long for the paper loses lines of its
 * middle, and shows that; the journal has them. A sale must never be refused for its receipt.
 */
function fitting(document: ReceiptDocument): ReceiptDocument {
  const { lines } = document;
  if (lines.length <= RECEIPT_LINES_MAX) return document;
  const gap = { kind: 'text', text: '…', align: 'center', size: 'normal', bold: false } as const;
  const head = lines.slice(0, RECEIPT_LINES_MAX - TAIL_LINES - 1);
  return { ...document, lines: [...head, gap, ...lines.slice(-TAIL_LINES)] };
}
