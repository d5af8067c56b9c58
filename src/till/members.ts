import type { Message } from '#contract/till-state.ts';
import type { MemberRecord } from '#contract/member.ts';
import { isCardNumber, normaliseDigits } from '#loyalty/card.ts';
import type { ProofLevel } from '#loyalty/proof.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import {
  commit,
  randomRef,
  setSession,
  wallMs,
  type Core,
  type UnknownIdentifier,
} from './core.ts';
import type { CachedMember } from './database.ts';
import { rescueIssuedCard } from './card-issue.ts';
import { endRewards } from './grants.ts';
import { remembering } from './history.ts';
import { appendEntries } from './journal-writer.ts';
import { masked, readPhone } from './phone.ts';
import { attach, detach, refusal, type AttachedMember } from './session.ts';

/** How long a scan may wait for the server. The sale never waits: only the strip does. */
export const LOOKUP_TIMEOUT_MS = 800;
/** How long the member who was replaced can be brought back. */
export const UNDO_MS = 8000;
const MERGES_MAX = 8;

/** Follows merges to the last reference that is known here; null where there is none. */
function afterMerges(core: Core, found: CachedMember | null): CachedMember | null {
  let member = found;
  for (let hops = 0; member?.status === 'merged' && hops < MERGES_MAX; hops += 1) {
    const into = member.mergedInto;
    member = into === null ? null : core.ports.database.read.member(into);
  }
  return member;
}

/** Follows merges to the member that is meant today; null where nobody is (any more). */
export function currentMember(core: Core, found: CachedMember | null): CachedMember | null {
  const member = afterMerges(core, found);
  return member === null || member.status === 'erased' || member.status === 'merged'
    ? null
    : member;
}

/** Whether somebody was erased, under this reference or the one they were merged into. */
export function isErased(core: Core, member: string): boolean {
  return afterMerges(core, core.ports.database.read.member(member))?.status === 'erased';
}

/** Somebody who was on a sale, as who they are now: they may have been merged meanwhile, or erased. */
export function attachedNow(core: Core, was: AttachedMember | null): AttachedMember | null {
  const known =
    was === null ? null : currentMember(core, core.ports.database.read.member(was.member));
  return was === null || known === null ? null : { ...was, member: known.member };
}

/** The cached member of a card or number. */
export function findCached(core: Core, kind: 'card' | 'phone', value: string): CachedMember | null {
  const hash = core.ports.crypto.identifierHash(kind, value);
  const found = core.ports.database.read.memberByIdentifier(hash);
  return currentMember(core, found);
}

/**
 * Puts whoever a card or number belongs to on the sale.
 *
 * Known here: at once. Unknown: the server is asked, at most 800 ms, while the sale goes on. Nobody
 * answers: a scanned card earns on a provisional member that the server resolves later; a typed
 * number waits for somebody to join with it.
 */
export async function identify(
  core: Core,
  kind: 'card' | 'phone',
  value: string,
  proof: ProofLevel,
): Promise<Result<'attached' | 'unknown' | 'provisional', Message>> {
  const { counter, ports } = core;
  counter.unknown = null;
  counter.lookup = null;
  const cached = findCached(core, kind, value);
  if (cached !== null) {
    attachMember(core, { member: cached.member, proof, masked: masked(value) });
    return ok('attached');
  }
  const hash = ports.crypto.identifierHash(kind, value);
  const unknown: UnknownIdentifier = { kind, hash, masked: masked(value), value };
  if (!core.link.online) return offlineUnknown(core, unknown, proof);

  const { saleId } = counter.session;
  const lookup = ports.ids.uuid();
  counter.lookup = lookup;
  core.changed();
  const answer = await askServer(
    ports.server,
    ports.timer,
    'find-member',
    { hash },
    LOOKUP_TIMEOUT_MS,
  );
  if (counter.lookup !== lookup || counter.session.saleId !== saleId) return ok('unknown');
  counter.lookup = null;
  if (!answer.ok) return offlineUnknown(core, unknown, proof);
  const { record } = answer.value;
  const member = record === null ? null : keepRecord(core, record);
  if (member === null) {
    counter.unknown = unknown;
    core.notify('info', { code: `unknown-${kind}`, params: { masked: unknown.masked } });
    core.changed();
    return ok('unknown');
  }
  attachMember(core, { member: member.member, proof, masked: masked(value) });
  return ok('attached');
}

function offlineUnknown(
  core: Core,
  unknown: UnknownIdentifier,
  proof: ProofLevel,
): Result<'unknown' | 'provisional', Message> {
  if (unknown.kind === 'phone') {
    core.counter.unknown = unknown;
    core.notify('info', { code: 'unknown-phone-offline', params: { masked: unknown.masked } });
    core.changed();
    return ok('unknown');
  }
  const made = makeProvisional(core, unknown, proof);
  if (!made.ok) {
    core.notify('refusal', made.error);
    core.changed();
    return made;
  }
  attachMember(core, { member: made.value, proof, masked: unknown.masked });
  core.notify('info', { code: 'provisional-member', params: { masked: unknown.masked } });
  core.changed();
  return ok('provisional');
}

