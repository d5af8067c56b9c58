import type { Message } from '#contract/till-state.ts';
import { type ClaimRefusal } from '#loyalty/claim.ts';
import { assert, assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { commit, wallMs, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';
import { factOfSale } from './local-facts.ts';
import { quoteInput, quoteSettings } from './pricing.ts';
import { refusal } from './session.ts';
import { sameActor } from './staff.ts';
import { claimEntries } from './sale-entries.ts';
import { prepare } from './resume-return.ts';
import { claimOfSale, refundsBefore } from './read-sale.ts';
import { asItStands, findSale, programmesOf } from './sold-sale.ts';

/**
 * Gives the points of an old sale that nobody earned to the attached, proven member, once.
 *
 * The claim and what it earns are one transaction; the earnings name the original sale as their
 * source, so that the ledger itself lets nobody earn it twice.
 */
export async function claimReceipt(core: Core, receipt: string): Promise<Result<null, Message>> {
  const { session } = core.counter;
  if (session.member === null) return err(refusal('claim-needs-member'));
  const isSameActor = sameActor(core);
  const found = await findSale(core, receipt);
  if (!isSameActor()) return err(refusal('locked'));
  const attached = core.counter.session.member;
  // Asking the server took a moment: another shopper's card may have been scanned in it.
  if (attached?.member !== session.member.member) return err(refusal('claim-too-late'));
  if (!found.ok) return found;
  const { member, facts } = quoteInput(core, core.counter.session);
  if (member === null) return err(refusal('claim-needs-member'));
  // Asking the server took a moment: at another screen the sale may have come back in it, or been claimed.
  const sale = asItStands(core, found.value);
  if (core.ports.database.read.claimOf(sale.tx) !== null) {
    return err(refusal('claim-already-claimed'));
  }
  const programmes = programmesOf(core, sale.snapshot);
  const settings = quoteSettings(core);
  const nowMs = wallMs(core);
  const claimed = claimOfSale(sale, { member, facts, programmes, nowMs, settings });
  if (!claimed.ok) return err(claimMessage(claimed.error));
  const tx = core.ports.ids.uuid();
  const written = commit(core, (writes) => {
    const stored = appendEntries(core, writes, tx, claimEntries(sale, attached, claimed.value));
    const first = stored[0];
    const last = stored.at(-1);
    assert(first !== undefined && last !== undefined, 'a claim has entries');
    const { atMs } = first.entry;
    const counted = {
      member: attached.member,
      atMs: sale.soldAtMs,
      snapshot: claimed.value.sale,
      returned: refundsBefore(sale, programmes, settings).returned,
    };
    writes.addLocalFact({ ...factOfSale(core, counted, {}), atMs, seq: last.entry.seq });
    writes.saveClaim({ sale: sale.tx, firstSeq: first.entry.seq, lastSeq: last.entry.seq });
  });
  if (!written.ok) return written;
  const points = claimed.value.earnings.reduce((sum, earning) => sum + earning.points, 0);
  if (core.counter.returning?.sale.tx === sale.tx) prepare(core, null);
  core.notify('ok', { code: 'claimed', params: { points } });
  core.changed();
  core.wakeSync();
  return ok(null);
}

function claimMessage(why: ClaimRefusal): Message {
  switch (why.code) {
    case 'already-claimed':
    case 'had-a-member':
    case 'proof-needed':
    case 'account-blocked':
    case 'nothing-to-claim':
      return refusal(`claim-${why.code}`);
    case 'too-old':
      return refusal('claim-too-old', { lastDay: why.lastDay });
    case 'programme-version-missing':
      return refusal('programme-version-missing', { programme: why.programme });
    default:
      return assertNever(why, 'claim refusal');
  }
}
