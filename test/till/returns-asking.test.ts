import { afterAll, describe, expect, test } from 'vitest';
import { ok } from '#loyalty/result.ts';
import { soldTo, soldToNobody } from './support/a-sale.ts';
import { aTill, removeFolders } from './support/a-till.ts';
import { shop, signIn, soldFor } from './support/staff.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

describe('a return that waits for the server', () => {
  test('this till’s own sale can be returned although the server tells something unreadable of it', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    // A till of a newer version did something to it.
    till.server.intercept = (name) =>
      name === 'find-sale' ? ok({ entries: ['{"v":99,"body":{"kind":"exchange"}}'] }) : null;
    expect(await till.call['return.open']({ receipt })).toEqual(DONE);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await till.call['return.commit']({ returnId })).toEqual(DONE);
    await till.close();
  });

  test('a refund is in the name of who asked for it, however slow the server is', async () => {
    const till = await aTill({ config: shop });
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 100_000);
    await till.time.advance(2000);
    await till.call['return.open']({ receipt });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    let answer: (() => void) | undefined;
    till.server.intercept = (name) =>
      name !== 'find-sale'
        ? null
        : new Promise((resolve) => {
            answer = () => resolve(ok({ entries: [] }));
          });
    const committing = till.call['return.commit']({ returnId });
    await till.time.settle();
    // Ada leaves; Ben signs in within the second and a half.
    await till.call['sign-in.lock'](null);
    await signIn(till, 'ben', '3141');
    answer?.();
    const outcome = await committing;
    const made = till.entries().find(({ body }) => body.kind === 'return');
    if (made !== undefined) expect(made.cashier).toBe('ada');
    else expect(outcome).toMatchObject({ outcome: 'refused' });
    await till.close();
  });

  test('nor is money paid out of a till that was locked meanwhile', async () => {
    const till = await aTill({ config: shop });
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 100_000);
    await till.time.advance(2000);
    await till.call['return.open']({ receipt });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    let answer: (() => void) | undefined;
    till.server.intercept = (name) =>
      name !== 'find-sale'
        ? null
        : new Promise((resolve) => {
            answer = () => resolve(ok({ entries: [] }));
          });
    const committing = till.call['return.commit']({ returnId });
    await till.time.settle();
    await till.call['sign-in.lock'](null);
    answer?.();
    await committing;
    const made = till.entries().find(({ body }) => body.kind === 'return');
    expect(made?.cashier ?? 'none').not.toBe('till');
    await till.close();
  });

  test('two quick taps on refund, with the server slow, make one return', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    await till.call['return.open']({ receipt });
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    till.server.intercept = (name) => (name === 'find-sale' ? new Promise(() => undefined) : null);
    const first = till.call['return.commit']({ returnId });
    const second = till.call['return.commit']({ returnId });
    await till.time.advance(3000);
    expect(await first).toEqual(DONE);
    expect(await second).toEqual(DONE);
    expect(till.bodies().filter(({ kind }) => kind === 'return')).toHaveLength(1);
    await till.close();
  });

  test('a claim that is on its way when the return is opened', async () => {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    await till.time.advance(2000);
    till.member();
    await till.scanCard();
    const answers: (() => void)[] = [];
    till.server.intercept = (name) =>
      name !== 'find-sale'
        ? null
        : new Promise((resolve) => void answers.push(() => resolve(ok({ entries: [] }))));
    const opening = till.call['return.open']({ receipt });
    await till.time.settle();
    const claiming = till.call['claim.commit']({ receipt });
    await till.time.settle();
    answers[1]?.();
    expect(await claiming).toEqual(DONE);
    answers[0]?.();
    await opening;
    // From here on the server is away.
    till.server.intercept = null;
    till.server.up = false;
    await till.time.advance(4000);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 2000 });
    const done = await till.call['return.commit']({ returnId });
    if ((done as { outcome: string }).outcome === 'done') {
      expect(till.bodies().filter(({ kind }) => kind === 'reverse')).toMatchObject([
        { member: 'm-ayse', points: -100 },
      ]);
    }
    await till.close();
  });

  test('a return that the server finds late does not take the place of the one on the screen', async () => {
    const till = await aTill();
    const mine = await soldToNobody(till);
    await till.time.advance(2000);
    const other = await aTill();
    const theirs = await soldToNobody(other);
    await other.time.advance(2000);
    const texts = other.server.entries.map(({ text }) => text);
    let answer: (() => void) | undefined;
    till.server.intercept = (name, input) =>
      name !== 'find-sale' || (input as { receipt: string }).receipt !== theirs.receipt
        ? null
        : new Promise((resolve) => {
            answer = () => resolve(ok({ entries: texts }));
          });
    const opening = till.call['return.open']({ receipt: theirs.receipt });
    await till.time.settle();
    expect(await till.call['return.open']({ receipt: mine.receipt })).toEqual(DONE);
    answer?.();
    await opening;
    expect(till.state().returning?.receipt).toBe(mine.receipt);
    await other.close();
    await till.close();
  });

  test('a word for one refund does not pay another', async () => {
    const till = await aTill({ config: shop });
    await signIn(till, 'ada', '2718');
    const small = await soldFor(till, 210_000);
    const large = await soldFor(till, 9_000_000);
    await till.call['return.open']({ receipt: small });
    await till.call['return.choose']({
      line: till.state().returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    expect(
      await till.call['return.commit']({ returnId: till.state().returning?.returnId ?? '' }),
    ).toMatchObject({ refusal: { code: 'approval-needed' } });
    // The supervisor looks at 2,100.00 and types the PIN; the cashier scans another receipt.
    await till.call.approve({ right: 'refund-over-limit', cashier: 'sue', pin: '1618' });
    await till.call['return.open']({ receipt: large });
    await till.call['return.choose']({
      line: till.state().returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    expect(
      await till.call['return.commit']({ returnId: till.state().returning?.returnId ?? '' }),
    ).toMatchObject({ refusal: { code: 'approval-needed' } });
    await till.close();
  });
});
