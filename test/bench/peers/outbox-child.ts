import Fastify from 'fastify';
import { Pool } from 'pg';

/**
 * The usual outbox's other end: one POST per sale with the client's id, one transaction each, on the
 * PostgreSQL at `URL`; prints the port it listens on.
 */
const pool = new Pool({ connectionString: process.argv[2] ?? '', max: 4 });
await pool.query('create table if not exists sale (id text primary key, body jsonb not null)');
await pool.query(
  `create table if not exists points (sale text not null, member text not null, points integer not null,
     primary key (sale, member))`,
);
await pool.query(
  'create table if not exists balance (member text primary key, points bigint not null)',
);
const app = Fastify({ logger: false });
interface Sale {
  readonly id: string;
  readonly member: string;
  readonly points: number;
}
app.post<{ Body: Sale }>('/sales', async (request) => {
  const { id, member, points } = request.body;
  const client = await pool.connect();
  try {
    await client.query('begin');
    const made = await client.query(
      'insert into sale (id, body) values ($1, $2) on conflict do nothing',
      [id, request.body],
    );
    if (made.rowCount === 1) {
      await client.query('insert into points values ($1, $2, $3)', [id, member, points]);
      await client.query(
        `insert into balance values ($1, $2)
         on conflict (member) do update set points = balance.points + excluded.points`,
        [member, points],
      );
    }
    await client.query('commit');
  } finally {
    client.release();
  }
  return { ok: true };
});
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
if (typeof address === 'object') process.send?.({ port: address?.port });
process.on('disconnect', () => process.exit(0));
