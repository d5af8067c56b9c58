import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { TillContract } from '#contract/till.ts';
import { WRONG_AT_TILL_MAX, WRONG_MAX } from '#journal/pin-guessing.ts';
import { waitAfter, WAIT_MOST_MS } from '#till/pin-tries.ts';
import { aConfig, aTill, removeFolders, somebody, type TestTill } from './support/a-till.ts';
import { ada, max, refused, shop, signIn, soldFor, tap, withPins, WRONG } from './support/staff.ts';

afterAll(removeFolders);

async function wrongTimes(till: TestTill, cashier: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await signIn(till, cashier, WRONG);
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
      'shift.open': { floatMinor: 0 },
      'shift.close': { countedMinor: null },
      'drawer.open': null,
      'member.detach': null,
      'basket.undo': null,
    };
    for (const [name, input] of Object.entries(inputs)) {
      const handler = till.call[name as keyof TillContract['calls']] as (given: unknown) => unknown;
      expect({ name, answer: await handler(input) }).toEqual({ name, answer: refused('locked') });
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
    // As a word: a random reference, a receipt's number or a hash may have any of them in it.
    expect(texts.join('\n')).not.toMatch(/(?<![\w+/-])(ADA|2718|9973)(?![\w+/-])/);
    expect(JSON.stringify(read.config())).not.toMatch(/(?<![\w+/-])2718(?![\w+/-])/);
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

  test('a tap on a name proves no more than a cashier, unless the whole shop is without PINs', async () => {
    const boss = somebody('boss', 'manager', null);
    const mixed = await aTill({ config: aConfig({ cashiers: [boss, ada] }) });
    expect(mixed.state().staff.signedIn).toBeNull();
    await signIn(mixed, 'boss', '');
    expect(mixed.state().staff.signedIn).toEqual({ cashier: 'boss', role: 'cashier' });
    expect(mixed.entries().at(-1)).toMatchObject({ cashier: 'boss', role: 'cashier' });
    await mixed.close();
    const alone = await aTill({ config: aConfig({ cashiers: [boss] }) });
    expect(alone.state().staff.signedIn).toEqual({ cashier: 'boss', role: 'manager' });
    await alone.close();
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

describe('a badge', () => {
  const scan = (till: TestTill, text: string) =>
    till.call.scan({ code: { kind: 'unknown', text, symbology: 'qr' }, source: 'keyboard' });
  const badgeOf = async (till: TestTill, name: string): Promise<string> =>
    (await till.call['staff.list'](null)).find((person) => person.cashier === name)?.badge ?? '';

  test('says the name at a locked till and opens nothing: the PIN is asked for all the same', async () => {
    const till = await withPins();
    const badge = await badgeOf(till, 'ada');
    expect(badge).toMatch(/^S:[A-P]{12}$/);
    await scan(till, badge);
    expect(till.state().staff).toMatchObject({
      signedIn: null,
      badge: { cashier: 'ada', scan: 1 },
    });
    await scan(till, badge);
    expect(till.state().staff.badge).toEqual({ cashier: 'ada', scan: 2 });
    expect(till.bodies()).toEqual([]);
    await till.close();
  });

  test('of nobody who works here is refused by name and changes nothing', async () => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    await scan(till, 'S:AAAAAAAAAAAA');
    expect(till.state()).toMatchObject({
      staff: { badge: null },
      notice: { tone: 'refusal', message: { code: 'badge-unknown' } },
    });
    expect(till.state().basket.codes).toEqual([]);
    await till.close();
  });

  test('differs from person to person and says nothing of who it is', async () => {
    const till = await withPins();
    const list = await till.call['staff.list'](null);
    expect(new Set(list.map(({ badge }) => badge)).size).toBe(list.length);
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

  test('is locked when the machine wakes, before the first tap or scan counts, and no clock was set', async () => {
    const till = await withPins();
    for (const wakes of [
      () => till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 }),
      () => till.scanCard(),
    ]) {
      await signIn(till, 'ada', '2718');
      till.time.sleep(9 * 3_600_000);
      await wakes();
      expect(till.state().staff.signedIn).toBeNull();
      expect(till.state().basket.lines).toEqual([]);
      expect(till.bodies().at(-1)).toEqual({ kind: 'sign-out', why: 'idle' });
      await till.time.advance(60_000);
      expect(till.bodies().filter(({ kind }) => kind === 'clock-jump')).toEqual([]);
    }
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
      [1, 2, 3, 4, 5].map((wrong) => ({
        ...{ kind: 'pin-wrong', of: 'ada', purpose: 'sign-in' },
        ...{ wrong, wrongAtTill: wrong },
      })),
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
      Array.from({ length: 100 }, async (_, guess) => signIn(till, 'ada', String(1000 + guess))),
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
