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

/** The grants the server counts as open at a till's incarnation; the list only where asked for. */
export async function openGrantsOf(
  db: ReadableDb,
  till: { readonly tenant: string; readonly till: string; readonly inc: number },
  withList: boolean,
): Promise<OpenGrants> {
  const rows = await db.query<Grant & { recalled: boolean }>(
    `select ${WIRE_COLUMNS}, recalled
     from point_grant where tenant = $1 and till = $2 and inc = $3 and state <> 'closed'
     order by grant_ref limit ${OPEN_GRANTS_MAX}`,
    [till.tenant, till.till, till.inc],
  );
  return {
    count: rows.length,
    hash: grantSetHash(rows.map(({ grant }) => grant)),
    list: withList ? rows.map(({ recalled: _recalled, ...grant }) => grant) : null,
    recalled: rows.filter(({ recalled }) => recalled).map(({ grant }) => grant),
  };
}
