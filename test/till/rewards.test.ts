import { afterAll, describe, expect, test } from 'vitest';
import { err, ok } from '#loyalty/result.ts';
import {
  aTill,
  aRecord,
  removeFolders,
  OTHER_CARD,
  hashOf,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

async function tillWithMember(): Promise<TestTill> {
  const till = await aTill();
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  return till;
}

const kinds = (till: TestTill): string[] => till.bodies().map(({ kind }) => kind);

describe('spending points', () => {
  test('a tap asks the server for exactly the cost, and settling spends it', async () => {
    const till = await tillWithMember();
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual({ outcome: 'done' });
    expect(till.server.calls.find(({ name }) => name === 'grant')?.input).toMatchObject({
      member: 'm-ayse',
      programme: 'points',
      want: 100,
    });
    expect(till.state().basket).toMatchObject({
      totalMinor: 9000,
      discountMinor: 1000,
      rewards: [{ reward: 'ten-off', points: 100 }],
    });
    expect(till.state().member?.balances[0]).toMatchObject({ posted: 800, available: 700 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    expect(kinds(till)).toEqual([
      'grant-accept',
      'shift-open',
      'sale',
      'earn',
      'redeem',
      'grant-close',
    ]);
    expect(till.bodies().at(-2)).toMatchObject({
      kind: 'redeem',
      points: 100,
      valueMinor: 1000,
      grant: 'g1',
      source: saleId,
    });
    await till.time.advance(1000);
    expect(till.server.open.size).toBe(0);
    expect(till.database.read.openGrants()).toEqual([]);
    await till.close();
  });

  test('what is left is right although another change of the account came in between', async () => {
    const till = await tillWithMember();
    till.server.intercept = (name, input) => {
      if (name !== 'grant') return null;
      // Another till's sale was posted, and told, after this till asked and before it was answered.
      const record = aRecord();
      const [balance] = record.balances;
      if (balance === undefined) throw new Error('no balance');
      const posted = { ...balance, posted: 850, available: 850, version: balance.version + 1 };
      till.database.write((writes) => writes.saveBalance({ member: record.member, ...posted }));
      till.server.know({ ...record, balances: [posted] });
      till.server.intercept = null;
      return till.server.call(name, input as never, 0);
    };
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(till.state().member?.balances[0]).toMatchObject({ posted: 850, available: 750 });
    await till.close();
  });

  test('the journal has accepted the grant before the reward is on the sale', async () => {
    const till = await tillWithMember();
    const seen: string[][] = [];
    till.till.onState((state) => {
      if (state.basket.rewards.length > 0) seen.push(kinds(till));
    });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.time.settle();
    expect(seen[0]).toEqual(['grant-accept']);
    await till.close();
  });

  test('while the server is asked the reward says so and the sale can be settled without it', async () => {
    const till = await tillWithMember();
    const { promise, resolve } = Promise.withResolvers<null>();
    till.server.intercept = (name) =>
      name === 'grant' ? promise.then(() => err({ code: 'unreachable', detail: '' })) : null;
    const tapped = till.call['reward.toggle']({ reward: 'ten-off' });
    await till.time.settle();
    const state = till.state();
    expect(state.offers.find(({ reward }) => reward === 'ten-off')?.state).toBe('requesting');
    expect(await till.call['sale.settle']({ saleId: state.basket.saleId, tender: 'cash' })).toEqual(
      { outcome: 'done' },
    );
    resolve(null);
    expect(await tapped).toMatchObject({ outcome: 'refused' });
    expect(kinds(till)).not.toContain('redeem');
    await till.close();
  });

  test.each([
    [
      'taking the reward off',
      'reward-removed',
      (till: TestTill) => till.call['reward.toggle']({ reward: 'ten-off' }),
    ],
    ['clearing the basket', 'basket-cleared', (till: TestTill) => till.call['basket.clear'](null)],
    [
      'taking the member off',
      'reward-removed',
      (till: TestTill) => till.call['member.detach'](null),
    ],
  ])('%s gives the points back in the journal', async (_, reason, act) => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(await act(till)).toEqual({ outcome: 'done' });
    expect(till.bodies()).toContainEqual({ kind: 'grant-close', grant: 'g1', reason });
    expect(till.state().basket.rewards).toEqual([]);
    await till.time.advance(1000);
    expect(till.server.open.size).toBe(0);
    await till.close();
  });

  test('another card on the sale gives the first member their points back', async () => {
    const till = await tillWithMember();
    till.member(
      aRecord({
        member: 'm-mehmet',
        displayName: 'Mehmet D.',
        identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··99' }],
      }),
    );
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.scanCard(OTHER_CARD);
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'grant-close', reason: 'reward-removed' });
    expect(till.state()).toMatchObject({
      member: { member: 'm-mehmet' },
      undo: { displayName: 'Ayşe K.' },
      basket: { rewards: [] },
    });
    await till.close();
  });

  test('a basket that shrank spends fewer points and gives the rest back at settling', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'pay-with-points' });
    expect(till.state().basket).toMatchObject({ totalMinor: 2000, rewards: [{ points: 800 }] });
    const [line] = till.state().basket.lines;
    await till.call['basket.set-quantity']({ line: line?.id ?? '', quantityMilli: 1000 });
    expect(till.state().basket).toMatchObject({ totalMinor: 0, rewards: [{ points: 500 }] });
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' });
    expect(till.bodies().slice(-2)).toMatchObject([
      { kind: 'redeem', points: 500 },
      { kind: 'grant-close', grant: 'g1', reason: 'spent' },
    ]);
    await till.close();
  });

  test('offline nothing can be spent, and the offer says why', async () => {
    const till = await tillWithMember();
    till.server.up = false;
    await till.time.advance(5000);
    expect(till.state().link.state).toBe('offline');
    expect(till.state().offers.find(({ reward }) => reward === 'ten-off')).toMatchObject({
      state: 'unavailable',
      reason: { code: 'offline' },
    });
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'offline' },
    });
    await till.close();
  });

  test('points the server set aside without our hearing of it are closed, and the late answer is ignored', async () => {
    const till = await tillWithMember();
    till.server.intercept = (name, input) => {
      if (name !== 'grant') return null;
      till.server.intercept = null;
      // The server grants, the answer is lost.
      return till.server
        .call('grant', input as never, 0)
        .then(() => err({ code: 'timeout', detail: '' }));
    };
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toMatchObject({
      refusal: { code: 'reward-server-silent' },
    });
    expect(till.server.open.size).toBe(1);
    await till.time.advance(10_000);
    expect(till.bodies().at(-1)).toEqual({
      kind: 'grant-close',
      grant: 'g1',
      reason: 'never-accepted',
    });
    expect(till.server.open.size).toBe(0);
    await till.close();
  });

  test('a grant for a sale that is over is closed, not accepted', async () => {
    const till = await tillWithMember();
    const { promise, resolve } = Promise.withResolvers<null>();
    till.server.intercept = (name, input) => {
      if (name !== 'grant') return null;
      till.server.intercept = null;
      return promise.then(() => till.server.call('grant', input as never, 0));
    };
    const tapped = till.call['reward.toggle']({ reward: 'ten-off' });
    await till.time.settle();
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' });
    resolve(null);
    expect(await tapped).toMatchObject({ refusal: { code: 'reward-too-late' } });
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'grant-close', reason: 'never-accepted' });
    await till.close();
  });

  test('an answer with another amount than asked is not accepted', async () => {
    const till = await tillWithMember();
    till.server.intercept = (name, input) =>
      name === 'grant'
        ? ok({
            outcome: 'granted',
            grant: {
              grant: 'gX',
              member: 'm-ayse',
              programme: 'points',
              amount: 7,
              purpose: 'sale',
              till: 'till1',
              inc: 1,
              leaseMs: 1000,
              requestId: (input as { requestId: string }).requestId,
            },
            balance: null,
          })
        : null;
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toMatchObject({
      outcome: 'refused',
    });
    expect(kinds(till)).toEqual(['grant-close']);
    await till.close();
  });

  test('after a restart the reward is still on the restored sale and can be spent', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.close();
    const again = await till.restart();
    expect(again.state().basket).toMatchObject({ totalMinor: 9000 });
    await again.call['sale.settle']({ saleId: again.state().basket.saleId, tender: 'cash' });
    expect(kinds(again)).toEqual([
      'grant-accept',
      'shift-open',
      'sale',
      'earn',
      'redeem',
      'grant-close',
    ]);
    await again.close();
  });

  test('after a restart a grant without its sale is closed', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    till.database.write((writes) => writes.saveDraft('{"damaged":true}'));
    await till.close();
    const again = await till.restart();
    expect(again.bodies().at(-1)).toEqual({ kind: 'grant-close', grant: 'g1', reason: 'restart' });
    await again.close();
  });

  test('when the lease is over the till itself gives the points back', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.time.advance(900_001);
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'grant-close', grant: 'g1' });
    expect(till.state().notice?.message.code).toBe('reward-lease-over');
    await till.close();
  });

  test('what the server refuses is said with what is left', async () => {
    const till = await tillWithMember();
    till.server.available = 40;
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual({
      outcome: 'refused',
      refusal: { code: 'reward-refused-not-enough', params: { available: 40 } },
    });
    expect(till.state().basket.rewards).toEqual([]);
    await till.close();
  });

  test('a till that died between giving points back and saving the sale can still settle it', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    const draft = till.database.read.draft() ?? '';
    await till.call['reward.toggle']({ reward: 'ten-off' });
    till.database.write((writes) => writes.saveDraft(draft));
    await till.close();
    const again = await till.restart();
    expect(again.state().basket).toMatchObject({ totalMinor: 10_000, rewards: [] });
    expect(
      await again.call['sale.settle']({ saleId: again.state().basket.saleId, tender: 'cash' }),
    ).toEqual({ outcome: 'done' });
    await again.close();
  });

  test('a restored reward nobody settles is given back after a while', async () => {
    const till = await tillWithMember();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.close();
    const again = await till.restart();
    await again.time.advance(600_001);
    expect(again.state().basket.rewards).toEqual([]);
    expect(again.bodies().at(-1)).toMatchObject({ kind: 'grant-close' });
    await again.close();
  });
});
