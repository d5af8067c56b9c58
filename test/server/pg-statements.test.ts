import type pg from 'pg';
import { expect, test } from 'vitest';
import { inTransaction } from '#server/database/pg-statements.ts';

/** A connection that notes what it was sent, and answers `begin` when told to. */
function connection() {
  const sent: string[] = [];
  const begin = Promise.withResolvers<{ command: string }>();
  const client = {
    async query(statement: string | { text: string }) {
      const text = typeof statement === 'string' ? statement : statement.text;
      sent.push(text);
      if (text === 'begin') return begin.promise;
      return { rows: [], rowCount: 0, command: text.toUpperCase() };
    },
  } as unknown as pg.ClientBase;
  return { client, sent, begin };
}

const nobodyLost = (): void => undefined;

test('a first read goes right behind `begin`; what follows waits until the transaction is open', async () => {
  const { client, sent, begin } = connection();
  const done = inTransaction(
    client,
    async ({ query, execute }) => {
      await Promise.all([query('select a'), query('select b'), execute('insert c')]);
    },
    nobodyLost,
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent).toEqual(['begin', 'select a']);
  begin.resolve({ command: 'BEGIN' });
  await done;
  expect(sent).toEqual(['begin', 'select a', 'select b', 'insert c', 'commit']);
});

test.each(['insert into a', 'update a', 'delete from a', 'with a as (delete from b) select 1'])(
  'a first statement that may write waits for it: %s',
  async (text) => {
    const { client, sent, begin } = connection();
    const done = inTransaction(client, async ({ query }) => query(text), nobodyLost);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sent).toEqual(['begin']);
    begin.resolve({ command: 'BEGIN' });
    await done;
    expect(sent).toEqual(['begin', text, 'commit']);
  },
);

test('where no transaction could be begun nothing is written, and the reason is thrown', async () => {
  const { client, sent, begin } = connection();
  const done = inTransaction(
    client,
    async ({ query, execute }) => {
      const rows = await query('select a');
      await execute('insert b');
      return rows;
    },
    nobodyLost,
  );
  begin.reject(new Error('canceling statement due to user request'));
  await expect(done).rejects.toThrow('canceling statement');
  expect(sent).toEqual(['begin', 'select a', 'rollback']);
});

test('work that sends nothing and fails, fails with its own reason', async () => {
  const { client, begin } = connection();
  begin.resolve({ command: 'BEGIN' });
  const done = inTransaction(client, async () => Promise.reject(new Error('mine')), nobodyLost);
  await expect(done).rejects.toThrow('mine');
});
