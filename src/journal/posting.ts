import { assertNever } from '#loyalty/result.ts';
import type { EntryBody, StoredEntry } from './entry.ts';
import { pinGuessing } from './pin-guessing.ts';
import { postedDay } from './posted-day.ts';
import { memberNamed, note, openDraft, placeOf, type Draft } from './posting-draft.ts';
import { noteReturnOfClaimed, postClaim } from './posting-claims.ts';
import { postAccept, postClose } from './posting-grants.ts';
import { postEarn, postRedeem, postReverse } from './posting-ledger.ts';
import type { PostingRows } from './posting-rows.ts';
import type { PostingPlan, PostingWrites } from './posting-writes.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/** New entries as `readBatch` placed them, of one till or of several, each till's in order; and when they came. */
export interface PlacedBatch {
  readonly entries: readonly StoredEntry[];
  readonly nowMs: number;
}

/** A clock that was put right by more than this is worth a manager's look. */
const CLOCK_JUMP_MS = 300_000;

/**
 * What posting a batch changes.
 *
 * Pure: simulator, PGlite and PostgreSQL run this same function. It never refuses: these facts have
 * happened. What should not have happened is posted and noted as an exception; what cannot be true
 * (a point taken back twice, a sale claimed twice) changes no balance and is noted.
 */
export function planPosting(rows: PostingRows, batch: PlacedBatch): PostingPlan {
  const draft = openDraft(rows, batch.nowMs);
  const entries = withPostedDays(draft, batch);
  for (const stored of entries) post(draft, stored);
  return {
    writes: {
      entries,
      heads: new Map(
        entries.map(({ entry, hash }) => [entry.till, { seq: entry.seq, hash }] as const),
      ),
      members: [...draft.memberWrites.values()],
      sales: [...draft.saleWrites.values()],
      returns: [...draft.returnWrites.values()],
      claims: draft.claimWrites,
      ledger: [...draft.ledgerWrites.values()],
      held: draft.heldWrites,
      released: draft.released,
      accounts: [...draft.deltas.values()],
      grants: [...draft.grantWrites.values()].filter(({ grant }) => !draft.restored.has(grant)),
      restored: restoredGrants(draft),
      touched: [...draft.touched].toSorted(),
    },
    exceptions: [...draft.exceptions.values()],
  };
}

/** The entries under the days they are posted under; a till whose clock said another is noted once. */
function withPostedDays(draft: Draft, { entries, nowMs }: PlacedBatch): readonly StoredEntry[] {
  const noted = new Set<string>();
  return entries.map((stored) => {
    const { entry } = stored;
    const day = postedDay(entry.day);
    if (day === entry.day) return stored;
    const posted = { ...stored, entry: { ...entry, day } };
    if (!noted.has(entry.till)) {
      note(draft, placeOf(posted), 'clock-jump', { deltaMs: nowMs - entry.atMs });
    }
    noted.add(entry.till);
    return posted;
  });
}

/** Grants that are taken in again, as they are at the batch's end. */
function restoredGrants(draft: Draft): PostingWrites['restored'] {
  return [...draft.restored].flatMap(([grant, { requestId, atMs }]) => {
    const row = draft.grants.get(grant);
    return row === undefined ? [] : [{ ...row, requestId, atMs }];
  });
}

function post(draft: Draft, stored: StoredEntry): void {
  const { body } = stored.entry;
  switch (body.kind) {
    case 'sale':
      return postSale(draft, stored, body);
    case 'earn':
      return postEarn(draft, stored, body);
    case 'redeem':
      return postRedeem(draft, stored, body);
    case 'return':
      return postReturn(draft, stored, body);
    case 'reverse':
      return postReverse(draft, stored, body);
    case 'claim':
      return postClaim(draft, stored, body);
    case 'enrol':
      return postEnrol(draft, stored, body);
    case 'grant-accept':
      return postAccept(draft, stored, body);
    case 'grant-close':
      return postClose(draft, stored, body);
    case 'issue':
      return postIssue(draft, stored, body);
    case 'clock-jump':
      if (Math.abs(body.deltaMs) >= CLOCK_JUMP_MS) {
        note(draft, placeOf(stored), 'clock-jump', { deltaMs: body.deltaMs });
      }
      return;
    case 'pin-wrong': {
      const guessing = pinGuessing(body);
      if (guessing !== null) note(draft, placeOf(stored), 'pin-guessing', guessing);
      return;
    }
    case 'told':
    case 'shift-open':
    case 'shift-close':
    case 'reprint':
    case 'sign-in':
    case 'sign-out':
    case 'drawer-open':
    case 'void':
    case 'survey-asked':
    case 'survey-answer':
      return;
    default:
      return assertNever(body, 'posting');
  }
}

