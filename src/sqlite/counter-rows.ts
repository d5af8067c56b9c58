import { receiptDocument } from '#contract/device.ts';
import type {
  ClaimRow,
  ParkedRow,
  PrintJob,
  PrintProgress,
  QueuedJob,
  SaleRow,
  ShiftRow,
} from '#till/database.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

/** The open basket as it was last saved. */
export function readDraft(db: ReadableDb): string | null {
  return db.get<{ json: string }>('SELECT json FROM draft')?.json ?? null;
}

/** Replaces the open basket. */
export function writeDraft(db: WritableDb, json: string): void {
  db.run('INSERT INTO draft VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json', json);
}

/** The return being prepared, as it was last saved. */
export function readDraftReturn(db: ReadableDb): string | null {
  return db.get<{ json: string }>('SELECT json FROM draft_return')?.json ?? null;
}

/** Replaces the return being prepared; null where there is none any more. */
export function writeDraftReturn(db: WritableDb, json: string | null): void {
  if (json === null) db.run('DELETE FROM draft_return');
  else {
    db.run(
      'INSERT INTO draft_return VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
      json,
    );
  }
}

/** Sales set aside, oldest first. */
export function readParked(db: ReadableDb): ParkedRow[] {
  return db.all<ParkedRow>(
    'SELECT sale, at_ms AS atMs, json FROM parked_sale ORDER BY at_ms, sale',
  );
}

/** Sets a sale aside. */
export function writeParked(db: WritableDb, { sale, atMs, json }: ParkedRow): void {
  db.run('INSERT INTO parked_sale VALUES (?, ?, ?)', sale, atMs, json);
}

/** A sale that is no longer set aside. */
export function dropParked(db: WritableDb, sale: string): void {
  db.run('DELETE FROM parked_sale WHERE sale = ?', sale);
}

const SALE =
  'SELECT seq, last_seq AS lastSeq, number, tx, kind, receipt, content_hash AS contentHash, of, balance_after AS balanceAfter FROM sale';

/** A sale or return by its transaction. */
export function readSaleByTx(db: ReadableDb, tx: string): SaleRow | null {
  return db.get<SaleRow>(`${SALE} WHERE tx = ?`, tx) ?? null;
}

/** A sale or return by its receipt token. */
export function readSaleByReceipt(db: ReadableDb, receipt: string): SaleRow | null {
  return db.get<SaleRow>(`${SALE} WHERE receipt = ?`, receipt) ?? null;
}

/** The returns of a sale, oldest first. */
export function readReturnsOf(db: ReadableDb, tx: string): SaleRow[] {
  return db.all<SaleRow>(`${SALE} WHERE of = ? ORDER BY seq`, tx);
}

/** The newest sale or return. */
export function readLastSale(db: ReadableDb): SaleRow | null {
  return db.get<SaleRow>(`${SALE} ORDER BY seq DESC LIMIT 1`) ?? null;
}

/** Sales and returns after `seq`, from the receipt numbers: no counting, however many wait. */
export function readWaitingAfter(db: ReadableDb, seq: number): number {
  const row = db.get<{ waiting: number }>(
    `SELECT coalesce((SELECT number FROM sale ORDER BY seq DESC LIMIT 1), 0)
          - coalesce((SELECT number FROM sale WHERE seq <= ? ORDER BY seq DESC LIMIT 1), 0) AS waiting`,
    seq,
  );
  return row?.waiting ?? 0;
}

/** Notes where a sale or return lies in the journal. */
export function writeSale(db: WritableDb, row: SaleRow): void {
  db.run(
    'INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.seq,
    row.lastSeq,
    row.number,
    row.tx,
    row.kind,
    row.receipt,
    row.contentHash,
    row.of,
    row.balanceAfter,
  );
}

/** Where the claim of a sale is. */
export function readClaimOf(db: ReadableDb, sale: string): ClaimRow | null {
  return (
    db.get<ClaimRow>(
      'SELECT sale, first_seq AS firstSeq, last_seq AS lastSeq FROM claim WHERE sale = ?',
      sale,
    ) ?? null
  );
}

