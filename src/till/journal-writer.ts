import { businessDay } from '#loyalty/business-day.ts';
import { assertNever } from '#loyalty/result.ts';
import { sealEntry } from '#journal/chain.ts';
import { ENTRY_VERSION, type EntryBody, type StoredEntry } from '#journal/entry.ts';
import { wallMs, type Core } from './core.ts';
import type { TillWrites } from './database.ts';

/**
 * Appends entries of one transaction to the journal, sealed and chained, and books what they move.
 *
 * The only place that writes the journal. Called inside the transaction that also writes whatever
 * the entries stand for.
 */
export function appendEntries(
  core: Core,
  writes: TillWrites,
  tx: string,
  bodies: readonly EntryBody[],
): readonly StoredEntry[] {
  const { identity, app } = core.options;
  const atMs = wallMs(core);
  const day = businessDay(atMs, core.config);
  const monoMs = Math.floor(core.ports.clock.monoMs());
  let head = writes.head();
  return bodies.map((body) => {
    const stored = sealEntry(
      {
        v: ENTRY_VERSION,
        ...identity,
        seq: head.seq + 1,
        tx,
        atMs,
        monoMs,
        day,
        cashier: core.cashier,
        app,
        body,
      },
      head,
      core.ports.crypto.chainHash,
    );
    const { seq } = stored.entry;
    writes.appendEntry({ seq, tx, kind: body.kind, day, text: stored.text, hash: stored.hash });
    const moved = movementOf(body);
    if (moved !== null) writes.addMovement(seq, moved.member, moved.programme, moved.points);
    head = { seq, hash: stored.hash };
    return stored;
  });
}

/** What an entry does to a member's points; null where it does nothing. */
export function movementOf(
  body: EntryBody,
): { readonly member: string; readonly programme: string; readonly points: number } | null {
  switch (body.kind) {
    case 'earn':
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
    case 'reprint':
    case 'clock-jump':
      return null;
    default:
      return assertNever(body, 'movementOf');
  }
}
