import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { journalEntry } from '#journal/entry.ts';
import { databaseFiles, openTillDatabase } from '#sqlite/open.ts';
import { finishRepair, repairDatabase, type ServerJournal } from '#sqlite/repair.ts';
import {
  aFolder,
  aTill,
  IDENTITY,
  MIGRATIONS,
  openDatabase,
  removeFolders,
} from '#test/till/support/a-till.ts';
import { shop, signIn, WRONG } from '#test/till/support/staff.ts';

afterAll(removeFolders);

interface Sold {
  readonly directory: string;
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
}

/** A till that sold to a member, closed in order. */
async function soldTill(sales: number): Promise<Sold> {
  const till = await aTill({ directory: join(aFolder(), 'till') });
  till.member();
  for (let count = 0; count < sales; count += 1) {
    await till.scanCard();
    await till.call['basket.add-amount']({ amountMinor: 1000 + count, quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    await till.time.advance(5000);
  }
  const rows = till.database.read.entriesAfter(0, 10_000);
  const { directory } = till;
  await till.close();
  return { directory, texts: rows.map(({ text }) => text), hashes: rows.map(({ hash }) => hash) };
}

/** A server that has the first `ackSeq` entries. */
function serverWith({ texts, hashes }: Sold, ackSeq: number): ServerJournal {
  return {
    epoch: 1,
    ackSeq,
    ackHash: hashes[ackSeq - 1] ?? '0'.repeat(64),
    entriesAfter: (seq) => Promise.resolve(texts.slice(seq, Math.min(ackSeq, seq + 3))),
  };
}

const repair = (sold: Sold, ackSeq: number) =>
  repairDatabase({
    directory: sold.directory,
    migrationsDirectory: MIGRATIONS,
    identity: IDENTITY,
    server: serverWith(sold, ackSeq),
    quarantineName: 'till.quarantine-test',
  });

const open = (directory: string): ReturnType<typeof openTillDatabase> =>
  openTillDatabase({
    directory,
    migrationsDirectory: MIGRATIONS,
    identity: IDENTITY,
    ballastBytes: 0,
  });

/** Does to the journal what its triggers forbid; the database looks as before. */
function damage(sold: Sold, trigger: string, sql: string): void {
  const db = new Database(join(sold.directory, databaseFiles.database));
  const made = db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(trigger);
  db.exec(`DROP TRIGGER ${trigger}; ${sql}; ${String(made)}`);
  db.close();
}

/** Changes one bit of what an entry's text says. */
function flip(sold: Sold, seq: number): void {
  const change = `text = replace(text, '"v":1', '"v":0')`;
  damage(sold, 'journal_no_update', `UPDATE journal SET ${change} WHERE seq = ${seq}`);
}

function journalOf(directory: string): readonly string[] {
  const database = openDatabase(directory);
  const rows = database.read.entriesAfter(0, 10_000);
  database.close();
  return rows.map(({ text }) => text);
}

describe('repairing a till’s database', () => {
  test('a flipped bit in an entry the server has is taken back from there', async () => {
    const sold = await soldTill(4);
    flip(sold, 3);
    expect(open(sold.directory)).toMatchObject({ ok: false, error: { code: 'chain-broken' } });
    const repaired = await repair(sold, sold.texts.length - 2);
    expect(repaired).toMatchObject({ ok: true, value: { headSeq: sold.texts.length } });
    expect(journalOf(sold.directory)).toEqual(sold.texts);
    const kept = join(dirname(sold.directory), 'till.quarantine-test');
    expect(readdirSync(kept)).toContain(databaseFiles.database);
    expect(existsSync(join(kept, databaseFiles.ballast))).toBe(false);
  });

  test('everything comes from the server where nothing can be read', async () => {
    const sold = await soldTill(3);
    writeFileSync(join(sold.directory, databaseFiles.database), 'a shopping list');
    const repaired = await repair(sold, sold.texts.length);
    expect(repaired).toMatchObject({ ok: true, value: { fetched: sold.texts.length } });
    expect(journalOf(sold.directory)).toEqual(sold.texts);
  });

  test('an entry that nobody has stops the repair, and nothing was changed', async () => {
    const sold = await soldTill(4);
    flip(sold, 5);
    const before = readFileSync(join(sold.directory, databaseFiles.database));
    expect(await repair(sold, 3)).toEqual({
      ok: false,
      error: { code: 'entries-lost', fromSeq: 5, toSeq: sold.texts.length },
    });
    expect(readFileSync(join(sold.directory, databaseFiles.database)).equals(before)).toBe(true);
    expect(readdirSync(dirname(sold.directory)).filter((name) => name.startsWith('till.'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/repair|quarantine/)]),
    );
  });

  test('a lost end is fetched, and not invented where the anchor is damaged too', async () => {
    const sold = await soldTill(3);
    damage(sold, 'journal_no_delete', 'DELETE FROM journal WHERE seq > 4');
    expect(open(sold.directory)).toMatchObject({ ok: false, error: { code: 'rolled-back' } });
    const anchor = join(sold.directory, databaseFiles.anchor);
    const noted = readFileSync(anchor);
    writeFileSync(anchor, 'entry 9, I think');
    expect(await repair(sold, sold.texts.length)).toEqual({
      ok: false,
      error: { code: 'end-unknown' },
    });
    writeFileSync(anchor, noted);
    expect(await repair(sold, sold.texts.length)).toMatchObject({ ok: true });
    expect(journalOf(sold.directory)).toEqual(sold.texts);
  });

  test('another journal than the server’s is not mended into one', async () => {
    const sold = await soldTill(2);
    const other = await soldTill(2);
    flip(sold, 2);
    expect(await repair({ ...other, directory: sold.directory }, other.texts.length)).toMatchObject(
      {
        ok: false,
        error: { code: expect.stringMatching(/not-the-servers|entries-lost/) },
      },
    );
  });

  test('sales, shifts, waiting points and receipts are as before', async () => {
    const sold = await soldTill(4);
    const look = () => {
      const database = openDatabase(sold.directory);
      const { read } = database;
      const sales = sold.texts.flatMap((text) => {
        const { tx } = journalEntry.parse(JSON.parse(text));
        return [read.saleByTx(tx)];
      });
      const found = {
        sales,
        last: read.lastSale(),
        shift: read.openShift(),
        moved: read.localMovements('m-ayse'),
        jobs: sales.flatMap((sale) => (sale === null ? [] : read.printJobsOf(sale.tx))).length,
        known: read.member('m-ayse')?.displayName,
      };
      database.close();
      return found;
    };
    const before = look();
    flip(sold, 3);
    const ackSeq = 3;
    expect(await repair(sold, ackSeq)).toMatchObject({ ok: true });
    const after = look();
    expect({ ...after, moved: null }).toEqual({ ...before, moved: null });
    // What the server has is in its balances; the rest still moves here.
    const earned = sold.texts.slice(ackSeq).reduce((sum, text) => {
      const { body } = journalEntry.parse(JSON.parse(text));
      return body.kind === 'earn' ? sum + body.points : sum;
    }, 0);
    expect(earned).toBeGreaterThan(0);
    expect(after.moved).toEqual([{ programme: 'points', added: earned, taken: 0 }]);
  });

  test('wrong PINs are still counted: damage is no way to be let in sooner', async () => {
    const till = await aTill({ directory: join(aFolder(), 'till'), config: shop });
    await signIn(till, 'max', '1414');
    for (let count = 0; count < 6; count += 1) await signIn(till, 'ada', WRONG);
    await signIn(till, 'ben', WRONG);
    await signIn(till, 'ben', '3141');
    const before = till.database.read.pinTries();
    const rows = till.database.read.entriesAfter(0, 100);
    const texts = rows.map(({ text }) => text);
    const sold = { directory: till.directory, texts, hashes: rows.map(({ hash }) => hash) };
    await till.close();
    const path = join(sold.directory, databaseFiles.database);
    const db = new Database(path);
    db.exec('DELETE FROM pin_tries');
    db.close();
    flip(sold, 2);
    expect(await repair(sold, texts.length)).toMatchObject({ ok: true });
    const database = openDatabase(sold.directory);
    expect(before.get('ada')).toBe(5);
    expect(database.read.pinTries()).toEqual(before);
    database.close();
  });

  test('one interrupted between its two renames is finished at the next start', async () => {
    const sold = await soldTill(2);
    const made = `${sold.directory}.repaired`;
    renameSync(sold.directory, made);
    finishRepair(sold.directory);
    expect(journalOf(sold.directory)).toEqual(sold.texts);
    mkdirSync(made);
    finishRepair(sold.directory);
    expect(existsSync(made)).toBe(false);
    rmSync(sold.directory, { recursive: true });
  });
});
