import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { mayDo, rights, type Right } from '#contract/staff.ts';
import { tillContract } from '#contract/till.ts';
import { staffRole } from '#journal/entry.ts';
import { waitAfter, WAIT_MOST_MS, WRONG_AT_TILL_MAX, WRONG_MAX } from '#till/pin-tries.ts';
import { aConfig, aTill, removeFolders, somebody, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

const ada = somebody('ada', 'cashier', '2718');
const ben = somebody('ben', 'cashier', '3141');
const sue = somebody('sue', 'supervisor', '1618');
const max = somebody('max', 'manager', '1414');
const tap = somebody('tap', 'cashier', null);
const WRONG = '0000';

const shop = aConfig({ cashiers: [ada, ben, sue, max] });
const withPins = (): Promise<TestTill> => aTill({ config: shop });

const signIn = (till: TestTill, cashier: string, pin: string) =>
  till.call['sign-in']({ cashier, pin });
const refused = (code: string, params: object = {}) => ({
  outcome: 'refused',
  refusal: { code, params },
});

async function wrongTimes(till: TestTill, cashier: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await signIn(till, cashier, WRONG);
}

/** Sells and settles for an amount; the receipt's token. */
async function soldFor(till: TestTill, amountMinor: number): Promise<string> {
  await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
  return till.database.read.saleByTx(saleId)?.receipt ?? '';
}

describe('signing in', () => {
  test('a till whose people all have a PIN starts locked, and does nothing that can be refused', async () => {
    const till = await withPins();
    expect(till.state().staff.signedIn).toBeNull();
    expect(till.state().cashierName).toBe('');
    expect(till.state().staff.people.map(({ name, hasPin }) => [name, hasPin])).toEqual([
      ['ADA', true],
      ['BEN', true],
      ['SUE', true],
      ['MAX', true],
    ]);
    const add = till.call['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
    expect(await add).toEqual(refused('locked'));
    await till.scanCard();
    expect(till.state()).toMatchObject({ member: null, notice: { message: { code: 'locked' } } });
    expect(till.bodies()).toEqual([]);
    await till.close();
  });

  test('what a locked till refuses is every call that can be refused, but for signing in', async () => {
    const till = await withPins();
    const inputs: Readonly<Record<string, unknown>> = {
      'sale.settle': { saleId: till.state().basket.saleId, tender: 'cash' },
      'shift.close': { countedMinor: null },
      'drawer.open': null,
      'member.detach': null,
      'basket.undo': null,
    };
    for (const [name, input] of Object.entries(inputs)) {
      const handler = till.call[name as keyof typeof tillContract.calls] as (
        given: unknown,
      ) => unknown;
      expect(await handler(input), name).toEqual(refused('locked'));
    }
    await till.close();
  });

  test('the right PIN lets somebody in, journalled under their reference and role', async () => {
    const till = await withPins();
    expect(await signIn(till, 'ada', '2718')).toEqual({ outcome: 'done' });
    expect(till.state()).toMatchObject({
      cashierName: 'ADA',
      staff: { signedIn: { cashier: 'ada', role: 'cashier' } },
    });
    await soldFor(till, 5000);
    expect(till.entries().map(({ cashier, role, body }) => [cashier, role, body.kind])).toEqual([
      ['ada', 'cashier', 'sign-in'],
      ['ada', 'cashier', 'shift-open'],
      ['ada', 'cashier', 'sale'],
    ]);
    expect(till.entries().every(({ approver }) => approver === undefined)).toBe(true);
    await till.close();
  });

  test('no name and no PIN is ever in the journal', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '9973');
    await signIn(till, 'ada', '2718');
    await soldFor(till, 5000);
    const { read } = till.database;
    const texts = read.entriesAfter(0, 100).map(({ text }) => text);
    expect(texts.join('')).not.toMatch(/ADA|2718|9973/);
    expect(JSON.stringify(read.config())).not.toMatch(/2718/);
    await till.close();
  });

  test('another takes over with the basket as it is; the sale names who settled it', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(await signIn(till, 'ben', '3141')).toEqual({ outcome: 'done' });
    const { basket } = till.state();
    expect(basket.lines).toHaveLength(1);
    await till.call['sale.settle']({ saleId: basket.saleId, tender: 'card' });
    expect(till.entries().at(-1)).toMatchObject({ cashier: 'ben', body: { kind: 'sale' } });
    await till.close();
  });

  test('a wrong PIN of the next leaves the one before signed in', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    expect(await signIn(till, 'ben', WRONG)).toEqual(refused('pin-wrong', { left: 4 }));
    expect(till.state().staff.signedIn).toEqual({ cashier: 'ada', role: 'cashier' });
    await till.close();
  });

  test('locking keeps the basket, also over a restart, which asks for the PIN again', async () => {
    const before = await withPins();
    await signIn(before, 'ada', '2718');
    await before.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await before.call['sign-in.lock'](null);
    expect(before.state().staff.signedIn).toBeNull();
    expect(before.bodies().at(-1)).toEqual({ kind: 'sign-out', why: 'asked' });
    await signIn(before, 'ada', '2718');
    await before.close();
    const till = await before.restart();
    expect(till.state().staff.signedIn).toBeNull();
    expect(till.state().basket.lines).toHaveLength(1);
    await till.close();
  });

  test('where somebody has no PIN the till opens with them; a tap brings them back', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [max, tap] }) });
    expect(till.state().staff.signedIn).toEqual({ cashier: 'tap', role: 'cashier' });
    expect(till.bodies()).toEqual([]);
    await till.call['sign-in.lock'](null);
    expect(await signIn(till, 'tap', '')).toEqual({ outcome: 'done' });
    expect(till.bodies().at(-1)).toEqual({ kind: 'sign-in', how: 'open' });
    await till.close();
  });

  test('a shop that named nobody needs nobody to sign in', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [] }) });
    await soldFor(till, 5000);
    expect(till.entries().at(-1)).toMatchObject({ cashier: 'cashier', role: 'manager' });
    await till.close();
  });

  test('whoever leaves the shop is out with the list that says so', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const gone = { ...shop, version: 2, cashiers: [{ ...ada, isActive: false }, max] };
    till.server.changes.push({ kind: 'config', config: gone });
    await till.time.advance(5000);
    expect(till.state().staff.signedIn).toBeNull();
    expect(await signIn(till, 'ada', '2718')).toEqual(refused('staff-unknown'));
    await till.close();
  });
});

