import { freeAtNight } from '#journal/expiry-plan.ts';
import { accountKey } from '#journal/posting-rows.ts';
import { ledgerEntry } from '#loyalty/entry.ts';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import type { WritableDb } from '#server/database/database.ts';
import { lockAccounts } from '#server/posting/accounts.ts';
import { waitsForTills } from '#server/posting/load.ts';
import { book } from './book.ts';
import type { NightPage, PageDone } from './jobs.ts';

interface AccountLeft {
  readonly owner: string;
  readonly programme: string;
}

/**
 * Takes what is left on accounts of members who were erased off the books: nobody can spend it.
 *
 * What a till still holds of it follows in a night after the till gave it back, as does what a till
 * sends that was away.
 */
export async function writeOff(db: WritableDb, page: NightPage, most: number): Promise<PageDone> {
  const { run, head, shop } = page;
  const left = await db.query<AccountLeft>(
    `select a.owner, a.programme from member m
       join account a on a.tenant = m.tenant and a.owner = m.member
     where m.tenant = $1 and m.status = 'erased' and m.member > $2 and a.posted <> a.granted
     order by a.owner, a.programme limit ${most}`,
    [run.tenant, page.after],
  );
  if (left.length === 0) return { next: null, changed: false };
  const keys = left.map((row) => [accountKey(row.owner, row.programme), row] as const);
  const accounts = await lockAccounts(db, run.tenant, new Map(keys));
  const recovering = await waitsForTills(db, run.tenant);
  const entries = keys.flatMap(([key, { owner, programme }]) => {
    const account = accounts.get(key);
    if (account === undefined) return [];
    const points = Math.min(account.posted - account.granted, freeAtNight(account, recovering));
    if (points === 0) return [];
    const entry = ledgerEntry({
      id: `${owner}-${run.tx}`,
      account: { holder: owner, programme, purpose: 'spendable' },
      type: 'adjust',
      amount: -points,
      // The same day may find more: it is run per store, and again where it was cut short.
      source: `erased-${run.day}-${run.tx}`,
      sourceType: 'correction',
      atMs: run.atMs,
      actor: SERVER_TILL,
      programmeVersion: shop.programmes.find(({ id }) => id === programme)?.version ?? 1,
    });
    return [entry];
  });
  await book(db, run, head, { entries, vouchers: [] }, shop);
  // A member's accounts may be cut by the page's end: the member before it is the last that is done.
  const full = left.length === most;
  const last = left.at(-1)?.owner ?? '';
  const next = full ? (left.findLast(({ owner }) => owner !== last)?.owner ?? last) : null;
  return { next, changed: entries.length > 0 };
}
