import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '#server/start.ts';
import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';
import { hashOf, openShopServers, type ShopServer, type WireTill } from './support/shop-server.ts';

const postgres = await startPostgres();

describe('several servers on one PostgreSQL', needsPostgres(postgres), () => {
  let servers: readonly ShopServer[];
  let close: () => Promise<void>;
  const tills: WireTill[] = [];

  beforeAll(async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    ({ servers, close } = await openShopServers(url, 3));
    for (const server of servers) tills.push(await server.join('Till'), await server.join('Till'));
  });
  afterAll(async () => {
    await close();
    await postgres?.stop();
  });

  test('post the same members from six tills at once, and every point is there once', async () => {
    const members = ['anna', 'bea', 'cem'];
    tills[0]?.journal.append(txOf(1), ...members.map((member) => body.enrol(member)));
    await tills[0]?.push();
    let number = 100;
    for (const till of tills) {
      for (let index = 0; index < 60; index += 1) {
        number += 1;
        const member = members[number % 3] ?? '';
        till.journal.append(
          txOf(number),
          body.sale(number, member),
          body.earn(member, txOf(number), 1 + (number % 7)),
        );
      }
    }
    const expected = new Map<string, number>();
    for (const { entry } of tills.flatMap(({ journal }) => journal.entries)) {
      if (entry.body.kind !== 'earn') continue;
      expected.set(entry.body.member, (expected.get(entry.body.member) ?? 0) + entry.body.points);
    }
    await Promise.all(
      tills.map(async (till, index) => {
        for (let from = index === 0 ? 4 : 1; from <= till.journal.head.seq; from += 10) {
          const to = Math.min(from + 9, till.journal.head.seq);
          const answers = await Promise.all([till.push(from, to), till.push(from, to)]);
          expect(answers.map(({ outcome }) => outcome)).toEqual(['acknowledged', 'acknowledged']);
        }
      }),
    );
    const rows = await servers[0]?.database.query<{ owner: string; posted: number }>(
      'select owner, posted from account where owner = any($1::text[]) order by owner',
      [members],
    );
    expect(rows?.map(({ owner, posted }) => [owner, posted])).toEqual([...expected].toSorted());
    const day = await tills[0]?.call('day', { day: TODAY });
    expect(day?.points[0]?.closing).toBe(day?.points[0]?.sumOfBalances);
    expect(day?.totals.sales).toBe(360);
  });

  test('two tills that claim one sale at the same moment: one member gets its points', async () => {
    const [first, second] = tills;
    if (first === undefined || second === undefined) throw new Error('no tills');
    for (let round = 0; round < 10; round += 1) {
      const sale = txOf(5000 + round * 10);
      first.journal.append(sale, body.sale(5000 + round, null));
      await first.push(first.journal.head.seq);
      for (const [till, name] of [
        [first, 'x'],
        [second, 'y'],
      ] as const) {
        const member = `claimer-${name}-${round}`;
        till.journal.append(
          txOf(5001 + round * 10),
          body.enrol(member),
          body.claim(1, sale, member),
          body.earn(member, sale, 9),
        );
      }
      await Promise.all([first, second].map((till) => till.push(till.journal.head.seq - 2)));
      const rows = await servers[0]?.database.query<{ posted: number }>(
        `select posted from account where owner in ($1, $2) and posted <> 0`,
        [`claimer-x-${round}`, `claimer-y-${round}`],
      );
      expect(rows).toEqual([{ posted: 9 }]);
    }
  });

  test('a card is joined to its owner while both earn, and no point is lost or doubled', async () => {
    const [first, second, third] = tills;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('no tills');
    for (let round = 0; round < 8; round += 1) {
      const [owner, card] = [`owner-${round}`, `card-${round}`];
      const base = 20_000 + round * 100;
      first.journal.append(txOf(base), body.enrol(owner));
      second.journal.append(txOf(base), body.enrol(card, true));
      await first.push(first.journal.head.seq);
      await second.push(second.journal.head.seq);
      const starts = [first.journal.head.seq, second.journal.head.seq];
      for (let index = 1; index <= 12; index += 1) {
        first.journal.append(txOf(base + index), body.earn(owner, txOf(base + index), 3));
        second.journal.append(txOf(base + 50 + index), body.earn(card, txOf(base + 50 + index), 4));
      }
      const pushAll = async (till: WireTill, start: number): Promise<void> => {
        for (let seq = start + 1; seq <= till.journal.head.seq; seq += 2)
          await till.push(seq, seq + 1);
      };
      const profile = (member: string) => ({
        member,
        version: 1,
        market: 'TR',
        name: null,
        phone: null,
        phoneTakesSms: false,
        language: 'tr',
        identifiers: [
          { kind: 'card' as const, hash: hashOf('card', `round-${round}`), masked: '··' },
        ],
        consents: [],
      });
      await Promise.all([
        pushAll(first, starts[0] ?? 0),
        pushAll(second, starts[1] ?? 0),
        third.call('profile', { profiles: [profile(owner)] }),
        first.call('profile', { profiles: [profile(card)] }),
      ]);
      const rows = await servers[0]?.database.query<{ owner: string; posted: number }>(
        'select owner, posted from account where owner in ($1, $2) and posted <> 0',
        [owner, card],
      );
      expect(rows).toEqual([{ owner, posted: 84 }]);
    }
  });

  test('a whole server starts on it by its address, and a second one beside it', async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    const options = {
      directory: 'unused',
      databaseUrl: url,
      host: '127.0.0.1',
      port: 0,
      demo: true,
      shopFile: null,
      pairingCode: 'ABCD2345',
      log: { info() {}, warn() {}, error() {} },
      onBroken() {},
    };
    const running = await Promise.all([startServer(options), startServer(options)]);
    const answers = await Promise.all(running.map((server) => fetch(`${server.url}/healthz`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(running[0]?.sampleCards).toHaveLength(6);
    for (const server of running) await server.stop();
  });

  test('a server refuses a PostgreSQL that does not write through', async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    const careless = new URL(url);
    careless.searchParams.set('options', '-c synchronous_commit=off');
    const start = startServer({
      directory: 'unused',
      databaseUrl: careless.href,
      host: '127.0.0.1',
      port: 0,
      demo: false,
      shopFile: null,
      pairingCode: null,
      log: { info() {}, warn() {}, error() {} },
      onBroken() {},
    });
    await expect(start).rejects.toThrow(/synchronous_commit/);
  });

  test('a cursor never passes a change that commits late', async () => {
    const database = servers[0]?.database;
    const till = tills[0];
    if (database === undefined || till === undefined) throw new Error('no server');
    till.journal.append(txOf(9000), body.enrol('late'), body.enrol('early'));
    await till.push(till.journal.head.seq - 1);
    let { cursor } = await till.call('pull', { cursor: null, limit: 500 });
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
    const touch = `update feed set xid = pg_current_xact_id(), place = nextval('feed_place') where kind = 'member' and subject = $1`;
    const slow = database.transaction(async (db) => {
      await db.execute(touch, ['late']);
      hasWritten();
      await mayCommit;
    });
    await written;
    await database.transaction((db) => db.execute(touch, ['early']));
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      const page = await till.call('pull', { cursor, limit: 500 });
      cursor = page.cursor;
      seen.push(
        ...page.changes.flatMap((change) =>
          change.kind === 'member' ? [change.record.member] : [],
        ),
      );
    };
    await read();
    commit();
    await slow;
    await read();
    expect(seen.toSorted()).toEqual(['early', 'late']);
  });
});