describe('a till that nobody touches', () => {
  test('locks itself after the store’s minutes, and the basket is still there', async () => {
    const rules = { autoLockMinutes: 2, refundMaxMinor: 100 };
    const till = await aTill({ config: { ...shop, staffRules: rules } });
    await signIn(till, 'ada', '2718');
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.time.advance(110_000);
    await till.call['sign-in.active'](null);
    await till.time.advance(110_000);
    expect(till.state().staff.signedIn).not.toBeNull();
    await till.time.advance(20_000);
    expect(till.state().staff.signedIn).toBeNull();
    expect(till.bodies().at(-1)).toEqual({ kind: 'sign-out', why: 'idle' });
    expect(till.state().basket.lines).toHaveLength(1);
    await till.close();
  });

  test('asking for the state is no touch, and setting the clock locks nothing', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    till.time.setWall(till.time.clock.wallMs() + 86_400_000);
    await till.time.advance(200_000);
    till.state();
    expect(till.state().staff.signedIn).not.toBeNull();
    await till.time.advance(110_000);
    expect(till.state().staff.signedIn).toBeNull();
    await till.close();
  });

  test('does not lock itself where a tap would open it', async () => {
    const till = await aTill({ config: aConfig({ cashiers: [tap, max] }) });
    await till.time.advance(3_600_000);
    expect(till.state().staff.signedIn).toEqual({ cashier: 'tap', role: 'cashier' });
    await till.close();
  });
});

