import { afterAll, describe, expect, test } from 'vitest';
import { chooseBack, soldElsewhere, soldTo, takeBack } from './support/a-sale.ts';
import { aTill, removeFolders } from './support/a-till.ts';
import { fakeServer, type FakeServer } from './support/fake-server.ts';

afterAll(removeFolders);

/** Takes two coffees of a sale back at a till that is gone, and gives what its server has then. */
async function takenBackElsewhere(
  entries: FakeServer['entries'],
  receipt: string,
): Promise<FakeServer['entries']> {
  const till = await aTill();
  till.server.entries.push(...entries);
  await takeBack(till, receipt, 2000);
  await till.time.advance(2000);
  await till.close();
  return till.server.entries;
}

describe('a sale that several tills take back', () => {
  test('a sale of another till is found at the server; offline it says so', async () => {
    const { receipt, entries } = await soldElsewhere();
    const second = await aTill();
    second.server.entries.push(...entries);
    expect(await second.call['return.open']({ receipt })).toEqual({ outcome: 'done' });
    const { returning } = second.state();
    expect(returning).toMatchObject({ receipt, lines: [{ soldMilli: 3000 }] });
    await second.call['return.choose']({
      line: returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    expect(await second.call['return.commit']({ returnId: returning?.returnId ?? '' })).toEqual({
      outcome: 'done',
    });
    await second.call['return.open']({ receipt });
    expect(second.state().returning?.lines[0]).toMatchObject({ returnedBeforeMilli: 1000 });
    second.server.up = false;
    await second.time.advance(4000);
    expect(await second.call['return.open']({ receipt })).toMatchObject({
      refusal: { code: 'receipt-not-here-offline' },
    });
    await second.close();
  });

  test('a return of another till’s sale comes back after a kill, offline too', async () => {
    const { receipt, entries } = await soldElsewhere();
    const killed = await aTill();
    killed.server.entries.push(...entries);
    await killed.call['return.open']({ receipt });
    const line = killed.state().returning?.lines[0]?.line ?? '';
    await killed.call['return.choose']({ line, quantityMilli: 1000 });
    const before = killed.state().returning;
    expect(before).toMatchObject({ receipt, lines: [{ chosenMilli: 1000 }] });
    killed.database.close();
    const next = fakeServer();
    next.up = false;
    const again = await aTill({ directory: killed.directory, server: next });
    await again.time.advance(6000);
    expect(again.state().returning).toEqual(before);
    const { returnId = '' } = before ?? {};
    expect(await again.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(again.bodies().map(({ kind }) => kind)).toContain('return');
    await again.close();
  });

  test('what another till gave back while this one was down does not come back twice', async () => {
    const { receipt, entries } = await soldElsewhere();
    const killed = await aTill();
    killed.server.entries.push(...entries);
    await killed.call['return.open']({ receipt });
    const line = killed.state().returning?.lines[0]?.line ?? '';
    await killed.call['return.choose']({ line, quantityMilli: 2000 });
    killed.database.close();
    const faster = await aTill();
    faster.server.entries.push(...entries);
    await faster.call['return.open']({ receipt });
    await faster.call['return.choose']({ line, quantityMilli: 2000 });
    const { returnId = '' } = faster.state().returning ?? {};
    expect(await faster.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    await faster.time.advance(2000);
    // The server has what both tills told it.
    killed.server.entries.splice(0, Infinity, ...faster.server.entries);
    const again = await aTill({ directory: killed.directory, server: killed.server });
    await again.time.advance(6000);
    expect(again.state().returning).toMatchObject({
      receipt,
      refundMinor: 0,
      lines: [{ returnedBeforeMilli: 2000, chosenMilli: 0 }],
    });
    await faster.close();
    await again.close();
  });

  test('this till’s own shows what another till took back, and what it took itself', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    till.server.entries.push(
      ...(await takenBackElsewhere([...till.server.entries], receipt)).slice(
        till.server.entries.length,
      ),
    );
    await chooseBack(till, receipt, 1000);
    const { returnId = '', lines } = till.state().returning ?? {};
    expect(lines).toMatchObject([{ returnedBeforeMilli: 2000, chosenMilli: 1000 }]);
    // What is known already stays so without the server.
    till.server.up = false;
    await till.time.advance(4000);
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    till.server.up = true;
    await till.time.advance(60_000);
    await till.call['return.open']({ receipt });
    expect(till.state().returning?.lines).toMatchObject([{ returnedBeforeMilli: 3000 }]);
    await till.close();
  });

  test('is not paid back twice where another till is faster: the new figures are seen first', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.time.advance(2000);
    await chooseBack(till, receipt, 3000);
    const sold = [...till.server.entries];
    till.server.entries.push(...(await takenBackElsewhere(sold, receipt)).slice(sold.length));
    const { returnId = '' } = till.state().returning ?? {};
    expect(await till.call['return.commit']({ returnId })).toMatchObject({
      refusal: { code: 'return-changed' },
    });
    expect(till.state().returning).toMatchObject({
      refundMinor: 0,
      lines: [{ returnedBeforeMilli: 2000, chosenMilli: 0 }],
    });
    const line = till.state().returning?.lines[0]?.line ?? '';
    await till.call['return.choose']({ line, quantityMilli: 1000 });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(till.entries().filter(({ body }) => body.kind === 'return')).toHaveLength(1);
    await till.close();
  });

  test('goods taken back twice by two offline tills: what is left is never below zero', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till, 3000);
    await till.time.advance(2000);
    const sold = [...till.server.entries];
    const other = await aTill();
    other.server.entries.push(...sold);
    await takeBack(other, receipt, 2000);
    await other.time.advance(2000);
    till.server.up = false;
    await till.time.advance(4000);
    await takeBack(till, receipt, 2000);
    till.server.up = true;
    await till.time.advance(60_000);
    till.server.entries.push(...other.server.entries.slice(sold.length));
    expect(await till.call['return.open']({ receipt })).toEqual({ outcome: 'done' });
    const { lines = [] } = till.state().returning ?? {};
    const answer = await till.call['return.choose']({
      line: lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    expect(lines[0]?.returnedBeforeMilli).toBeLessThanOrEqual(3000);
    expect(answer).toMatchObject({ refusal: { params: { leftMilli: 0 } } });
    await other.close();
    await till.close();
  });
});
