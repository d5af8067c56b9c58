import type { Message } from '#contract/till-state.ts';
import {
  journalEntry,
  type EntryBody,
  type ShiftFigures,
  type Tenders,
  type StoredEntry,
} from '#journal/entry.ts';
import { mainProgramme } from '#loyalty/programme.ts';
import { assert, assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { forgetApproval, permit } from './approvals.ts';
import { commit, saveSession, wallMs, type Core } from './core.ts';
import type { ShiftRow, TillReads, TillWrites } from './database.ts';
import { appendEntries } from './journal-writer.ts';
import { queuedJob } from './print-job.ts';
import { shiftReceipt } from './receipt/shift-receipt.ts';
import { refusal } from './session.ts';

/** Entries read at a time when a shift is added up. */
const PAGE = 1000;

/** The entry of a shift that opens by itself: nobody counted. */
export const SHIFT_OPEN: EntryBody = { kind: 'shift-open', floatMinor: 0 };

/** A shift as its opening entry made it. */
export function openedShift(number: number, opening: StoredEntry): ShiftRow {
  const { seq, atMs } = opening.entry;
  return { number, firstSeq: seq, lastSeq: null, openedAtMs: atMs, sales: 0 };
}

/** The open shift; a return opens one by itself as a sale does. Inside the return's transaction. */
export function openShiftIfNeeded(core: Core, writes: TillWrites): ShiftRow {
  return writes.openShift() ?? writeOpening(core, writes, SHIFT_OPEN);
}

function writeOpening(core: Core, writes: TillWrites, body: EntryBody): ShiftRow {
  const [opening] = appendEntries(core, writes, core.ports.ids.uuid(), [body]);
  assert(opening !== undefined, 'one entry was appended');
  const shift = openedShift(writes.lastShiftNumber() + 1, opening);
  writes.saveShift(shift);
  return shift;
}

/** Opens the shift with a count of the drawer, before the first sale does so without one. */
export function openShift(core: Core, floatMinor: number): Result<null, Message> {
  if (core.ports.database.read.openShift() !== null) return err(refusal('shift-open-already'));
  const opened = commit(core, (writes) =>
    writeOpening(core, writes, { kind: 'shift-open', floatMinor, counted: true }),
  );
  if (!opened.ok) return opened;
  core.changed();
  core.followUp();
  return ok(null);
}

const lastOpening = new WeakMap<TillReads, { readonly firstSeq: number; isCounted: boolean }>();

/** Whether the drawer was counted when the shift opened; read once, since every state says it. */
export function isFloatCounted(read: TillReads, { firstSeq }: ShiftRow): boolean {
  const known = lastOpening.get(read);
  if (known?.firstSeq === firstSeq) return known.isCounted;
  const [row] = read.entriesBetween(firstSeq, firstSeq);
  const body = row === undefined ? null : journalEntry.parse(JSON.parse(row.text)).body;
  const isCounted = body?.kind === 'shift-open' && body.counted === true;
  lastOpening.set(read, { firstSeq, isCounted });
  return isCounted;
}

/** Counts one more sale for the bar at the top; the report itself adds up the journal. */
export function countSale(writes: TillWrites, shift: ShiftRow): void {
  writes.saveShift({ ...shift, sales: shift.sales + 1 });
}

type Voids = NonNullable<ShiftFigures['voids']>;

type Sums = Omit<ShiftFigures, 'number' | 'countedMinor' | 'tenders' | 'voids'> & {
  readonly tenders: Tenders;
  readonly voids: Voids;
};

const NOTHING: Sums = {
  sales: 0,
  salesWithMember: 0,
  totalMinor: 0,
  tenders: { cashMinor: 0, cardMinor: 0, otherMinor: 0, valueMinor: 0 },
  returnsMinor: 0,
  cashMinor: 0,
  drawerOpenings: 0,
  voids: { lines: 0, amountMinor: 0 },
  earned: 0,
  redeemed: 0,
  reversed: 0,
};

type Sale = Extract<EntryBody, { kind: 'sale' }>;

/** What was paid at the till: wallets and gift cards paid the rest. */
function dueOf({ totalMinor, snapshot }: Sale): number {
  return totalMinor - snapshot.paidByValueMinor;
}

function addTender(tenders: Tenders, sale: Sale): Tenders {
  const field = `${sale.tender}Minor` as const;
  const valueMinor = tenders.valueMinor + sale.snapshot.paidByValueMinor;
  return { ...tenders, valueMinor, [field]: tenders[field] + dueOf(sale) };
}

function addVoid(sums: Voids, { lines, amountMinor }: Voids): Voids {
  return { lines: sums.lines + lines, amountMinor: sums.amountMinor + amountMinor };
}

/** What one entry adds to the figures of its shift; points are those of the main programme. */
function addToFigures(sums: Sums, body: EntryBody, main: string | null): Sums {
  switch (body.kind) {
    case 'sale':
      return {
        ...sums,
        sales: sums.sales + 1,
        salesWithMember: sums.salesWithMember + (body.member === null ? 0 : 1),
        totalMinor: sums.totalMinor + body.totalMinor,
        tenders: addTender(sums.tenders, body),
        cashMinor: sums.cashMinor + (body.tender === 'cash' ? dueOf(body) : 0),
      };
    case 'return':
      return {
        ...sums,
        returnsMinor: sums.returnsMinor + body.refundMinor,
        cashMinor: sums.cashMinor - body.refundMinor,
      };
    case 'earn':
      return body.programme === main ? { ...sums, earned: sums.earned + body.points } : sums;
    case 'redeem':
      return body.programme === main ? { ...sums, redeemed: sums.redeemed + body.points } : sums;
    case 'reverse':
      return body.programme === main ? { ...sums, reversed: sums.reversed + body.points } : sums;
    case 'drawer-open':
      return { ...sums, drawerOpenings: sums.drawerOpenings + 1 };
    case 'void':
      return { ...sums, voids: addVoid(sums.voids, body) };
    case 'shift-open':
      return body.counted === true ? { ...sums, floatMinor: body.floatMinor } : sums;
    case 'claim':
    case 'enrol':
    case 'grant-accept':
    case 'grant-close':
    case 'shift-close':
    case 'issue':
    case 'told':
    case 'reprint':
    case 'clock-jump':
    case 'sign-in':
    case 'sign-out':
    case 'pin-wrong':
    case 'survey-asked':
    case 'survey-answer':
      return sums;
    default:
      return assertNever(body, 'shift figures');
  }
}

/**
 * The figures of the open shift, or of one that closes: a fold over its part of the journal, which begins
 * where the shift before ended. What was done before anybody sold is in it.
 */
export function shiftFigures(core: Core, shift: ShiftRow): ShiftFigures {
  const { read } = core.ports.database;
  const main = mainProgramme(core.config.programmes)?.id ?? null;
  const lastSeq = shift.lastSeq ?? read.head().seq;
  let sums = NOTHING;
  const before = read.shifts(2).find(({ number }) => number < shift.number);
  let after = before?.lastSeq ?? 0;
  while (after < lastSeq) {
    const rows = read.entriesBetween(after + 1, Math.min(after + PAGE, lastSeq));
    for (const { text } of rows)
      sums = addToFigures(sums, journalEntry.parse(JSON.parse(text)).body, main);
    after += PAGE;
  }
  return { number: shift.number, countedMinor: null, ...sums };
}

/**
 * Closes the shift: figures into the journal under a number of their own, and onto paper. What was in
 * the drawer at the start may be told now where nobody counted it then; a count made then stands.
 */
export function closeShift(
  core: Core,
  countedMinor: number | null,
  toldFloatMinor: number | null,
): Result<ShiftFigures, Message> {
  const { read } = core.ports.database;
  const shift = read.openShift();
  if (shift === null) return err(refusal('no-open-shift'));
  if (core.counter.session.lines.length > 0) return err(refusal('sale-open'));
  const permitted = countedMinor === null ? permit(core, 'close-uncounted') : ok(null);
  if (!permitted.ok) return permitted;
  const approver = permitted.value;
  const sums = shiftFigures(core, shift);
  const told = toldFloatMinor === null ? {} : { floatMinor: toldFloatMinor };
  const figures: ShiftFigures = { ...told, ...sums, countedMinor };
  const tx = core.ports.ids.uuid();
  // What was taken off in this shift is in its figures: nobody brings it back in the next.
  const open = { ...core.counter.session, past: [] };
  const closed = commit(core, (writes) => {
    const [stored] = appendEntries(core, writes, tx, [{ kind: 'shift-close', ...figures }], {
      approver,
    });
    assert(stored !== undefined, 'one entry was appended');
    writes.saveShift({ ...shift, lastSeq: stored.entry.seq });
    saveSession(writes, open);
    const slip = shiftReceipt(core, figures, shift.openedAtMs, wallMs(core));
    writes.savePrintJob(queuedJob(core.ports.ids.uuid(), tx, 'shift', slip));
  });
  if (!closed.ok) return closed;
  core.counter.session = open;
  forgetApproval(core, 'close-uncounted');
  core.ports.database.checkpoint();
  core.changed();
  core.wakePrinter();
  core.wakeSync();
  return ok(figures);
}