/** Notes a claim; a second one for the same sale is stopped by the key. */
export function writeClaim(db: WritableDb, row: ClaimRow): void {
  db.run('INSERT INTO claim VALUES (?, ?, ?)', row.sale, row.firstSeq, row.lastSeq);
}

type PrintJobRow = Omit<PrintJob, 'document'> & { readonly document: string };

const PRINT_JOB =
  'SELECT job, sale, copy, kind, document, state, problem, detail, sent_bytes AS sentBytes, total_bytes AS totalBytes FROM print_job';

const printJob = (row: PrintJobRow): PrintJob => ({
  ...row,
  document: receiptDocument.parse(JSON.parse(row.document)),
});

/** A print job by its id. */
export function readPrintJob(db: ReadableDb, job: string): PrintJob | null {
  const row = db.get<PrintJobRow>(`${PRINT_JOB} WHERE job = ?`, job);
  return row === undefined ? null : printJob(row);
}

/** The print jobs of a transaction, newest first. */
export function readPrintJobsOf(db: ReadableDb, sale: string): PrintJob[] {
  return db.all<PrintJobRow>(`${PRINT_JOB} WHERE sale = ? ORDER BY copy DESC`, sale).map(printJob);
}

/** Jobs that wait or are being sent, oldest first; both states are named for the index over them. */
export function readOpenPrintJobs(
  db: ReadableDb,
  state: 'queued' | 'sending',
  limit: number,
): PrintJob[] {
  return db
    .all<PrintJobRow>(
      `${PRINT_JOB} WHERE state IN ('queued', 'sending') AND state = ? ORDER BY job LIMIT ?`,
      state,
      limit,
    )
    .map(printJob);
}

/** Queues a print job with its frozen document. */
export function writePrintJob(db: WritableDb, job: QueuedJob): void {
  db.run(
    "INSERT INTO print_job (job, sale, copy, kind, document, state) VALUES (?, ?, ?, ?, ?, 'queued')",
    job.job,
    job.sale,
    job.copy,
    job.kind,
    job.documentJson,
  );
}

/** Notes how far a job has come. */
export function updatePrintJob(db: WritableDb, job: string, progress: PrintProgress): void {
  db.run(
    'UPDATE print_job SET state = ?, problem = ?, detail = ?, sent_bytes = ?, total_bytes = ? WHERE job = ?',
    progress.state,
    progress.problem,
    progress.detail,
    progress.sentBytes,
    progress.totalBytes,
    job,
  );
}

/** The open shift. */
export function readOpenShift(db: ReadableDb): ShiftRow | null {
  const row = db.get<ShiftRow>(
    `SELECT number, first_seq AS firstSeq, last_seq AS lastSeq, opened_at_ms AS openedAtMs, sales
       FROM shift WHERE last_seq IS NULL`,
  );
  return row ?? null;
}

/** The newest shifts, newest first. */
export function readShifts(db: ReadableDb, limit: number): readonly ShiftRow[] {
  return db.all<ShiftRow>(
    `SELECT number, first_seq AS firstSeq, last_seq AS lastSeq, opened_at_ms AS openedAtMs, sales
       FROM shift ORDER BY number DESC LIMIT ?`,
    limit,
  );
}

/** Number of the newest shift, 0 before the first. */
export function readLastShiftNumber(db: ReadableDb): number {
  const row = db.get<{ number: number }>('SELECT number FROM shift ORDER BY number DESC LIMIT 1');
  return row?.number ?? 0;
}

/** Opens, counts up or closes a shift. */
export function writeShift(db: WritableDb, row: ShiftRow): void {
  db.run(
    `INSERT INTO shift VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET last_seq = excluded.last_seq, sales = excluded.sales`,
    row.number,
    row.firstSeq,
    row.lastSeq,
    row.openedAtMs,
    row.sales,
  );
}