describe('wrong PINs', () => {
  test('are counted in the journal, and the fifth makes the next one wait', async () => {
    const till = await withPins();
    for (const left of [4, 3, 2, 1]) {
      expect(await signIn(till, 'ada', WRONG)).toEqual(refused('pin-wrong', { left }));
    }
    expect(await signIn(till, 'ada', WRONG)).toEqual(refused('pin-wait', { seconds: 30 }));
    expect(till.bodies()).toEqual(
      Array.from({ length: 5 }, () => ({ kind: 'pin-wrong', of: 'ada', purpose: 'sign-in' })),
    );
    expect(till.entries().at(-1)).toMatchObject({ cashier: 'till', role: 'till' });
    // Not even the right one is looked at now, and what is not looked at does not count.
    expect(await signIn(till, 'ada', '2718')).toEqual(refused('pin-wait', { seconds: 30 }));
    expect(till.bodies()).toHaveLength(5);
    await till.time.advance(30_000);
    expect(await signIn(till, 'ada', '2718')).toEqual({ outcome: 'done' });
    expect(till.database.read.pinTries().size).toBe(0);
    await till.close();
  });

  test('wait longer each time, never longer than a quarter of an hour', () => {
    const waits = Array.from({ length: 12 }, (_, wrong) => waitAfter(wrong, WRONG_MAX) / 1000);
    expect(waits).toEqual([0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
    fc.assert(
      fc.property(fc.nat(1_000_000), (wrong) => {
        const wait = waitAfter(wrong, WRONG_MAX);
        expect(wait).toBeGreaterThanOrEqual(waitAfter(Math.max(0, wrong - 1), WRONG_MAX));
        expect(wait).toBeLessThanOrEqual(WAIT_MOST_MS);
      }),
    );
  });

  test('are still counted after the process was dropped in the middle, and the wait begins anew', async () => {
    const before = await withPins();
    await wrongTimes(before, 'ada', 5);
    await before.time.advance(25_000);
    // No goodbye: the database as a kill leaves it, opened by the next process.
    before.database.close();
    const till = await before.restart();
    expect(await signIn(till, 'ada', '2718')).toEqual(refused('pin-wait', { seconds: 30 }));
    await till.time.advance(30_000);
    expect(await signIn(till, 'ada', WRONG)).toEqual(refused('pin-wait', { seconds: 60 }));
    await till.close();
  });

  test('wait by the monotonic clock: setting the clock shortens nothing', async () => {
    const till = await withPins();
    await wrongTimes(till, 'ada', 5);
    till.time.setWall(till.time.clock.wallMs() + 31_536_000_000);
    expect(await signIn(till, 'ada', '2718')).toMatchObject(refused('pin-wait', { seconds: 30 }));
    await till.close();
  });

  test('at one name keep nobody else out; at all names together they do, but for a manager', async () => {
    const till = await withPins();
    await wrongTimes(till, 'ada', 5);
    expect(await signIn(till, 'ben', '3141')).toEqual({ outcome: 'done' });
    await till.call['sign-in.lock'](null);
    await wrongTimes(till, 'ben', 4);
    await wrongTimes(till, 'sue', 4);
    await wrongTimes(till, 'max', 2);
    expect(till.database.read.pinTries().get('')).toBe(WRONG_AT_TILL_MAX);
    expect(await signIn(till, 'sue', '1618')).toMatchObject({ refusal: { code: 'pin-wait' } });
    expect(await signIn(till, 'max', '1414')).toEqual({ outcome: 'done' });
    // The manager's PIN ends every wait of this till.
    expect(till.state().staff.people.map(({ waitMs }) => waitMs)).toEqual([0, 0, 0, 0]);
    await till.close();
  });

  test('ten thousand guesses, made as fast as the till allows, are not finished in a month', async () => {
    const till = await withPins();
    const startMs = till.time.clock.monoMs();
    let guesses = 0;
    for (; guesses < 11; guesses += 1) {
      const wait = till.state().staff.people[0]?.waitMs ?? 0;
      if (wait > 0) await till.time.advance(wait);
      await signIn(till, 'ada', String(guesses).padStart(4, '0'));
    }
    expect(till.bodies()).toHaveLength(guesses);
    const spentMs = till.time.clock.monoMs() - startMs;
    // From here on every guess costs the longest wait.
    expect(spentMs + (10_000 - guesses) * WAIT_MOST_MS).toBeGreaterThan(30 * 86_400_000);
    expect(till.state().staff.people[0]?.waitMs).toBe(WAIT_MOST_MS);
    await till.close();
  });

  test('a hundred at once are one try', async () => {
    const till = await withPins();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, guess) => signIn(till, 'ada', String(1000 + guess))),
    );
    expect(
      answers.filter((answer) => 'refusal' in answer && answer.refusal.code === 'pin-busy'),
    ).toHaveLength(99);
    expect(till.bodies()).toHaveLength(1);
    await till.close();
  });

  test('a try that cannot be counted shuts the door for a while: a full disk is no way in', async () => {
    let full = false;
    const till = await aTill({
      config: shop,
      wrap: (database) => ({
        ...database,
        write: (work) =>
          full ? { ok: false, error: { code: 'disk-full', detail: '' } } : database.write(work),
      }),
    });
    full = true;
    expect(await signIn(till, 'ada', WRONG)).toEqual(refused('not-saved-disk-full'));
    expect(await signIn(till, 'ada', '2718')).toEqual(refused('pin-wait', { seconds: 30 }));
    full = false;
    await till.time.advance(30_000);
    expect(await signIn(till, 'ada', '2718')).toEqual({ outcome: 'done' });
    await till.close();
  });
});

