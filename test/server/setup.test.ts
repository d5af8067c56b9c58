import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ShopConfig } from '#contract/shop.ts';
import type { SetupAnswers, SetupDone } from '#contract/setup.ts';
import type { SyncCall, SyncInput, SyncOutput } from '#contract/sync.ts';
import { generateSigningKeys, readPrivateKey } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
import { createLog } from '#node/log.ts';
import { type RunningServer, startServer } from '#server/start.ts';
import { boutiqueAnswers } from '#test/contract/setup-answers.ts';

// Each test makes a database of its own, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CODE = 'ABCD2345';
let directory: string;
let server: RunningServer;

const start = (pairingCode: string | null = CODE, demo = false): Promise<RunningServer> =>
  startServer({
    directory: join(directory, 'server'),
    databaseUrl: null,
    host: '127.0.0.1',
    port: 0,
    demo,
    shopFile: null,
    pairingCode,
    log: createLog({ write: () => undefined, nowMs: () => Date.now() }),
    onBroken: () => undefined,
  });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'regulars-setup-'));
  server = await start();
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function post(call: string, body: unknown, headers: object = {}): Promise<unknown> {
  const response = await fetch(`${server.url}/v1/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}

const setUp = (code: string, answers: SetupAnswers = boutiqueAnswers()): Promise<SetupDone> =>
  post('set-up', { code, answers }) as Promise<SetupDone>;

const keys = generateSigningKeys();

async function joined(): Promise<Extract<SyncOutput<'enrol'>, { outcome: 'enrolled' }>> {
  const input = { code: CODE, publicKey: keys.publicKey, name: 'Till 1' };
  const answer = (await post('enrol', input)) as SyncOutput<'enrol'>;
  if (answer.outcome !== 'enrolled') throw new Error(JSON.stringify(answer));
  return answer;
}

async function call<Call extends SyncCall>(
  till: string,
  name: Call,
  input: SyncInput<Call>,
): Promise<SyncOutput<Call>> {
  const { host } = new URL(server.url);
  const body = Buffer.from(JSON.stringify(input));
  const request = { method: 'POST', authority: host, target: `/v1/${name}`, body };
  const createdS = Math.floor(Date.now() / 1000);
  const signature = signRequest(
    request,
    { keyId: till, createdS, nonce: randomUUID() },
    readPrivateKey(keys),
  );
  return post(name, input, signature) as Promise<SyncOutput<Call>>;
}

async function configOf(till: string): Promise<ShopConfig> {
  const { changes } = await call(till, 'pull', { cursor: null, limit: 500 });
  const config = changes.findLast(({ kind }) => kind === 'config');
  if (config?.kind !== 'config') throw new Error('no configuration in the feed');
  return config.config;
}

const refusedWith = (code: string, params: object = {}) => ({
  outcome: 'refused',
  problems: [{ code, params }],
});

describe('setting a shop up', () => {
  it('takes the shop in by the pairing code, and the same code lets the till in', async () => {
    expect(server.needsSetUp).toBe(true);
    expect(await setUp(CODE)).toEqual({ outcome: 'done' });
    const { config, tenant } = await joined();
    expect(tenant).toBe('main');
    expect(config).toMatchObject({
      storeName: 'Şule Butik',
      tax: { percent: '20', included: true },
      programmes: [{ id: 'boutique', version: 1 }],
      products: [{ sku: 'item-1', unitPriceMinor: 45_000 }, { sku: 'item-2' }],
      cashiers: [
        { name: 'Şule', role: 'cashier', pin: null },
        { name: 'İpek', role: 'cashier', pin: null },
        { name: 'Yönetici', role: 'manager', pin: { salt: expect.any(String) as unknown } },
      ],
    });
  });

  it('is refused with a wrong code, and shut for good after five of them', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await setUp('WRONG234')).toMatchObject(refusedWith('code-wrong'));
    }
    expect(await setUp(CODE)).toMatchObject(refusedWith('set-up-closed'));
  });

  it('is refused whole, with path and fix, where the programme contradicts itself', async () => {
    const knobs = {
      pointsPerMajor: 1,
      costPoints: 10,
      rewardMinor: 100,
      silverPoints: 9,
      goldPoints: 8,
    };
    const answers = boutiqueAnswers({ choice: { preset: 'tiers', knobs } });
    expect(await setUp(CODE, answers)).toMatchObject({
      outcome: 'refused',
      problems: [
        {
          path: 'programme.tiers.2.criteria',
          code: 'levels-order',
          params: { fix: expect.stringContaining('order tiers from low to high') as unknown },
        },
      ],
    });
    expect(await setUp(CODE)).toEqual({ outcome: 'done' });
  });

  it('is done once: a second set-up changes nothing, whoever asks', async () => {
    const [one, two] = await Promise.all([
      setUp(CODE),
      setUp(CODE, boutiqueAnswers({ storeName: 'Another' })),
    ]);
    expect([one, two].filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect([one, two].find(({ outcome }) => outcome === 'refused')).toMatchObject(
      refusedWith('already-set-up'),
    );
  });

  it('stays across a restart, which needs no set-up and never mixes the demo in', async () => {
    await setUp(CODE);
    const before = (await joined()).till;
    await server.stop();
    server = await start('WXYZ6789', true);
    expect(server.needsSetUp).toBe(false);
    expect((await configOf(before)).storeName).toBe('Şule Butik');
    expect(await setUp('WXYZ6789')).toMatchObject(refusedWith('set-up-closed'));
  });

  it('never happens where a demo shop is', async () => {
    await server.stop();
    server = await start(CODE, true);
    expect(server.needsSetUp).toBe(false);
    expect(await setUp(CODE)).toMatchObject(refusedWith('set-up-closed'));
  });
});

describe('a change of programmes', () => {
  const stamps = { preset: 'stamps', knobs: { stamps: 8 } };
  let till: string;
  beforeEach(async () => {
    await setUp(CODE);
    till = (await joined()).till;
  });
  const change = (managerPin: string, choice: SyncInput<'programmes'>['choice'] = stamps) =>
    call(till, 'programmes', { choice, managerPin });

  it('needs the manager’s PIN, counts wrong ones, and locks', async () => {
    for (const left of [4, 3, 2, 1]) {
      expect(await change('0815')).toMatchObject(refusedWith('pin-wrong', { left }));
    }
    expect(await change('0815')).toMatchObject(refusedWith('pin-locked', { minutes: 5 }));
    expect(await change('4711')).toMatchObject(refusedWith('pin-locked', { minutes: 5 }));
    expect((await configOf(till)).programmes).toMatchObject([{ id: 'boutique', version: 1 }]);
  });

  it('gives a changed programme its next version, and keeps an unchanged one', async () => {
    const knobs = { pointsPerMajor: 2, costPoints: 3600, rewardMinor: 22_000 };
    expect(await change('4711', { preset: 'boutique', knobs })).toEqual({ outcome: 'done' });
    expect((await configOf(till)).programmes).toMatchObject([{ id: 'boutique', version: 2 }]);
    const { version } = await configOf(till);
    expect(await change('4711', { preset: 'boutique', knobs })).toEqual({ outcome: 'done' });
    expect((await configOf(till)).version).toBe(version);
  });

  it('keeps what members have: a programme left behind gives nothing new and still pays', async () => {
    await change('4711');
    const config = await configOf(till);
    expect(config).toMatchObject({
      choice: stamps,
      programmes: [
        { id: 'stamps', version: 1, rules: [{ enabled: true }] },
        { id: 'boutique', version: 2, rules: [{ enabled: false }], rewards: [{ enabled: true }] },
      ],
    });
    const back = boutiqueAnswers().choice;
    await change('4711', back);
    expect((await configOf(till)).programmes).toMatchObject([
      { id: 'boutique', version: 3, rules: [{ enabled: true }] },
      { id: 'stamps', version: 2, rules: [{ enabled: false }] },
    ]);
  });

  it('brings the goods a preset needs and takes only those away again', async () => {
    await change('4711', { preset: 'paid-membership', knobs: { feeMinor: 99_000, months: 12 } });
    expect((await configOf(till)).products.map(({ sku }) => sku)).toEqual([
      'item-1',
      'item-2',
      'membership',
    ]);
    await change('4711');
    expect((await configOf(till)).products.map(({ sku }) => sku)).toEqual(['item-1', 'item-2']);
  });

  it('is refused by path and fix before the PIN is even looked at', async () => {
    expect(await change('4711', { preset: 'stamps', knobs: { stamps: 1 } })).toMatchObject({
      outcome: 'refused',
      problems: [{ path: 'choice.knobs.stamps', code: 'knob-too-low' }],
    });
  });

  it('survives a rebuild from the command log', async () => {
    await change('4711');
    await server.stop();
    rmSync(join(directory, 'server', 'database'), { recursive: true, force: true });
    server = await start();
    expect((await configOf(till)).programmes.map(({ id }) => id)).toEqual(['stamps', 'boutique']);
    expect(await change('4711', boutiqueAnswers().choice)).toEqual({ outcome: 'done' });
  });
});
