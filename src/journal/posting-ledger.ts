import type { EntryBody, StoredEntry } from './entry.ts';
import {
  addLedger,
  changeAccount,
  isPosted,
  memberNamed,
  note,
  ownerOf,
  placeOf,
  type Draft,
} from './posting-draft.ts';
import { noteClaimOfReturned } from './posting-claims.ts';
import {
  ledgerKey,
  type GrantRow,
  type HeldRow,
  type OriginalRow,
  type ReversibleType,
} from './posting-rows.ts';
import type { ExceptionCode, LedgerWrite } from './posting-writes.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

const NO_DETAIL = {
  expiresAtMs: null,
  basisMinor: null,
  allocatedMinor: null,
  valueMinor: null,
  grant: null,
  ofType: null,
  ofSource: null,
} as const;

/** Posts earned points. Points of somebody else's sale need the claim of that sale. */
export function postEarn(draft: Draft, stored: StoredEntry, body: Body<'earn'>): void {
  const place = placeOf(stored);
  const { owner } = memberNamed(draft, place, body.member);
  noteProgramme(draft, stored, body.programme);
  if (body.source !== stored.entry.tx && draft.claims.get(body.source)?.owner !== owner) {
    note(draft, place, 'earn-without-claim', {
      member: owner,
      points: body.points,
      of: body.source,
    });
    return;
  }
  const added = addLedger(draft, {
    ...NO_DETAIL,
    ...place,
    member: body.member,
    owner,
    programme: body.programme,
    version: body.version,
    type: 'earn',
    source: body.source,
    points: body.points,
    counted: body.effectiveAtMs <= Math.max(draft.nowMs, place.atMs),
    effectiveAtMs: body.effectiveAtMs,
    expiresAtMs: body.expiresAtMs,
    basisMinor: body.basisMinor,
    allocatedMinor: body.allocatedMinor,
  });
  if (!added) return;
  if (body.source !== stored.entry.tx) noteClaimOfReturned(draft, stored, body, owner);
  releaseHeld(draft, owner, body.programme, 'earn', body.source);
}

/** Posts spent points. The goods are gone: a grant that does not cover them is an exception, no refusal. */
export function postRedeem(draft: Draft, stored: StoredEntry, body: Body<'redeem'>): void {
  const place = placeOf(stored);
  const member = memberNamed(draft, place, body.member);
  noteProgramme(draft, stored, body.programme);
  if (member.status === 'blocked') note(draft, place, 'blocked-member', { member: member.owner });
  const key = ledgerKey(member.owner, body.programme, 'redeem', body.source);
  const fromGrant = isPosted(draft, key) ? 0 : spendGrant(draft, stored, body, member.owner);
  const write: LedgerWrite = {
    ...NO_DETAIL,
    ...place,
    member: body.member,
    owner: member.owner,
    programme: body.programme,
    version: body.version,
    type: 'redeem',
    source: body.source,
    points: -body.points,
    counted: true,
    effectiveAtMs: place.atMs,
    valueMinor: body.valueMinor,
    grant: body.grant,
  };
  if (addLedger(draft, write, -fromGrant))
    releaseHeld(draft, member.owner, body.programme, 'redeem', body.source);
}

/**
 * Spends from the grant what it covers; returns how much of that its member's account held for it.
 * A risk grant pays for any member, and no account held anything.
 */
function spendGrant(
  draft: Draft,
  stored: StoredEntry,
  body: Body<'redeem'>,
  owner: string,
): number {
  const place = placeOf(stored);
  const grant = draft.grants.get(body.grant);
  const refused = (code: ExceptionCode): number => {
    note(draft, place, code, { grant: body.grant, member: owner, points: body.points });
    return 0;
  };
  if (grant === undefined) return refused('redeem-without-grant');
  if (grant.till !== place.till || grant.inc !== place.inc) return refused('grant-of-another-till');
  const isRisk = grant.purpose === 'risk';
  const isTheirs = isRisk || ownerOf(draft, grant.member) === owner;
  if (!isTheirs || grant.programme !== body.programme) {
    return refused('grant-of-another-member');
  }
  if (grant.state === 'closed') return refused('grant-closed');
  if (grant.state === 'offered')
    note(draft, place, 'grant-not-accepted', { grant: grant.grant, member: owner });
  const covered = Math.min(body.points, grant.amount - grant.spent);
  if (covered < body.points) {
    note(draft, place, 'grant-overspent', {
      grant: grant.grant,
      member: owner,
      over: body.points - covered,
    });
  }
  setGrant(draft, { ...grant, spent: grant.spent + covered });
  return isRisk ? 0 : covered;
}

/**
 * Takes back earned points or returns spent ones, never more than the original gave or took; or
 * puts back earned points that were taken, never more than were.
 */
