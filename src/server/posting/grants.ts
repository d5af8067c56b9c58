import { createHash } from 'node:crypto';
import type { Grant } from '#contract/sync.ts';
import type { ReadableDb } from '#server/database/database.ts';

/** Most grants a list carries; the contract's own bound. */
export const OPEN_GRANTS_MAX = 1000;

/** A grant as the wire has it. */
export const WIRE_COLUMNS = `grant_ref as "grant", request_id as "requestId", member, programme, amount, purpose,
  till, inc, lease_ms as "leaseMs"`;

/** The grants a till holds, as an acknowledgement tells it. */
export interface OpenGrants {
  readonly count: number;
  readonly hash: string;
  readonly list: Grant[] | null;
  readonly recalled: string[];
}

/** SHA-256 over the sorted references joined by newline; of the empty text where there are none. */
export function grantSetHash(grants: readonly string[]): string {
  return createHash('sha256')
    .update([...grants].toSorted().join('\n'))
    .digest('hex');
}

/** A till's incarnation. */
interface Holder {
  readonly tenant: string;
  readonly till: string;
  readonly inc: number;
}

/** The grants the server counts as open at a till's incarnation; the list only where asked for. */
export async function openGrantsOf(
  db: ReadableDb,
  till: Holder,
  withList: boolean,
): Promise<OpenGrants> {
  return open(await readOpen(db, till.tenant, [till]), withList);
}

/** The same of several tills of a tenant, by till, without their lists. */
export async function openGrantsOfTills(
  db: ReadableDb,
  tenant: string,
  tills: readonly Holder[],
): Promise<ReadonlyMap<string, OpenGrants>> {
  const rows = Map.groupBy(await readOpen(db, tenant, tills), ({ till }) => till);
  return new Map(tills.map(({ till }) => [till, open(rows.get(till) ?? [], false)]));
}

type OpenRow = Grant & { readonly recalled: boolean };

async function readOpen(
  db: ReadableDb,
  tenant: string,
  tills: readonly Holder[],
): Promise<readonly OpenRow[]> {
  return db.query<OpenRow>(
    `select g.* from unnest($2::text[], $3::integer[]) as u(till, inc)
       cross join lateral (
         select ${WIRE_COLUMNS}, recalled from point_grant
         where tenant = $1 and point_grant.till = u.till and point_grant.inc = u.inc
           and state <> 'closed'
         order by grant_ref limit ${OPEN_GRANTS_MAX}) g`,
    [tenant, tills.map(({ till }) => till), tills.map(({ inc }) => inc)],
  );
}

function open(rows: readonly OpenRow[], withList: boolean): OpenGrants {
  return {
    count: rows.length,
    hash: grantSetHash(rows.map(({ grant }) => grant)),
    list: withList ? rows.map(({ recalled: _recalled, ...grant }) => grant) : null,
    recalled: rows.filter(({ recalled }) => recalled).map(({ grant }) => grant),
  };
}
