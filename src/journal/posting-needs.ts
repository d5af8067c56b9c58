import type { EntryBody, StoredEntry } from './entry.ts';

/** Which rows a batch needs, by reference; those that are locked sorted, in one order everywhere. */
export interface PostingNeeds {
  readonly members: readonly string[];
  readonly grants: readonly string[];
  /** Sales that returns, claims and what claims earn name. */
  readonly sales: readonly string[];
  /** Sales whose claim matters. */
  readonly claims: readonly string[];
  /** Sources of ledger entries that this batch reverses, or should have. */
  readonly reversedSources: readonly string[];
  /** Sources of ledger entries that this batch adds: reversals may have come before them. */
  readonly addedSources: readonly string[];
}

/** Reads off a batch what must be loaded before it can be planned. */
export function postingNeeds(entries: readonly StoredEntry[]): PostingNeeds {
  const members = new Set<string>();
  const grants = new Set<string>();
  const sales = new Set<string>();
  const claims = new Set<string>();
  const reversedSources = new Set<string>();
  const addedSources = new Set<string>();
  for (const { entry } of entries) {
    const { body } = entry;
    if ('member' in body && body.member !== null && !isOfNobody(body)) members.add(body.member);
    if ('grant' in body) grants.add(body.grant);
    if (body.kind === 'return') {
      sales.add(body.of);
      claims.add(body.of);
      reversedSources.add(body.of);
    }
    if (body.kind === 'claim') {
      sales.add(body.of);
      claims.add(body.of);
    }
    if (body.kind === 'earn' || body.kind === 'redeem' || body.kind === 'issue') {
      addedSources.add(body.source);
    }
    if (body.kind === 'earn' && body.source !== entry.tx) {
      sales.add(body.source);
      claims.add(body.source);
    }
    if (body.kind === 'reverse') reversedSources.add(body.of.source);
  }
  const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].toSorted();
  return {
    members: sorted(members),
    grants: sorted(grants),
    sales: sorted(sales),
    claims: sorted(claims),
    reversedSources: [...reversedSources],
    addedSources: [...addedSources],
  };
}

/** Whether an entry is about no account: a risk grant is taken out of none. */
export function isOfNobody(body: EntryBody): boolean {
  return body.kind === 'grant-accept' && body.purpose === 'risk';
}
