import type { PrintJobReport, VirtualPaper } from '#contract/device.ts';
import type { Message } from '#contract/till-state.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';
import { queuedJob } from './print-job.ts';
import { progressOf } from './print-progress.ts';
import { copyOf } from './receipt/copy.ts';
import { refusal } from './session.ts';

/** Most copies of one receipt. */
const COPIES_MAX = 99;

/** Prints a receipt again: the frozen document, marked as a copy, and journalled as one. */
export function reprint(core: Core, saleId: string): Result<null, Message> {
  const { database, ids } = core.ports;
  const jobs = database.read.printJobsOf(saleId);
  const original = jobs.at(-1);
  const newest = jobs[0];
  if (original === undefined || newest === undefined) return err(refusal('no-receipt-here'));
  const copy = newest.copy + 1;
  if (copy > COPIES_MAX) return err(refusal('too-many-copies', { max: COPIES_MAX }));
  assert(original.copy === 0, 'the oldest job of a sale is its original');
  const written = commit(core, (writes) => {
    appendEntries(core, writes, ids.uuid(), [{ kind: 'reprint', of: saleId, copy }]);
    const document = copyOf(original.document, copy);
    writes.savePrintJob(queuedJob(ids.uuid(), saleId, original.kind, document, copy));
  });
  if (!written.ok) return written;
  core.changed();
  core.followUp();
  return ok(null);
}

/** What was printed for a sale, how it went, and the paper where the printer is a virtual one. */
export interface PrintedReceipt {
  readonly document: ReceiptDocument;
  readonly job: PrintJobReport;
  readonly paper: VirtualPaper | null;
}

/** The newest print of a sale. */
export function printedReceipt(core: Core, saleId: string): PrintedReceipt | null {
  const newest = core.ports.database.read.printJobsOf(saleId)[0];
  if (newest === undefined) return null;
  return {
    document: newest.document,
    job: { jobId: newest.job, ...progressOf(core, newest) },
    paper: core.devices.papers.get(newest.job) ?? null,
  };
}