describe('what not everybody may do', () => {
  test('the roles are a ladder, and every right names its lowest rung', () => {
    const ladder = staffRole.options;
    for (const what of Object.keys(rights) as Right[]) {
      const least = ladder.indexOf(rights[what]);
      expect(ladder.map((role) => mayDo(role, what))).toEqual(ladder.map((_, at) => at >= least));
    }
  });

  test('a refund over the limit takes a supervisor’s PIN, once, and names both', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 300_000);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.call['return.open']({ receipt: `R:${receipt}` });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await till.call['return.commit']({ returnId })).toEqual(
      refused('approval-needed', { right: 'refund-over-limit', role: 'supervisor' }),
    );
    const word = (cashier: string, pin: string) =>
      till.call.approve({ right: 'refund-over-limit', cashier, pin });
    expect(await word('ben', '3141')).toEqual(refused('may-not-approve', { role: 'supervisor' }));
    expect(await word('sue', WRONG)).toEqual(refused('pin-wrong', { left: 4 }));
    expect(await word('sue', '1618')).toEqual({ outcome: 'done' });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(till.entries().at(-1)).toMatchObject({
      cashier: 'ada',
      role: 'cashier',
      approver: { cashier: 'sue', role: 'supervisor' },
      body: { kind: 'return', refundMinor: 300_000 },
    });
    expect(till.state().basket.lines).toHaveLength(1);
    expect(till.database.read.pinTries().get('sue')).toBeUndefined();
    // The word was for one deed.
    expect(await till.call['drawer.open'](null)).toMatchObject({
      refusal: { code: 'approval-needed' },
    });
    await till.close();
  });

  test('a refund within the limit asks nobody', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 100_000);
    await till.call['return.open']({ receipt: `R:${receipt}` });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    await till.close();
  });

  test('a word not used within a minute, or given to somebody else, is gone', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const word = () => till.call.approve({ right: 'open-drawer', cashier: 'max', pin: '1414' });
    await word();
    await till.time.advance(61_000);
    expect(await till.call['drawer.open'](null)).toMatchObject({ outcome: 'refused' });
    await word();
    await signIn(till, 'ben', '3141');
    expect(await till.call['drawer.open'](null)).toMatchObject({ outcome: 'refused' });
    await till.close();
  });

  test('the drawer opens for a supervisor, as a fact and as a job that prints nothing', async () => {
    const till = await withPins();
    await signIn(till, 'sue', '1618');
    expect(await till.call['drawer.open'](null)).toEqual({ outcome: 'done' });
    await till.time.settle();
    expect(till.entries().at(-1)).toMatchObject({ cashier: 'sue', body: { kind: 'drawer-open' } });
    expect(till.devices.printed.at(-1)?.document).toEqual({
      language: 'en',
      lines: [],
      openDrawer: true,
    });
    await till.close();
  });

  test('anybody closes the day with a count; without one it takes a supervisor', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    await soldFor(till, 5000);
    expect(await till.call['shift.close']({ countedMinor: null })).toEqual(
      refused('approval-needed', { right: 'close-uncounted', role: 'supervisor' }),
    );
    expect(await till.call['shift.close']({ countedMinor: 5000 })).toMatchObject({
      outcome: 'closed',
    });
    await till.close();
  });
});
