import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { signRequest } from '#node/http-signature.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { NOON_MS } from '#test/journal/support/test-till.ts';
import { openShopServer } from './support/shop-server.ts';

test('a server ends at once beside a till that listens and a connection opened ahead', async () => {
  const database = await openPglite(null);
  await migrate(database);
  const server = await openShopServer(database);
  const till = await server.join('Front');
  const url = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
  const ahead = connect(Number(url.port), '127.0.0.1');
  await once(ahead, 'connect');
  const headers = signRequest(
    { method: 'GET', authority: url.host, target: '/v1/poke', body: new Uint8Array() },
    { keyId: till.till, createdS: NOON_MS / 1000, nonce: 'closing-1' },
    till.privateKey,
  );
  const agent = new Agent({ keepAlive: true });
  const stream = request(new URL('/v1/poke', url), { agent, headers: { ...headers } }).end();
  const [response] = (await once(stream, 'response')) as [IncomingMessage];
  const ended = once(response.resume(), 'end');
  const aheadEnded = once(ahead.resume(), 'close');

  // Node waits for connections that it does not count as idle for more than a minute.
  await server.app.close();

  await ended;
  await aheadEnded;
  expect(Object.values(agent.freeSockets)).toEqual([]);
  agent.destroy();
  await database.close();
});
