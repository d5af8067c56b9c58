import { businessDay } from '#loyalty/business-day.ts';
import { assert, assertNever, ok, type Result } from '#loyalty/result.ts';
import { sealEntry, type EntryTooLong, type JournalHead } from '#journal/chain.ts';
import { ENTRY_VERSION, type EntryBody, type StoredEntry } from '#journal/entry.ts';
import type { Approver } from './approvals.ts';
import { wallMs, type Core } from './core.ts';
import type { TillWrites } from './database.ts';
import { triesChangeOf } from './pin-tries.ts';
import { actor, type Actor } from './staff.ts';

/** Entries of one transaction, sealed and chained behind a head, ready to be written. */
export interface SealedEntries {
  /** Where the journal must end when they are written. */
  readonly after: JournalHead;
  readonly stored: readonly StoredEntry[];
}

/** Whose entries they are, where that is not simply whoever is signed in. */
export interface Signed {
  readonly by?: Actor;
  readonly approver?: Approver | null;
}

/**
 * Seals entries behind a head. Computes and touches nothing, so that a transaction need not wait for it.
 * Refused where one would be too long for anybody to read.
 */
export function sealEntries(
  core: Core,
  after: JournalHead,
  tx: string,
  bodies: readonly EntryBody[],
  { by = actor(core), approver = null }: Signed = {},
): Result<SealedEntries, EntryTooLong> {
  const { identity, app } = core.options;
  const atMs = wallMs(core);
  const day = businessDay(atMs, core.config);
  const monoMs = Math.floor(core.ports.clock.monoMs());
  let head = after;
  const stored: StoredEntry[] = [];
  for (const body of bodies) {
    const sealed = sealEntry(
      {
        v: ENTRY_VERSION,
        ...identity,
        seq: head.seq + 1,
        tx,
        atMs,
        monoMs,
        day,
        cashier: by.cashier,
        role: by.role,
        ...(approver === null ? {} : { approver }),
        app,
        body,
      },
      head,
      core.ports.crypto.chainHash,
    );
    if (!sealed.ok) return sealed;
    stored.push(sealed.value);
    head = { seq: sealed.value.entry.seq, hash: sealed.value.hash };
  }
  return ok({ after, stored });
}

/** Where the journal ends once sealed entries are written. */
export function headAfter({ after, stored }: SealedEntries): JournalHead {
  const last = stored.at(-1);
  return last === undefined ? after : { seq: last.entry.seq, hash: last.hash };
}

/**
 * Writes sealed entries and books what they move. The only place that writes the journal.
 *
 * The table itself takes no entry but the next number, so entries sealed for another head fail.
 */
export function writeEntries(writes: TillWrites, sealed: SealedEntries): void {
  for (const { entry, text, hash } of sealed.stored) {
    const { seq, tx, day, body } = entry;
    writes.appendEntry({ seq, tx, kind: body.kind, day, text, hash });
    const moved = movementOf(body);
    if (moved !== null) writes.addMovement(seq, moved.member, moved.programme, moved.points);
    const tries = triesChangeOf(entry);
    if (tries !== null) writes.changePinTries(tries);
  }
}

/**
 * Seals and writes the entries of one transaction, inside the one that also writes what they stand for.
 * Not for a sale: no other deed's entries can be too long.
 */
export function appendEntries(
  core: Core,
  writes: TillWrites,
  tx: string,
  bodies: readonly EntryBody[],
  signed: Signed = {},
): readonly StoredEntry[] {
  const sealed = sealEntries(core, writes.head(), tx, bodies, signed);
  assert(sealed.ok, 'an entry that is no sale is short');
  writeEntries(writes, sealed.value);
  return sealed.value.stored;
}

/** What an entry does to a member's points; null where it does nothing. */
export function movementOf(
  body: EntryBody,
): { readonly member: string; readonly programme: string; readonly points: number } | null {
  switch (body.kind) {
    case 'earn':
    case 'issue':
    case 'reverse':
      return { member: body.member, programme: body.programme, points: body.points };
    case 'redeem':
      return { member: body.member, programme: body.programme, points: -body.points };
    case 'sale':
    case 'return':
    case 'claim':
    case 'enrol':
    case 'grant-accept':
    case 'grant-close':
    case 'shift-open':
    case 'shift-close':
    case 'told':
    case 'reprint':
    case 'clock-jump':
    case 'sign-in':
    case 'sign-out':
    case 'pin-wrong':
    case 'drawer-open':
    case 'void':
    case 'survey-asked':
    case 'survey-answer':
      return null;
    default:
      return assertNever(body, 'movementOf');
  }
}
