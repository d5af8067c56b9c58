import type { HeldGrant } from '#till/database.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

const GRANT = `SELECT request, grant_ref AS "grant", purpose, sale, member, programme, reward, amount, spent, state,
     lease_left_ms AS leaseLeftMs FROM grant_held`;

/** A grant by the request that asked for it. */
export function readGrantByRequest(db: ReadableDb, request: string): HeldGrant | null {
  return db.get<HeldGrant>(`${GRANT} WHERE request = ?`, request) ?? null;
}

/** A grant by the server's reference. */
export function readGrantByRef(db: ReadableDb, grant: string): HeldGrant | null {
  return db.get<HeldGrant>(`${GRANT} WHERE grant_ref = ?`, grant) ?? null;
}

/** Grants asked for or accepted, and neither spent nor closed. */
export function readOpenGrants(db: ReadableDb): HeldGrant[] {
  return db.all<HeldGrant>(`${GRANT} WHERE state IN ('asked', 'accepted') ORDER BY request`);
}

/** Those of one member, in every programme. */
export function readOpenGrantsOf(db: ReadableDb, member: string): HeldGrant[] {
  return db.all<HeldGrant>(
    `${GRANT} WHERE state IN ('asked', 'accepted') AND member = ? ORDER BY request`,
    member,
  );
}

/** Files a grant, or its next state. */
export function writeGrant(db: WritableDb, row: HeldGrant): void {
  db.run(
    `INSERT INTO grant_held (request, grant_ref, purpose, sale, member, programme, reward, amount, spent,
       state, lease_left_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (request) DO UPDATE SET grant_ref = excluded.grant_ref, amount = excluded.amount,
       spent = excluded.spent, state = excluded.state, lease_left_ms = excluded.lease_left_ms`,
    row.request,
    row.grant,
    row.purpose,
    row.sale,
    row.member,
    row.programme,
    row.reward,
    row.amount,
    row.spent,
    row.state,
    row.leaseLeftMs,
  );
}

/**
 * Hands what is held for one member to another. The server knows each grant by its own reference and
 * takes it from its owner's account. A question whose answer is on its way keeps the name it was asked under;
 * both states are named for the index over them.
 */
export function moveGrants(db: WritableDb, from: string, into: string): void {
  db.run(
    `UPDATE grant_held SET member = ?
      WHERE state IN ('asked', 'accepted') AND state <> 'asked' AND member = ?`,
    into,
    from,
  );
}

/** Whether this till closed a grant it never accepted. */
export function readNeverAccepted(db: ReadableDb, grant: string): boolean {
  return db.get('SELECT 1 FROM grant_never WHERE grant_ref = ?', grant) !== undefined;
}

/** Remembers a grant that is to be ignored for good. */
export function writeNeverAccepted(db: WritableDb, grant: string): void {
  db.run('INSERT INTO grant_never VALUES (?) ON CONFLICT DO NOTHING', grant);
}
