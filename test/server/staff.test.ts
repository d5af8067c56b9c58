import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StaffChange } from '#contract/sign-in.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { hashPin, sameHash } from '#node/pin.ts';
import { sampleStaff, seedDemo } from '#server/demo/demo.ts';
import { describeOnBoth } from './support/databases.ts';
import {
  IDENTIFIER_KEY,
  openShopServer,
  type ShopServer,
  type WireTill,
} from './support/shop-server.ts';

const managerPin = sampleStaff.find(({ role }) => role === 'manager')?.pin ?? '';

await describeOnBoth('the list of staff', (open) => {
  let server: ShopServer;
  let till: WireTill;
  beforeAll(async () => {
    server = await openShopServer(await open());
    till = await server.join();
  });
  afterAll(() => server.app.close());

  const configOf = async (asking: WireTill): Promise<ShopConfig> => {
    const { changes } = await asking.call('pull', { cursor: null, limit: 500 });
    const found = changes.findLast(({ kind }) => kind === 'config');
    if (found?.kind !== 'config') throw new Error('no configuration in the feed');
    return found.config;
  };
  const change = (wanted: StaffChange, pin = managerPin) =>
    till.call('staff', { change: wanted, managerPin: pin });
  const named = async (name: string) =>
    (await configOf(till)).cashiers.find((person) => person.name === name);
  const refusedWith = (code: string) => ({ outcome: 'refused', problems: [{ code }] });

  test('the sample PINs are those that the start line prints', async () => {
    const { cashiers } = await configOf(till);
    for (const { name, pin } of sampleStaff) {
      const kept = cashiers.find((person) => person.name === name)?.pin ?? null;
      const fits =
        pin === null || kept === null
          ? pin === kept
          : sameHash((await hashPin(pin, kept.salt)).hash, kept.hash);
      expect({ name, fits }).toEqual({ name, fits: true });
    }
  });

  test('somebody added has a random reference and a salted hash, at every till of the store', async () => {
    const other = await server.join('Second');
    const before = (await configOf(other)).version;
    expect(await change({ kind: 'add', name: ' Ece ', role: 'supervisor', pin: '8642' })).toEqual({
      outcome: 'done',
    });
    const config = await configOf(other);
    expect(config.version).toBeGreaterThan(before);
    const ece = config.cashiers.find(({ name }) => name === 'Ece');
    expect(ece).toMatchObject({ role: 'supervisor', isActive: true });
    expect(ece?.cashier).toMatch(/^staff_[0-9a-f]{16}$/);
    expect((await hashPin('8642', ece?.pin?.salt ?? '')).hash).toBe(ece?.pin?.hash);
    expect(JSON.stringify(config)).not.toContain('8642');
    expect(server.lines.join('')).not.toContain('8642');
  });

  test('a name, a role, a PIN and leaving are changed one by one; the reference stays', async () => {
    const { cashier = '' } = (await named('Deniz')) ?? {};
    expect(await change({ kind: 'rename', cashier, name: 'Deniz A.' })).toEqual({
      outcome: 'done',
    });
    await change({ kind: 'pin', cashier, pin: '9173' });
    await change({ kind: 'role', cashier, role: 'supervisor' });
    await change({ kind: 'active', cashier, isActive: false });
    expect(await named('Deniz A.')).toMatchObject({ cashier, role: 'supervisor', isActive: false });
    await change({ kind: 'active', cashier, isActive: true });
    await change({ kind: 'role', cashier, role: 'cashier' });
    await change({ kind: 'pin', cashier, pin: null });
    expect(await named('Deniz A.')).toMatchObject({ pin: null, isActive: true });
  });

  test('the rules of the store travel with it', async () => {
    const rules = { autoLockMinutes: 2, refundMaxMinor: 5000 };
    await change({ kind: 'rules', rules });
    expect((await configOf(till)).staffRules).toEqual(rules);
  });

  test('how often members are asked, and what may be lost offline, are decided by a manager’s PIN', async () => {
    const caps = { perRedemption: 500, perMember: 500, perTillDay: 5000, budget: 20_000 };
    const risk = { kind: 'offline-risk', programme: 'points', caps } as const;
    expect((await configOf(till)).offlineRisk).toBeUndefined();
    expect(await change(risk, '0001')).toMatchObject(refusedWith('pin-wrong'));
    expect((await configOf(till)).offlineRisk).toBeUndefined();
    expect(await change(risk)).toEqual({ outcome: 'done' });
    expect(await change({ kind: 'survey', rules: { everyDays: 0 } })).toEqual({ outcome: 'done' });
    expect(await configOf(till)).toMatchObject({
      offlineRisk: [{ programme: 'points', ...caps }],
      survey: { everyDays: 0 },
    });
    await change({ ...risk, caps: { ...caps, budget: 30_000 } });
    expect((await configOf(till)).offlineRisk).toEqual([
      { programme: 'points', ...caps, budget: 30_000 },
    ]);
    await change({ ...risk, caps: null });
    expect((await configOf(till)).offlineRisk).toEqual([]);
  });

  test('a risk that contradicts itself, or of a programme that does not run here, changes nothing', async () => {
    const { version } = await configOf(till);
    const caps = { perRedemption: 500, perMember: 400, perTillDay: 5000, budget: 20_000 };
    expect(await change({ kind: 'offline-risk', programme: 'points', caps })).toMatchObject(
      refusedWith('risk-order'),
    );
    expect(
      await change({ kind: 'offline-risk', programme: 'gone', caps: { ...caps, perMember: 500 } }),
    ).toMatchObject(refusedWith('risk-programme-gone'));
    expect((await configOf(till)).version).toBe(version);
  });

  test('the last manager with a PIN stays one, and nobody who may more is without a PIN', async () => {
    const { cashier = '' } = (await named('Can')) ?? {};
    const selin = (await named('Selin'))?.cashier ?? '';
    const last = refusedWith('staff-last-manager');
    expect(await change({ kind: 'role', cashier, role: 'cashier' })).toMatchObject(last);
    expect(await change({ kind: 'active', cashier, isActive: false })).toMatchObject(last);
    expect(await change({ kind: 'pin', cashier, pin: null })).toMatchObject(last);
    expect(await change({ kind: 'pin', cashier: selin, pin: null })).toMatchObject(
      refusedWith('staff-needs-pin'),
    );
    expect(await change({ kind: 'add', name: 'Nur', role: 'manager', pin: null })).toMatchObject(
      refusedWith('staff-needs-pin'),
    );
  });

  test.each([
    [
      'a name that is there',
      { kind: 'add', name: 'SELIN', role: 'cashier', pin: null },
      'name-twice',
    ],
    ['no name', { kind: 'add', name: '  ', role: 'cashier', pin: null }, 'text-empty'],
    [
      'a hidden direction',
      { kind: 'add', name: 'A\u202Eb', role: 'cashier', pin: null },
      'text-hidden',
    ],
    [
      'a scanned code',
      { kind: 'add', name: '2900000010017', role: 'cashier', pin: null },
      'text-code',
    ],
    [
      'a PIN everybody tries',
      { kind: 'add', name: 'Nur', role: 'cashier', pin: '1234' },
      'pin-simple',
    ],
    ['a PIN of letters', { kind: 'add', name: 'Nur', role: 'cashier', pin: 'abcd' }, 'pin-digits'],
    ['nobody', { kind: 'role', cashier: 'nobody', role: 'manager' }, 'staff-unknown'],
  ] as const)('%s is refused by name, and nothing changed', async (_, wanted, code) => {
    const before = await configOf(till);
    expect(await change(wanted)).toMatchObject(refusedWith(code));
    expect(await configOf(till)).toEqual(before);
  });

  test('a supervisor’s PIN is not enough, and wrong ones lock', async () => {
    const wanted: StaffChange = { kind: 'add', name: 'Nur', role: 'cashier', pin: null };
    for (let tries = 1; tries < 5; tries += 1) {
      expect(await change(wanted, '8642')).toMatchObject(refusedWith('pin-wrong'));
    }
    expect(await change(wanted, '8642')).toMatchObject(refusedWith('pin-locked'));
    expect(await change(wanted)).toMatchObject(refusedWith('pin-locked'));
    server.nowMs += 300_001;
    expect(await change(wanted)).toEqual({ outcome: 'done' });
  });

  test('the demo keeps what its manager changed when it starts again', async () => {
    const before = await configOf(till);
    const { database, executor, nowMs } = server;
    await seedDemo({ database, executor, nowMs, identifierKey: IDENTIFIER_KEY });
    expect(await configOf(till)).toEqual(before);
  });
});
