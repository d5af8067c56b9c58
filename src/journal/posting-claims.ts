import type { EntryBody, StoredEntry } from './entry.ts';
import { memberNamed, note, ownerOf, placeOf, type Draft } from './posting-draft.ts';
import type { OriginalRow } from './posting-rows.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/** Gives the points of a sale that nobody earned to a member, once. */
export function postClaim(draft: Draft, stored: StoredEntry, body: Body<'claim'>): void {
  const place = placeOf(stored);
  const { owner } = memberNamed(draft, place, body.member);
  const taken = draft.claims.get(body.of);
  if (taken !== undefined) {
    if (taken.owner !== owner)
      note(draft, place, 'already-claimed', { of: body.of, member: owner });
    return;
  }
  const soldTo = draft.sales.get(body.of)?.member ?? null;
  if (soldTo !== null && ownerOf(draft, soldTo) !== owner) {
    note(draft, place, 'claim-of-member-sale', { of: body.of, member: owner });
    return;
  }
  draft.claims.set(body.of, { of: body.of, owner });
  draft.claimWrites.push({
    ...place,
    tx: stored.entry.tx,
    of: body.of,
    member: body.member,
    owner,
  });
}

/**
 * Notes a return in nobody's name, or in another's than who claimed the sale: its till was away and
 * did not know, so the points stayed. At stake is the refund's share of them; `back` is what had gone
 * back of them before.
 */
export function noteReturnOfClaimed(draft: Draft, stored: StoredEntry, body: Body<'return'>): void {
  const claim = draft.claims.get(body.of);
  if (claim === undefined) return;
  if (body.member !== null && ownerOf(draft, body.member) === claim.owner) return;
  const place = placeOf(stored);
  const params = { of: body.of, member: claim.owner };
  const earned = earnedBy(draft, claim.owner, body.of);
  const totalMinor = draft.sales.get(body.of)?.totalMinor;
  if (earned.length === 0 || totalMinor === undefined) {
    note(draft, place, 'return-of-claimed-sale', params);
    return;
  }
  const stakes = earned.map(({ programme, points, reversed }) => ({
    programme,
    points: Math.min(share(points, body.refundMinor, totalMinor), points + reversed),
    back: Math.abs(reversed),
  }));
  for (const [index, stake] of stakes.filter(({ points }) => points > 0).entries())
    note(draft, place, 'return-of-claimed-sale', { ...params, ...stake }, index + 1);
}

/**
 * Notes points of a claim that go by goods which had come back: the claim's till was away and did not
 * know. Only what the figures prove: what points go by is never more than what is left of the sale. Of a
 * sale that a restored server does not have again yet no figure is known: it says no points.
 */
export function noteClaimOfReturned(
  draft: Draft,
  stored: StoredEntry,
  body: Body<'earn'>,
  owner: string,
): void {
  const refundedMinor = draft.refunds.get(body.source) ?? 0;
  if (refundedMinor === 0) return;
  const place = placeOf(stored);
  const params = { of: body.source, member: owner };
  const sale = draft.sales.get(body.source);
  if (sale === undefined) {
    note(draft, place, 'claim-of-returned-sale', params);
    return;
  }
  const isAllBack = refundedMinor >= sale.totalMinor;
  const leftMinor = isAllBack ? 0 : sale.subtotalMinor - refundedMinor;
  const points = isAllBack
    ? body.points
    : share(body.points, body.basisMinor - leftMinor, body.basisMinor);
  if (points <= 0) return;
  const stake = { programme: body.programme, points };
  note(draft, place, 'claim-of-returned-sale', { ...params, ...stake });
}

/** What a sale's claim gave its member, by programme. */
function earnedBy(draft: Draft, owner: string, of: string): readonly OriginalRow[] {
  const earned = new Map<string, OriginalRow>();
  for (const row of draft.ledgerWrites.values()) {
    if (row.type === 'earn' && row.source === of && row.owner === owner)
      earned.set(row.programme, { ...row, type: 'earn', reversed: 0 });
  }
  for (const row of draft.originals.values()) {
    if (row.type === 'earn' && row.source === of && row.owner === owner)
      earned.set(row.programme, row);
  }
  return [...earned.values()].toSorted((a, b) => (a.programme < b.programme ? -1 : 1));
}

/** So many points as `part` is of `whole`, in the member's favour. */
function share(points: number, part: number, whole: number): number {
  if (part <= 0 || whole <= 0) return 0;
  return part >= whole ? points : Number((BigInt(points) * BigInt(part)) / BigInt(whole));
}
