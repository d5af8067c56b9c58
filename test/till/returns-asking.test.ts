import { afterAll, describe, expect, test } from 'vitest';
import { ok } from '#loyalty/result.ts';
import { chooseBack, soldTo, soldToNobody, takeBack } from './support/a-sale.ts';
import { aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { shop, signIn, soldFor } from './support/staff.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

/** Holds what the server answers about sales until it is let go, in the order of the questions. */
function heldAnswers(till: TestTill, receipt?: string): ((texts?: readonly string[]) => void)[] {
  const answers: ((texts?: readonly string[]) => void)[] = [];
  till.server.intercept = (name, input) => {
    if (name !== 'find-sale') return null;
    const asked = (input as { readonly receipt: string }).receipt;
    if (receipt !== undefined && asked !== receipt) return null;
    return new Promise((resolve) => {
      answers.push((texts = []) => resolve(ok({ entries: [...texts] })));
    });
  };
  return answers;
}

describe('a return that waits for the server', () => {
  test('this till’s own sale can be returned although the server tells something unreadable of it', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    // A till of a newer version did something to it.
    till.server.intercept = (name) =>
      name === 'find-sale'
        ? ok({ entries: ['{"v":99,"body":{"kind":"exchange"}}'], takenBack: [] })
        : null;
    await takeBack(till, receipt, 1000);
    await till.close();
  });

  test.each([
    ['locked', null],
    ['somebody else’s by now', 'ben'],
  ])('pays nothing out of a till that is %s', async (_what, next) => {
    const till = await aTill({ config: shop });
    await signIn(till, 'ada', '2718');
    const receipt = await soldFor(till, 100_000);
    await till.time.advance(2000);
    const returnId = await chooseBack(till, receipt, 1000);
    const answers = heldAnswers(till);
    const committing = till.call['return.commit']({ returnId });
    await till.time.settle();
    await till.call['sign-in.lock'](null);
    if (next !== null) await signIn(till, next, '3141');
    answers[0]?.();
    expect(await committing).toMatchObject({ refusal: { code: 'locked' } });
    expect(till.bodies().filter(({ kind }) => kind === 'return')).toEqual([]);
    await till.close();
  });

  test('two quick taps on refund, with the server slow, make one return', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    const returnId = await chooseBack(till, receipt, 1000);
    heldAnswers(till);
    const first = till.call['return.commit']({ returnId });
    const second = till.call['return.commit']({ returnId });
    await till.time.advance(3000);
    expect(await first).toEqual(DONE);
    expect(await second).toEqual(DONE);
    expect(till.bodies().filter(({ kind }) => kind === 'return')).toHaveLength(1);
    await till.close();
  });

  test('knows a claim that was made while it was opened', async () => {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    await till.time.advance(2000);
    till.member();
    await till.scanCard();
    const answers = heldAnswers(till);
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
    await takeBack(till, receipt, 2000);
    expect(till.bodies().filter(({ kind }) => kind === 'reverse')).toMatchObject([
      { member: 'm-ayse', points: -100 },
    ]);
    await till.close();
  });

  test('and is found late does not take the place of the one on the screen', async () => {
    const till = await aTill();
    const mine = await soldToNobody(till);
    await till.time.advance(2000);
    const other = await aTill();
    const theirs = await soldToNobody(other);
    await other.time.advance(2000);
    const answers = heldAnswers(till, theirs.receipt);
    const opening = till.call['return.open']({ receipt: theirs.receipt });
    await till.time.settle();
    expect(await till.call['return.open']({ receipt: mine.receipt })).toEqual(DONE);
    answers[0]?.(other.server.entries.map(({ text }) => text));
    await opening;
    expect(till.state().returning?.receipt).toBe(mine.receipt);
    await other.close();
    await till.close();
  });
});

test('a word for one refund does not pay another', async () => {
  const till = await aTill({ config: shop });
  await signIn(till, 'ada', '2718');
  const small = await soldFor(till, 210_000);
  const large = await soldFor(till, 9_000_000);
  const refused = { refusal: { code: 'approval-needed' } };
  const first = await chooseBack(till, small, 1000);
  expect(await till.call['return.commit']({ returnId: first })).toMatchObject(refused);
  // The supervisor looks at 2,100.00 and types the PIN; the cashier scans another receipt.
  await till.call.approve({ right: 'refund-over-limit', cashier: 'sue', pin: '1618' });
  const second = await chooseBack(till, large, 1000);
  expect(await till.call['return.commit']({ returnId: second })).toMatchObject(refused);
  await till.close();
});

test('a refund over the limit needs a word in parts, too', async () => {
  const till = await aTill({ config: shop });
  await signIn(till, 'ada', '2718');
  await till.call['basket.add-amount']({ amountMinor: 60_000, quantityMilli: 2000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
  await takeBack(till, receipt, 1000);
  const returnId = await chooseBack(till, receipt, 1000);
  expect(await till.call['return.commit']({ returnId })).toMatchObject({
    refusal: { code: 'approval-needed' },
  });
  await till.close();
});
