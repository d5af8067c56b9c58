import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkJournal } from '#shell/journal-check.ts';
import { openAnchor } from '#sqlite/anchor.ts';
import { databaseFiles } from '#sqlite/open.ts';
import { appendTestEntries } from '#test/sqlite/support/entries.ts';
import { aFolder, openDatabase, removeFolders } from '#test/till/support/a-till.ts';

const script = join(import.meta.dirname, '..', '..', 'src/shell/verify-journal.ts');
afterAll(removeFolders);

/** A data folder with a closed till's database. */
function aTill(entries: number): { readonly data: string; readonly directory: string } {
  const data = aFolder();
  const directory = join(data, 'till');
  const database = openDatabase(directory);
  appendTestEntries(database, entries);
  database.close();
  return { data, directory };
}

/** Does to the file what no program does: SQL past the triggers that protect the journal. */
function tamper(directory: string, change: (db: Database.Database) => void): void {
  const db = new Database(join(directory, databaseFiles.database));
  db.exec('DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete');
  change(db);
  db.close();
}

/** Runs the command as a person does. */
function verify(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe('the journal’s check', () => {
  it('finds a journal whole, beside the till that writes it too, and changes nothing', async () => {
    const { data, directory } = aTill(1203);
    const file = join(directory, databaseFiles.database);
    const before = readFileSync(file);
    const { code, output } = await verify('--data', data);
    expect(output).toContain('1203 entries without a gap');
    expect(output).toContain('The head anchor knows entry 1203, and it is here.');
    expect(output).toContain('The journal is whole.');
    expect(code).toBe(0);
    expect(readFileSync(file).equals(before)).toBe(true);

    const running = openDatabase(directory);
    appendTestEntries(running, 2);
    const found = checkJournal(directory);
    expect(found).toMatchObject({ ok: true, value: { head: { seq: 1205 } } });
    running.close();
  });

  it('finds one flipped bit, wherever in an entry’s text or hash it is', () => {
    const { directory } = aTill(6);
    const db = new Database(join(directory, databaseFiles.database));
    db.exec('DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete');
    const read = db.prepare<[number], { text: string; hash: string }>(
      'SELECT text, hash FROM journal WHERE seq = ?',
    );
    const write = db.prepare('UPDATE journal SET text = CAST(? AS TEXT), hash = ? WHERE seq = ?');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('text' as const, 'hash' as const),
        fc.nat(),
        fc.integer({ min: 0, max: 6 }),
        (seq, column, place, bit) => {
          const whole = read.get(seq) ?? { text: '', hash: '' };
          const bytes = Buffer.from(whole[column]);
          const at = place % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
          const changed = { ...whole, [column]: bytes.toString('latin1') };
          write.run(changed.text, changed.hash, seq);
          const found = checkJournal(directory);
          write.run(whole.text, whole.hash, seq);
          expect(found).toMatchObject({ ok: false, error: { seq } });
        },
      ),
      { numRuns: 60 },
    );
    db.close();
  });

  it('finds a byte that changed in the file itself, and says at which entry', async () => {
    const { data, directory } = aTill(40);
    const file = join(directory, databaseFiles.database);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"seq":23,');
    const cashier = bytes.indexOf('"cashier":"c1"', at);
    bytes.write('"cashier":"c2"', cashier);
    writeFileSync(file, bytes);
    const { code, output } = await verify('--data', data);
    expect(output).toContain('The text of entry 23 is not what its hash says');
    expect(output).toContain('The journal is not whole.');
    expect(code).toBe(1);
  });

  it('finds a dropped tail by the head anchor, and a gap by counting', async () => {
    const tail = aTill(40);
    tamper(tail.directory, (db) => db.exec('DELETE FROM journal WHERE seq > 37'));
    const shortened = await verify('--data', tail.data);
    expect(shortened.output).toContain('Entries 38 to 40 are gone: the head anchor has seen them.');
    expect(shortened.code).toBe(1);

    const gap = aTill(40);
    tamper(gap.directory, (db) => db.exec('DELETE FROM journal WHERE seq IN (7, 8)'));
    expect(checkJournal(gap.directory)).toEqual({
      ok: false,
      error: { seq: 7, what: 'Entries 7 to 8 are missing.' },
    });
  });

  it('finds what the columns, the server’s word and the anchor contradict', () => {
    const columns = aTill(3);
    tamper(columns.directory, (db) =>
      db.exec("UPDATE journal SET day = '2026-01-01' WHERE seq = 2"),
    );
    expect(checkJournal(columns.directory)).toMatchObject({ ok: false, error: { seq: 2 } });

    const taken = aTill(3);
    tamper(taken.directory, (db) =>
      db.exec(`UPDATE sync SET ack_seq = 3, ack_hash = '${'0'.repeat(64)}'`),
    );
    expect(checkJournal(taken.directory)).toMatchObject({ ok: false, error: { seq: 3 } });

    const replaced = aTill(3);
    rmSync(join(replaced.directory, databaseFiles.anchor));
    const other = openAnchor(join(replaced.directory, databaseFiles.anchor));
    other.write(1, { seq: 2, hash: 'f'.repeat(64) }, true);
    other.close();
    expect(checkJournal(replaced.directory)).toMatchObject({ ok: false, error: { seq: 2 } });
    writeFileSync(join(replaced.directory, databaseFiles.anchor), 'entry 3, I think');
    expect(checkJournal(replaced.directory)).toMatchObject({ ok: false, error: { seq: null } });
  });

  it('says what is there instead of a journal, and what was typed wrongly', async () => {
    const nothing = await verify('--data', join(aFolder(), 'none'));
    expect(nothing.output).toContain('There is no till’s database at ');
    expect(nothing.code).toBe(1);
    const { data, directory } = aTill(1);
    writeFileSync(join(directory, databaseFiles.database), 'x'.repeat(5000));
    expect(await verify('--data', data)).toMatchObject({
      code: 1,
      output: expect.stringContaining('The database cannot be read: SQLITE_NOTADB.'),
    });
    expect((await verify('--dta', data)).code).toBe(2);
  });
});