/** A member of whom only a card is known. Whose card it is, the server says when it hears of it. */
function makeProvisional(
  core: Core,
  unknown: UnknownIdentifier,
  proof: ProofLevel,
): Result<string, Message> {
  const member = randomRef(core, 'm');
  const { market, language } = core.config;
  const identifier = { kind: unknown.kind, hash: unknown.hash, masked: unknown.masked };
  return commit(core, (writes) => {
    appendEntries(core, writes, core.ports.ids.uuid(), [
      { kind: 'enrol', member, market, proof, provisional: true },
    ]);
    writes.saveProfile({
      member,
      version: 1,
      market,
      name: null,
      phone: null,
      phoneTakesSms: false,
      language,
      identifiers: [identifier],
      consents: [],
    });
    writes.saveMember({
      ...emptyRecord(member, language),
      provisional: true,
      identifiers: [identifier],
    });
    return member;
  });
}

/** A member nothing is known of yet. */
export function emptyRecord(member: string, language: string): MemberRecord {
  return {
    member,
    version: 0,
    status: 'active',
    mergedInto: null,
    provisional: false,
    displayName: null,
    language,
    tier: null,
    tierProgress: 0,
    identifiers: [],
    balances: [],
    birthday: null,
    enrolledOn: null,
    segments: [],
    standings: [],
    visits: 0,
    lastSaleAtMs: null,
    uses: [],
    vouchers: [],
    news: [],
  };
}

/** Files what the server said of a member and returns who is meant today. */
export function keepRecord(core: Core, record: MemberRecord): CachedMember | null {
  const kept = commit(core, (writes) => writes.saveMember(record));
  if (!kept.ok) core.notify('warning', kept.error);
  return currentMember(core, core.ports.database.read.member(record.member));
}

/** Puts a member on the sale; who was there can be brought back for eight seconds. */
export function attachMember(core: Core, member: AttachedMember): void {
  const { counter, ports } = core;
  const before = counter.session.member;
  const swapped = before !== null && before.member !== member.member;
  if (swapped) {
    endRewards(core, 'reward-removed');
    const untilMs = wallMs(core) + UNDO_MS;
    counter.undo = { member: before, untilMs };
    ports.timer.after(UNDO_MS, () => {
      if (counter.undo?.untilMs !== untilMs) return;
      counter.undo = null;
      core.changed();
    });
  }
  counter.unknown = null;
  counter.lastTx = null;
  const blocked = ports.database.read.member(member.member)?.status === 'blocked';
  if (blocked) core.notify('warning', { code: 'member-blocked', params: {} });
  else if (swapped) core.notify('info', { code: 'member-swapped', params: {} });
  else counter.notice = null;
  rescueIssuedCard(core, member.member);
  const next = attach(counter.session, better(before, member));
  setSession(core, remembering(counter.session, next, wallMs(core)));
}

/** The same member shown twice keeps the stronger proof. */
function better(before: AttachedMember | null, now: AttachedMember): AttachedMember {
  if (before?.member !== now.member) return now;
  const order: readonly ProofLevel[] = ['declared', 'presented', 'verified'];
  return order.indexOf(before.proof) > order.indexOf(now.proof) ? before : now;
}

/** Takes the member off the sale. */
export function detachMember(core: Core): Result<null, Message> {
  const { session } = core.counter;
  if (session.member === null) return err(refusal('no-member'));
  endRewards(core, 'reward-removed');
  core.counter.undo = null;
  rescueIssuedCard(core, null);
  const open = core.counter.session;
  setSession(core, remembering(open, detach(open), wallMs(core)));
  return ok(null);
}

/** Brings back the member whom the last scan replaced. */
export function undoSwap(core: Core): Result<null, Message> {
  const { undo } = core.counter;
  const member = attachedNow(core, undo?.member ?? null);
  if (undo === null || member === null || undo.untilMs < wallMs(core)) {
    return err(refusal('nothing-to-undo'));
  }
  endRewards(core, 'reward-removed');
  core.counter.undo = null;
  core.counter.notice = null;
  rescueIssuedCard(core, member.member);
  const open = core.counter.session;
  const isLast = open.past.at(-1)?.member?.member === undo.member.member;
  const past = isLast ? open.past.slice(0, -1) : open.past;
  setSession(core, { ...attach(open, member), past });
  return ok(null);
}

/** A typed text: a card number with a right check digit, else a telephone number. */
export async function findTyped(core: Core, text: string): Promise<Result<null, Message>> {
  const digits = normaliseDigits(text);
  if (isCardNumber(digits)) {
    const outcome = await identify(core, 'card', digits, 'declared');
    return outcome.ok ? ok(null) : outcome;
  }
  const phone = readPhone(text, core.config.market);
  if (!phone.ok) return err(refusal(phone.error.code));
  const outcome = await identify(core, 'phone', phone.value.e164, 'declared');
  return outcome.ok ? ok(null) : outcome;
}
