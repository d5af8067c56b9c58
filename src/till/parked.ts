import { z } from 'zod';
import type { Message, TillState } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { slipOfLeaving } from './card-issue.ts';
import { bringBack, hadBy, sayAndGoOn } from './bring-back.ts';
import { holding } from './codes.ts';
import { commit, saveSession, wallMs, type Core } from './core.ts';
import type { ParkedRow } from './database.ts';
import { closeGrants, endRewards } from './grants.ts';
import { attachedNow } from './members.ts';
import { emptySession, grossMinor, refusal, type Session } from './session.ts';
import { hadOnce, session } from './session-shape.ts';

/** Most sales that wait; more is a counter that has lost count. */
export const PARKED_MAX = 20;

/** A sale that waits: its rewards and codes by name, because what they held was given back. */
const parkedSale = z.strictObject({
  ...session.pick({ saleId: true, lines: true, member: true, nextLine: true }).shape,
  ...hadOnce.shape,
});
type ParkedSale = z.output<typeof parkedSale>;

/** The sales that wait, oldest first. */
export function parkedView(core: Core): TillState['parked'] {
  const { read } = core.ports.database;
  return read.parkedSales().map(({ sale, atMs, json }) => {
    const { lines, member } = parkedSale.parse(JSON.parse(json));
    return {
      sale,
      atMs,
      lines: lines.length,
      totalMinor: lines.reduce((sum, line) => sum + grossMinor(line), 0),
      displayName: member === null ? null : (read.member(member.member)?.displayName ?? null),
    };
  });
}

/**
 * Sets the open sale aside and begins the next.
 *
 * What it had on hold is given back meanwhile: points must not wait in a sale that may never be
 * settled. Recalled, it asks for them again.
 */
export function parkSale(core: Core): Result<null, Message> {
  const { session: open } = core.counter;
  if (open.lines.length === 0) return err(refusal('nothing-to-park'));
  if (core.ports.database.read.parkedSales().length >= PARKED_MAX) {
    return err(refusal('too-many-parked', { max: PARKED_MAX }));
  }
  const next = emptySession(core.ports.ids.uuid());
  const slip = slipOfLeaving(core, null);
  const written = commit(
    core,
    (writes) => {
      writes.parkSale(rowOf(core, open));
      if (slip !== null) writes.savePrintJob(slip);
      saveSession(writes, next);
    },
    () => isParked(core, open.saleId),
  );
  if (!written.ok) return written;
  begin(core, next);
  core.changed();
  return ok(null);
}

function rowOf(core: Core, open: Session): ParkedRow {
  const { saleId, lines, member, nextLine } = open;
  const waits: ParkedSale = {
    saleId,
    lines,
    member,
    nextLine,
    ...hadBy(open),
  };
  return { sale: saleId, atMs: wallMs(core), json: JSON.stringify(waits) };
}

/** Another sale is open now: what the one before had on hold goes back, and nothing of its shopper stays. */
function begin(core: Core, next: Session): void {
  const { counter } = core;
  endRewards(core, 'basket-cleared');
  closeGrants(core, counter.session.codes.map(holding), 'basket-cleared');
  counter.session = next;
  // A card that waited for the receipt of the sale before is a slip now.
  core.wakePrinter();
  counter.lastTx = null;
  counter.undo = null;
  counter.unknown = null;
  counter.lookup = null;
}

/**
 * Brings back a sale that waits; one with goods that is open now is set aside in its place, in the same
 * transaction: neither is lost, and no more wait than did.
 */
export async function recallSale(core: Core, sale: string): Promise<Result<null, Message>> {
  const row = core.ports.database.read.parkedSales().find((parked) => parked.sale === sale);
  if (row === undefined) return err(refusal('no-such-parked'));
  const { rewards, codes, ...kept } = parkedSale.parse(JSON.parse(row.json));
  const open = core.counter.session;
  const member = attachedNow(core, kept.member);
  const comingBack = { rewards, codes };
  const next = { ...emptySession(kept.saleId), ...kept, member, comingBack };
  const slip = slipOfLeaving(core, null);
  const written = commit(
    core,
    (writes) => {
      writes.dropParked(sale);
      if (slip !== null) writes.savePrintJob(slip);
      if (open.lines.length > 0) writes.parkSale(rowOf(core, open));
      saveSession(writes, next);
    },
    () => !isParked(core, sale),
  );
  if (!written.ok) return written;
  begin(core, next);
  core.counter.notice = null;
  if (kept.member !== null && member === null) {
    core.notify('info', { code: 'member-erased', params: {} });
  }
  core.changed();
  const back = await bringBack(core, comingBack, sayAndGoOn(core));
  core.changed();
  return back;
}

function isParked(core: Core, saleId: string): boolean {
  return core.ports.database.read.parkedSales().some(({ sale }) => sale === saleId);
}