export function postReverse(draft: Draft, stored: StoredEntry, body: Body<'reverse'>): void {
  const place = placeOf(stored);
  const { owner } = memberNamed(draft, place, body.member);
  noteProgramme(draft, stored, body.programme);
  if (body.of.type === 'redeem' && body.points < 0) {
    note(draft, place, 'reversal-wrong-sign', {
      member: owner,
      points: body.points,
      of: body.of.source,
    });
    return;
  }
  const waiting: HeldRow = {
    ...place,
    member: body.member,
    owner,
    programme: body.programme,
    version: body.version,
    ofType: body.of.type,
    ofSource: body.of.source,
    expiresAtMs: body.of.type === 'redeem' ? (body.expiresAtMs ?? null) : null,
    source: body.source,
    points: body.points,
  };
  if (originalOf(draft, waiting) !== null) {
    reverseNow(draft, waiting);
    return;
  }
  const same = (held: HeldRow): boolean => reversalKey(held) === reversalKey(waiting);
  if (draft.held.some(same)) return;
  draft.held.push(waiting);
  draft.heldWrites.push(waiting);
  changeAccount(draft, place, owner, body.programme, { held: Math.max(body.points, 0) });
}

function reverseNow(draft: Draft, reversal: HeldRow): void {
  const original = originalOf(draft, reversal);
  if (original === null) return;
  const again = Math.sign(reversal.points) === Math.sign(original.points);
  const undone = Math.abs(original.reversed);
  const open = again ? undone : Math.abs(original.points) - undone;
  const posted = Math.sign(reversal.points) * Math.min(Math.abs(reversal.points), open);
  if (posted !== reversal.points) {
    note(draft, reversal, 'reversal-over-original', {
      member: reversal.owner,
      of: reversal.ofSource,
      wanted: reversal.points,
      posted,
    });
  }
  if (posted === 0) return;
  const added = addLedger(draft, {
    ...NO_DETAIL,
    till: reversal.till,
    inc: reversal.inc,
    seq: reversal.seq,
    day: reversal.day,
    atMs: reversal.atMs,
    member: reversal.member,
    owner: reversal.owner,
    programme: reversal.programme,
    version: reversal.version,
    type: 'reverse',
    source: `${reversal.source}:${reversal.ofType}`,
    points: posted,
    // With its original, never before it: else the balance would dip for points not yet there.
    counted: original.counted,
    effectiveAtMs: original.counted ? reversal.atMs : original.effectiveAtMs,
    ofType: reversal.ofType,
    ofSource: reversal.ofSource,
    expiresAtMs: reversal.expiresAtMs,
  });
  if (!added) return;
  setReversed(draft, original, original.reversed + posted);
  noteErased(draft, reversal, posted);
}

/** What was spent came back to somebody who was erased: its till had not heard, and nobody can spend it. */
function noteErased(draft: Draft, reversal: HeldRow, points: number): void {
  if (reversal.ofType !== 'redeem' || draft.members.get(reversal.member)?.status !== 'erased')
    return;
  note(draft, reversal, 'return-to-erased', {
    member: reversal.owner,
    points,
    of: reversal.ofSource,
  });
}

/** Reversals that came before what they reverse take effect now. */
function releaseHeld(
  draft: Draft,
  owner: string,
  programme: string,
  type: ReversibleType,
  source: string,
): void {
  const isOf = (held: HeldRow): boolean =>
    ownerOf(draft, held.member) === owner &&
    held.programme === programme &&
    held.ofType === type &&
    held.ofSource === source;
  for (const held of draft.held.filter(isOf)) {
    draft.held.splice(draft.held.indexOf(held), 1);
    const written = draft.heldWrites.indexOf(held);
    if (written >= 0) draft.heldWrites.splice(written, 1);
    else draft.released.push(held);
    changeAccount(draft, held, owner, programme, { held: -Math.max(held.points, 0) });
    reverseNow(draft, { ...held, owner });
  }
}

function originalOf(draft: Draft, reversal: HeldRow): OriginalRow | null {
  const key = ledgerKey(reversal.owner, reversal.programme, reversal.ofType, reversal.ofSource);
  const known = draft.originals.get(key);
  if (known !== undefined) return known;
  const written = draft.ledgerWrites.get(key);
  if (written === undefined) return null;
  return { ...written, type: reversal.ofType, reversed: 0 };
}

function setReversed(draft: Draft, original: OriginalRow, reversed: number): void {
  const key = ledgerKey(original.owner, original.programme, original.type, original.source);
  draft.originals.set(key, { ...original, reversed });
}

/** Writes a grant's new state down for later entries and for SQL. */
export function setGrant(draft: Draft, grant: GrantRow): void {
  draft.grants.set(grant.grant, grant);
  draft.grantWrites.set(grant.grant, {
    grant: grant.grant,
    spent: grant.spent,
    state: grant.state,
  });
}

function reversalKey(held: HeldRow): string {
  return ledgerKey(held.owner, held.programme, 'reverse', `${held.source}:${held.ofType}`);
}

function noteProgramme(draft: Draft, stored: StoredEntry, programme: string): void {
  if (draft.rows.programmes.has(programme)) return;
  note(draft, placeOf(stored), 'unknown-programme', { programme });
}
