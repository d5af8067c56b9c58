import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, type Connection } from '#sqlite/connection.ts';
import { applyMigrations, planMigrations, readMigrations } from '#sqlite/migrate.ts';
import { aFolder, MIGRATIONS, removeFolders } from '#test/till/support/a-till.ts';

afterAll(removeFolders);

const ZERO = '0'.repeat(64);

function upTo(number: number): Connection {
  const connection = connect(join(aFolder(), 'till.db'));
  applyMigrations(connection, readMigrations(MIGRATIONS).slice(0, number));
  return connection;
}

function inside(connection: Connection, sql: string): () => void {
  return () => {
    connection.begin();
    try {
      connection.exec(sql);
    } finally {
      connection.rollback();
    }
  };
}

describe('migrations of the till', () => {
  test('0001 holds a journal that only grows, one sync row and every programme version', () => {
    const connection = upTo(1);
    expect(connection.readable.get('SELECT ack_seq, ack_hash FROM sync')).toEqual({
      ack_seq: 0,
      ack_hash: ZERO,
    });
    expect(
      inside(connection, `INSERT INTO journal VALUES (2, 't', 'sale', 'd', '{}', '${ZERO}')`),
    ).toThrow('contiguous');
    expect(
      inside(connection, "INSERT INTO journal VALUES (1, 't', 'sale', 'd', '{}', 'short')"),
    ).toThrow('CHECK');
    expect(
      inside(connection, "INSERT INTO journal VALUES (1, 5.5, 'sale', 'd', x'00', 'short')"),
    ).toThrow();
    expect(
      inside(connection, "INSERT INTO sync VALUES (2, 0, '', 0, 0, NULL, NULL, NULL, NULL)"),
    ).toThrow('CHECK');
    connection.close();
  });

  test('0002 keys members, identifiers and balances, and takes no unknown state', () => {
    const connection = upTo(2);
    expect(
      inside(
        connection,
        "INSERT INTO member VALUES ('m', 1, 'happy', NULL, 0, NULL, 'en', NULL, 0, '{}')",
      ),
    ).toThrow('CHECK');
    expect(inside(connection, "INSERT INTO identifier VALUES ('h', 'm', 'email', 'x')")).toThrow(
      'CHECK',
    );
    expect(
      inside(
        connection,
        "INSERT INTO balance VALUES ('m', 'p', 1, 1, 1, 1); INSERT INTO balance VALUES ('m', 'p', 1, 1, 1, 1)",
      ),
    ).toThrow('UNIQUE');
    connection.close();
  });

  test('0003 has one draft, one open shift, and receipts that are unique', () => {
    const connection = upTo(3);
    expect(inside(connection, "INSERT INTO draft VALUES (2, '{}')")).toThrow('CHECK');
    expect(
      inside(
        connection,
        'INSERT INTO shift VALUES (1, 1, NULL, 0, 0); INSERT INTO shift VALUES (2, 1, NULL, 0, 0)',
      ),
    ).toThrow('UNIQUE');
    expect(
      inside(
        connection,
        "INSERT INTO sale VALUES (1, 1, 1, 'a', 'sale', 'R', '', NULL, NULL); INSERT INTO sale VALUES (2, 2, 2, 'b', 'sale', 'R', '', NULL, NULL)",
      ),
    ).toThrow('UNIQUE');
    expect(
      inside(
        connection,
        "INSERT INTO grant_held VALUES ('q', 'g', 'sale', 's', 'm', 'p', 'r', 0, 0, 'asked', 0)",
      ),
    ).toThrow('CHECK');
    expect(inside(connection, "INSERT INTO pin_tries VALUES ('ada', 0)")).toThrow('CHECK');
    expect(
      inside(
        connection,
        "INSERT INTO pin_tries VALUES ('ada', 1); INSERT INTO pin_tries VALUES ('ada', 2)",
      ),
    ).toThrow('UNIQUE');
    expect(
      inside(
        connection,
        "INSERT INTO print_job (job, sale, copy, kind, document, state) VALUES ('j', 's', 0, 'till', '{}', 'queued')",
      ),
    ).toThrow('CHECK');
    connection.close();
  });

  test('every table is STRICT', () => {
    const connection = upTo(99);
    const loose = connection.readable.all(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose).toEqual([]);
    connection.close();
  });

  test('a migration that fails leaves the ones before it and nothing of itself', () => {
    const connection = upTo(1);
    const broken = {
      number: 2,
      name: '0002_broken.sql',
      checksum: 'x',
      sql: 'CREATE TABLE half (a INTEGER) STRICT; NONSENSE',
    };
    expect(() => applyMigrations(connection, [broken])).toThrow();
    expect(
      connection.readable.get("SELECT 1 FROM sqlite_schema WHERE name = 'half'"),
    ).toBeUndefined();
    expect(planMigrations(connection, readMigrations(MIGRATIONS))).toMatchObject({
      ok: true,
      value: [{ number: 2 }, { number: 3 }],
    });
    connection.close();
  });
});
