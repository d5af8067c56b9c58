import { afterAll, describe, expect, test } from 'vitest';
import { mayDo, rights, type Right } from '#contract/staff.ts';
import { staffRole } from '#journal/entry.ts';
import { err } from '#loyalty/result.ts';
import { aTill, removeFolders } from './support/a-till.ts';
import { refused, shop, signIn, soldFor, withPins, WRONG } from './support/staff.ts';

afterAll(removeFolders);

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

  test('a word is not spent on a deed that could not be written', async () => {
    let isFull = false;
    const till = await aTill({
      config: shop,
      wrap: (database) => ({
        ...database,
        write: (work) =>
          isFull ? err({ code: 'disk-full', detail: 'SQLITE_FULL' }) : database.write(work),
      }),
    });
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 300_000);
    await till.call['return.open']({ receipt });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    const deeds = [
      ['refund-over-limit', () => till.call['return.commit']({ returnId })],
      ['open-drawer', () => till.call['drawer.open'](null)],
    ] as const;
    for (const [right, deed] of deeds) {
      const word = { right, cashier: 'max', pin: '1414' };
      expect(await till.call.approve(word)).toEqual({ outcome: 'done' });
      isFull = true;
      expect(await deed()).toEqual(refused('not-saved-disk-full'));
      isFull = false;
      expect(await deed()).toEqual({ outcome: 'done' });
      expect(till.entries().at(-1)).toMatchObject({ approver: { cashier: 'max' } });
    }
    expect(await till.call['drawer.open'](null)).toMatchObject({
      refusal: { code: 'approval-needed' },
    });
    await till.close();
  });

  test.each([
    ['has left the shop', { isActive: false }],
    ['may do no more than others', { role: 'cashier' }],
  ] as const)('the word of somebody who %s meanwhile does not hold', async (_what, now) => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    expect(await till.call.approve({ right: 'open-drawer', cashier: 'sue', pin: '1618' })).toEqual({
      outcome: 'done',
    });
    const cashiers = shop.cashiers.map((person) =>
      person.cashier === 'sue' ? { ...person, ...now } : person,
    );
    till.server.changes.push({ kind: 'config', config: { ...shop, version: 2, cashiers } });
    await till.time.advance(10_000);
    expect(await till.call['drawer.open'](null)).toMatchObject({
      refusal: { code: 'approval-needed' },
    });
    await till.close();
  });

  test('a word for what was on the screen does not hold for what the server makes of it', async () => {
    const first = await aTill();
    for (const amountMinor of [300_000, 100_000]) {
      await first.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
    }
    const { saleId } = first.state().basket;
    await first.call['sale.settle']({ saleId, tender: 'cash' });
    await first.time.advance(2000);
    const receipt = first.database.read.saleByTx(saleId)?.receipt ?? '';
    const sold = [...first.server.entries];
    await first.call['return.open']({ receipt });
    const { returnId: theirs = '', lines = [] } = first.state().returning ?? {};
    await first.call['return.choose']({ line: lines[1]?.line ?? '', quantityMilli: 1000 });
    expect(await first.call['return.commit']({ returnId: theirs })).toEqual({ outcome: 'done' });
    await first.time.advance(2000);

    const till = await withPins();
    till.server.entries.push(...sold);
    await signIn(till, 'ada', '2718');
    await till.call['return.open']({ receipt });
    for (const { line } of lines) {
      await till.call['return.choose']({ line, quantityMilli: 1000 });
    }
    expect(till.state().returning).toMatchObject({ refundMinor: 400_000 });
    const word = { right: 'refund-over-limit', cashier: 'sue', pin: '1618' } as const;
    expect(await till.call.approve(word)).toEqual({ outcome: 'done' });
    till.server.up = false;
    await till.time.advance(5000);
    till.server.entries.push(...first.server.entries.slice(sold.length));
    till.server.up = true;
    await till.time.advance(10_000);
    expect(till.state().returning).toMatchObject({ refundMinor: 300_000 });
    const { returnId = '' } = till.state().returning ?? {};
    expect(await till.call['return.commit']({ returnId })).toMatchObject({
      refusal: { code: 'approval-needed' },
    });
    expect(await till.call.approve(word)).toEqual({ outcome: 'done' });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    await till.close();
    await first.close();
  });
});
