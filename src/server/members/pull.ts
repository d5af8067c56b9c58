import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { Database } from '#server/database/database.ts';
import { openGrantsOf } from '#server/posting/grants.ts';
import { readShop } from '#server/shop.ts';
import { sharedFacts } from '#server/facts/shared.ts';
import { memberRecords, type RecordView } from './records.ts';

interface FeedRow {
  readonly kind: 'member' | 'merge' | 'config' | 'facts';
  readonly subject: string;
  readonly other: string | null;
  readonly xid: string;
  readonly place: string;
}

interface Position {
  readonly xid: string;
  readonly place: string;
}

const START: Position = { xid: '0', place: '0' };

/** Which till asks; its store decides whose configuration it hears of. */
export interface PullingTill {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly inc: number;
}

/**
 * What changed since a cursor, oldest first.
 *
 * A subject appears once, with its latest state. Rows of transactions that may still be overtaken
 * are not shown yet, so that a cursor never passes something it has not seen. A cursor of another
 * life of the database (rebuilt, restored) starts from the beginning: records are idempotent.
 */
export async function pull(
  database: Database,
  till: PullingTill,
  input: SyncInput<'pull'>,
  view: RecordView,
): Promise<SyncOutput<'pull'>> {
  const state = await database.query<{ generation: string; epoch: number }>(
    'select s.generation, t.epoch from server_state s, tenant t where t.tenant = $1',
    [till.tenant],
  );
  const { generation, epoch } = state[0] ?? { generation: '', epoch: 1 };
  const life = `${epoch}-${generation.slice(0, 8)}`;
  const position = readCursor(input.cursor, life);
  const rows = await database.query<FeedRow>(
    `select kind, subject, other, xid::text, place::text from feed
     where tenant = $1 and (xid, place) > ($2::text::xid8, $3::text::bigint)
       and xid < pg_snapshot_xmin(pg_current_snapshot()) and (kind <> 'config' or subject = $4)
     order by feed.xid, feed.place limit $5`,
    [till.tenant, position.xid, position.place, till.store, input.limit],
  );
  const last = rows.at(-1);
  return {
    changes: await changesOf(database, till, rows, view),
    cursor: last === undefined ? cursorText(life, position) : cursorText(life, last),
    more: rows.length === input.limit,
    epoch,
    openGrants: await openGrantsOf(database, till, false),
  };
}

async function changesOf(
  database: Database,
  till: PullingTill,
  rows: readonly FeedRow[],
  view: RecordView,
): Promise<SyncOutput<'pull'>['changes']> {
  const subjects = rows.filter(({ kind }) => kind === 'member').map(({ subject }) => subject);
  const records = new Map(
    (await memberRecords(database, till.tenant, subjects, view)).map((record) => [
      record.member,
      record,
    ]),
  );
  const changes: SyncOutput<'pull'>['changes'] = [];
  for (const row of rows) {
    if (row.kind === 'merge' && row.other !== null) {
      changes.push({ kind: 'merge', from: row.subject, into: row.other });
    } else if (row.kind === 'facts') {
      const programmes = [...(await sharedFacts(database, till.tenant, view.programmes))];
      changes.push({ kind: 'facts', asOfMs: view.nowMs, programmes });
    } else if (row.kind === 'config') {
      const config = await readShop(database, till.tenant, till.store);
      if (config !== null) changes.push({ kind: 'config', config });
    } else {
      const record = records.get(row.subject);
      if (record !== undefined) changes.push({ kind: 'member', record });
    }
  }
  return changes;
}

const CURSOR = /^([0-9]+-[0-9a-f]+)\.([0-9]{1,19})\.([0-9]{1,18})$/;

function readCursor(cursor: string | null, life: string): Position {
  const [, ofLife, xid, place] = CURSOR.exec(cursor ?? '') ?? [];
  if (ofLife !== life || xid === undefined || place === undefined) return START;
  return { xid, place };
}

function cursorText(life: string, { xid, place }: Position): string {
  return `${life}.${xid}.${place}`;
}