function postSale(draft: Draft, stored: StoredEntry, body: Body<'sale'>): void {
  const place = placeOf(stored);
  const { tx } = stored.entry;
  if (body.member !== null) memberNamed(draft, place, body.member);
  if (draft.sales.has(tx)) {
    note(draft, place, 'duplicate-transaction', { tx });
    return;
  }
  const { member, subtotalMinor, totalMinor } = body;
  draft.sales.set(tx, { tx, member, subtotalMinor, totalMinor });
  draft.saleWrites.set(tx, {
    ...place,
    tx,
    receipt: body.receipt,
    member: body.member,
    proof: body.proof,
    currency: body.currency,
    subtotalMinor: body.subtotalMinor,
    discountMinor: body.discountMinor,
    totalMinor: body.totalMinor,
    tender: body.tender,
  });
}

function postReturn(draft: Draft, stored: StoredEntry, body: Body<'return'>): void {
  const place = placeOf(stored);
  const { tx } = stored.entry;
  if (body.member !== null) memberNamed(draft, place, body.member);
  if (draft.returnWrites.has(tx) || draft.rows.returns.has(tx)) {
    note(draft, place, 'duplicate-transaction', { tx });
    return;
  }
  const refundedMinor = (draft.refunds.get(body.of) ?? 0) + body.refundMinor;
  const over = refundedMinor - (draft.sales.get(body.of)?.totalMinor ?? refundedMinor);
  if (over > 0) note(draft, place, 'refund-over-sale', { of: body.of, over });
  draft.refunds.set(body.of, refundedMinor);
  noteReturnOfClaimed(draft, stored, body);
  draft.returnWrites.set(tx, {
    ...place,
    tx,
    of: body.of,
    receipt: body.receipt,
    member: body.member,
    refundMinor: body.refundMinor,
  });
}

function postEnrol(draft: Draft, stored: StoredEntry, body: Body<'enrol'>): void {
  const place = placeOf(stored);
  const known = draft.members.get(body.member);
  if (known?.enrolled === true && (body.provisional || !known.provisional)) return;
  draft.members.set(body.member, {
    member: body.member,
    owner: known?.owner ?? body.member,
    status: known?.status ?? 'active',
    provisional: body.provisional,
    enrolled: true,
  });
  draft.memberWrites.set(body.member, {
    member: body.member,
    provisional: body.provisional,
    enrolled: true,
    market: body.market,
    proof: body.proof,
    till: place.till,
    day: place.day,
    atMs: place.atMs,
  });
  draft.touched.add(known?.owner ?? body.member);
}

/** Opens a voucher's account, known from then on as a member is, and puts its points there. */
function postIssue(draft: Draft, stored: StoredEntry, body: Body<'issue'>): void {
  const { till, day, atMs } = placeOf(stored);
  const { member, programme, version, source, points, effectiveAtMs, expiresAtMs } = body;
  if (!draft.members.has(member)) {
    const holder = { member, provisional: false, enrolled: false } as const;
    draft.members.set(member, { ...holder, owner: member, status: 'active' });
    draft.memberWrites.set(member, { ...holder, market: null, proof: null, till, day, atMs });
  }
  postEarn(draft, stored, {
    kind: 'earn',
    member,
    programme,
    version,
    source,
    points,
    effectiveAtMs,
    expiresAtMs,
    basisMinor: 0,
    breakdown: {},
    allocatedMinor: 0,
  });
}
