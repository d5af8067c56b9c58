import type { EntryBody, StoredEntry } from './entry.ts';
import { changeAccount, memberNamed, note, ownerOf, placeOf, type Draft } from './posting-draft.ts';
import { setGrant } from './posting-ledger.ts';
import { isOfNobody } from './posting-needs.ts';
import type { GrantRow } from './posting-rows.ts';

type Body<Kind extends EntryBody['kind']> = Extract<EntryBody, { kind: Kind }>;

/** Notes that a till has a grant in its journal: from now on it may spend it. */
export function postAccept(draft: Draft, stored: StoredEntry, body: Body<'grant-accept'>): void {
  const place = placeOf(stored);
  const owner = isOfNobody(body) ? body.member : memberNamed(draft, place, body.member).owner;
  const grant = draft.grants.get(body.grant);
  const params = { grant: body.grant, member: owner };
  if (grant === undefined) {
    if (wasUnaware(draft, stored)) restore(draft, stored, body, owner);
    else note(draft, place, 'unknown-grant', params);
    return;
  }
  if (grant.till !== place.till || grant.inc !== place.inc) {
    return note(draft, place, 'grant-of-another-till', params);
  }
  if (grant.state === 'closed') return note(draft, place, 'grant-closed', params);
  if (ownerOf(draft, grant.member) !== owner || grant.amount !== body.amount) {
    return note(draft, place, 'grant-of-another-member', params);
  }
  setGrant(draft, { ...grant, state: 'accepted' });
}

/** True for what a till wrote before it heard that the server was restored. */
function wasUnaware(draft: Draft, { entry }: StoredEntry): boolean {
  return entry.seq <= (draft.rows.terminals.get(entry.till)?.recoverThrough ?? 0);
}

/**
 * Takes a grant in again that a restored server has forgotten: the till accepted it before it heard
 * of the restore, so it was given. Its points are set aside once more, whatever is there now.
 */
function restore(
  draft: Draft,
  stored: StoredEntry,
  body: Body<'grant-accept'>,
  owner: string,
): void {
  const place = placeOf(stored);
  const grant: GrantRow = {
    grant: body.grant,
    member: body.member,
    programme: body.programme,
    till: place.till,
    inc: place.inc,
    amount: body.amount,
    spent: 0,
    state: 'accepted',
    purpose: body.purpose ?? 'sale',
    recalled: false,
  };
  draft.grants.set(grant.grant, grant);
  draft.restored.set(grant.grant, { requestId: stored.entry.tx, atMs: place.atMs });
  if (grant.purpose !== 'risk') {
    changeAccount(draft, place, owner, grant.programme, { granted: grant.amount });
  }
}

/** Gives back what is left of a grant. */
export function postClose(draft: Draft, stored: StoredEntry, body: Body<'grant-close'>): void {
  const place = placeOf(stored);
  const grant = draft.grants.get(body.grant);
  if (grant === undefined) {
    // One that was given in a life of the server that was lost, and never used.
    if (!wasUnaware(draft, stored)) note(draft, place, 'unknown-grant', { grant: body.grant });
    return;
  }
  if (grant.till !== place.till || grant.inc !== place.inc) {
    return note(draft, place, 'grant-of-another-till', { grant: body.grant });
  }
  if (grant.state === 'closed') return;
  setGrant(draft, { ...grant, state: 'closed' });
  if (grant.purpose === 'risk') return;
  changeAccount(draft, place, ownerOf(draft, grant.member), grant.programme, {
    granted: grant.spent - grant.amount,
  });
}
