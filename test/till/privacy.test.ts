import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createServerLink } from '#shell/server-link.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import { readPrivateKey } from '#node/ed25519.ts';
import { systemClock } from '#shell/surroundings.ts';
import { startServer, type RunningServer } from '#server/start.ts';
import { filesWith } from '#test/server/support/files-with.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aConfig, aFolder, aRecord, aTill, removeFolders } from './support/a-till.ts';
import { joining } from './support/joining.ts';

const NAME = 'Zehra Quxworthy';
/** The name, its parts, the short name and the number, as typed and as stored. */
const SECRETS = [NAME, 'Quxworthy', 'Zehra', '15123456789', '01512 3456789'];

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.stop();
});
afterAll(removeFolders);

test('a person is in no file of a till or its server, and after an erasure nowhere at all', async () => {
  const folder = aFolder();
  const lines: string[] = [];
  const log = (event: string, fields?: object): void =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  const shopFile = join(folder, 'shop.json');
  writeFileSync(shopFile, JSON.stringify(aConfig()));
  let server: RunningServer | null = null;
  const start = async (pairingCode: string): Promise<RunningServer> => {
    server = await startServer({
      directory: join(folder, 'server'),
      databaseUrl: null,
      host: '127.0.0.1',
      port: 0,
      demo: false,
      shopFile,
      pairingCode,
      log: { info: log, warn: log, error: log },
      onBroken: () => {},
    });
    return server;
  };
  const url = (): URL | null => (server === null ? null : new URL(server.url));
  const stop = async (): Promise<void> => {
    const was = server;
    server = null;
    await was?.stop();
  };
  running.push({ stop });
  const join_ = async (name: string, code: string): Promise<RealTill> => {
    const till = await aRealTill({ folder, name, code, url });
    running.push(till);
    await till.until('online', ({ link }) => link.state === 'online');
    return till;
  };
  await start('PAIRAAAA');
  const one = await join_('one', 'PAIRAAAA');
  await stop();
  await start('PAIRBBBB');
  const two = await join_('two', 'PAIRBBBB');

  await one.until('online again', ({ link }) => link.state === 'online');
  const { handlers } = one.till;
  await handlers['basket.add-product']({ sku: 'coffee', quantityMilli: 4000 });
  const consents = [{ purpose: 'sms', given: true, textVersion: 'de-1' }] as const;
  const joined = joining({ name: NAME, consents: [...consents] });
  expect(await handlers['enrol.commit'](joined)).toEqual({ outcome: 'done' });
  expect(one.state().member?.displayName).toBe('Zehra Q.');
  expect(filesWith(folder, SECRETS)).toEqual([]);
  const member = one.state().member?.member ?? '';
  await handlers['sale.settle']({ saleId: one.state().basket.saleId, tender: 'cash' });
  await one.until('acknowledged', ({ link }) => link.waiting === 0);
  await one.until('card printed', () => one.devices.printed.length > 0);
  const bars = one.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'barcode');
  const card = bars?.kind === 'barcode' ? bars.content : '';
  expect(card).toHaveLength(13);
  const scan = (till: RealTill): Promise<unknown> =>
    Promise.resolve(
      till.till.handlers.scan({
        code: { kind: 'card', number: card, symbology: 'ean' },
        source: 'serial',
      }),
    );
  await two.until(
    'known at both',
    () => two.database.read.member(member)?.displayName === 'Zehra Q.',
  );
  await scan(two);
  await two.until('points held here', () => two.database.read.openGrants().length === 1);
  two.database.checkpoint();
  one.database.checkpoint();
  expect(filesWith(folder, SECRETS)).toEqual([]);

  const secrets = await fileSecrets(join(folder, 'one.secrets')).read();
  const { publicKey = '', privateKey = '' } = secrets ?? {};
  const link = createServerLink({
    baseUrl: url,
    identity: {
      keyId: one.database.read.config()?.tills[0]?.till ?? '',
      privateKey: readPrivateKey({ publicKey, privateKey }),
    },
    wallMs: systemClock.wallMs,
  });
  const ask = async (confirm: string | null): Promise<unknown> => {
    const answer = await link.call('erase-member', { member, confirm, by: 'mia' }, 5000);
    return answer.ok ? answer.value : answer.error;
  };
  const preview = (await ask(null)) as { preview: { confirm: string; name: string } };
  expect(preview.preview.name).toBe('Zehra Q.');
  expect(await ask(preview.preview.confirm)).toEqual({ outcome: 'erased', member });
  link.hangUp();

  for (const till of [one, two]) {
    await till.until('erased', () => till.database.read.member(member)?.status === 'erased');
    expect(till.database.read.member(member)).toMatchObject({ displayName: null, masked: null });
    expect(till.database.read.profile(member)).toBeNull();
  }
  await two.until('given back', () => two.database.read.openGrants().length === 0);
  expect(two.state().member).toBeNull();
  expect(two.state().notice).toMatchObject({ message: { code: 'member-erased' } });
  await two.until('said so', ({ link: wire }) => wire.waiting === 0);
  // The old card is nobody's: the cashier is told, and the shopper may join again with it.
  await new Promise((resolve) => setTimeout(resolve, 1600));
  await scan(two);
  await two.until('unknown card', ({ unknown }) => unknown?.kind === 'card');
  const day = await one.till.handlers.day({ day: null });
  expect(day.points[0]).toMatchObject({ closing: 200, sumOfBalances: 200 });
  expect(day.exceptions).toEqual([]);
  expect([...SECRETS, card].filter((secret) => lines.join('').includes(secret))).toEqual([]);
  expect(filesWith(folder, SECRETS)).toEqual([]);
});

test('a till whose keys are lost sells on, and asks for the names again', async () => {
  const till = await aTill();
  till.member(aRecord());
  const shown = till.database.read.member('m-ayse')?.displayName;
  expect(shown).toBeTruthy();
  await till.close();
  writeFileSync(`${till.directory}.keys`, 'not a key file at all, but long enough to look at');
  const again = await till.restart({ start: false });
  running.push({ stop: () => again.close() });
  expect(again.database.read.member('m-ayse')).toMatchObject({ displayName: null });
  expect(again.database.read.syncState().cursor).toBeNull();
  again.member(aRecord());
  expect(again.database.read.member('m-ayse')?.displayName).toBe(shown);
});
