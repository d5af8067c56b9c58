import { afterAll, describe, expect, test } from 'vitest';
import { chooseBack, soldToNobody, takeBack } from './support/a-sale.ts';
import {
  aConfig,
  aRecord,
  aTill,
  bora,
  CARD,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';
import type { FakeServer } from './support/fake-server.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

const reverses = (till: TestTill) => till.bodies().filter(({ kind }) => kind === 'reverse');

describe('a claim, when tills, clocks and members change around it', () => {
  /** Claims a sale of another till for whoever shows the card, and tells what its server has of it. */
  async function claimedAt(
    two: TestTill,
    sold: FakeServer['entries'],
    receipt: string,
    card?: string,
  ): Promise<FakeServer['entries']> {
    two.server.entries.push(...sold);
    await two.scanCard(card);
    expect(await two.call['claim.commit']({ receipt })).toEqual(DONE);
    await two.time.advance(2000);
    const theirs = two.server.entries.filter(({ entry }) =>
      ['claim', 'earn'].includes(entry.body.kind),
    );
    await two.close();
    return theirs;
  }

  test.each([
    ['two members', bora, 'm-bora', OTHER_CARD],
    ['one member', aRecord(), 'm-ayse', CARD],
  ])(
    'a sale claimed at two tills for %s: its return takes from who got the points, once',
    async (_what, record, member, card) => {
      const one = await aTill();
      const { receipt } = await soldToNobody(one);
      await one.time.advance(2000);
      const two = await aTill();
      two.member(record);
      const theirs = await claimedAt(two, one.server.entries, receipt, card);
      // This one, offline, for Ayşe: the server notes "already claimed" and gives nothing for it.
      one.server.up = false;
      await one.time.advance(4000);
      one.member();
      await one.scanCard();
      expect(await one.call['claim.commit']({ receipt })).toEqual(DONE);
      one.server.up = true;
      await one.time.advance(60_000);
      one.server.entries.unshift(...theirs);
      const returnId = await chooseBack(one, receipt, 2000);
      expect(one.state().returning).toMatchObject({ pointsTakenBack: 100 });
      expect(await one.call['return.commit']({ returnId })).toEqual(DONE);
      expect(reverses(one)).toMatchObject([{ member, points: -100 }]);
      await one.close();
    },
  );

  test('the clock is set back after a claim: two returns take the points back once', async () => {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    till.member();
    await till.scanCard();
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    await till.time.advance(2000);
    till.time.setWall(till.time.clock.wallMs() - 600_000);
    await takeBack(till, receipt, 1000);
    await takeBack(till, receipt, 1000);
    expect(reverses(till)).toMatchObject([{ points: -50 }, { points: -50 }]);
    await till.close();
  });

  test('the till that claimed has a clock three minutes fast', async () => {
    const two = await aTill();
    const one = await aTill();
    const { receipt } = await soldToNobody(one);
    await one.time.advance(2000);
    two.time.setWall(one.time.clock.wallMs() + 180_000);
    two.member();
    one.server.entries.push(...(await claimedAt(two, [...one.server.entries], receipt)));
    await takeBack(one, receipt, 1000);
    await takeBack(one, receipt, 1000);
    expect(reverses(one)).toMatchObject([{ points: -50 }, { points: -50 }]);
    await one.close();
  });

  test('a return that a manager took the points for by hand is open after a kill, and takes them no more', async () => {
    const one = await aTill();
    const { receipt } = await soldToNobody(one);
    await one.time.advance(2000);
    const sold = [...one.server.entries];
    const two = await aTill();
    two.member();
    const claimed = await claimedAt(two, sold, receipt);
    // Till one has not heard of the claim: nobody's points go back.
    await takeBack(one, receipt, 1000);
    expect(reverses(one)).toEqual([]);
    await one.time.advance(2000);
    const back = one.server.entries.slice(sold.length);
    const killed = await aTill();
    killed.server.entries.push(...sold, ...claimed, ...back);
    const made = back.find(({ entry }) => entry.body.kind === 'return')?.entry.tx ?? '';
    killed.server.takenBack.push({ return: made, programme: 'points' });
    const returnId = await chooseBack(killed, receipt, 1000);
    const before = killed.state().returning;
    expect(before).toMatchObject({ pointsTakenBack: 50 });
    killed.server.up = false;
    killed.database.close();
    const again = await killed.restart();
    await again.time.advance(6000);
    expect(again.state().returning).toEqual(before);
    expect(await again.call['return.commit']({ returnId })).toEqual(DONE);
    expect(reverses(again)).toMatchObject([{ member: 'm-ayse', points: -50 }]);
    await one.close();
    await again.close();
  });

  test('a member who was merged since can claim the sale that carries their old name', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    till.member();
    await till.call['member.find']({ text: CARD });
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
    expect(till.bodies().some(({ kind }) => kind === 'earn')).toBe(false);
    till.server.changes.push(
      { kind: 'member', record: bora },
      { kind: 'merge', from: 'm-ayse', into: 'm-bora' },
    );
    await till.time.advance(10_000);
    await till.scanCard();
    expect(till.state().member?.member).toBe('m-bora');
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    await till.close();
  });

  test('a return that was open before the claim does not come back after a kill, and a new one knows the claim', async () => {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    till.member();
    await till.scanCard();
    expect(await till.call['return.open']({ receipt })).toEqual(DONE);
    // The member asks for the points first; the return view offers that.
    expect(till.state().returning?.claimable).toBe(true);
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    expect(till.state().returning).toBeNull();
    await till.time.advance(2000);
    till.server.up = false;
    await till.close();
    const again = await till.restart();
    await again.time.advance(6000);
    expect(again.state().returning).toBeNull();
    await takeBack(again, receipt, 2000);
    expect(reverses(again)).toMatchObject([{ member: 'm-ayse', points: -100 }]);
    await again.close();
  });

  test('another till’s sale claimed here and returned here takes the points back', async () => {
    const other = await aTill();
    const { receipt } = await soldToNobody(other);
    await other.time.advance(2000);
    const till = await aTill();
    till.server.entries.push(...other.server.entries);
    till.member();
    await till.scanCard();
    // Pushes hang, questions are answered.
    till.server.intercept = (name) => (name === 'push' ? new Promise(() => undefined) : null);
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    await till.time.advance(1000);
    expect(till.state().link.state).toBe('online');
    await takeBack(till, receipt, 2000);
    expect(reverses(till)).toMatchObject([{ member: 'm-ayse', points: -100 }]);
    till.server.intercept = null;
    await other.close();
    await till.close();
  });

  test('a claim of what another till had left takes all of it back, offline, too', async () => {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    await till.time.advance(2000);
    const other = await aTill();
    other.server.entries.push(...till.server.entries);
    await takeBack(other, receipt, 1000);
    await other.time.advance(2000);
    till.server.entries.push(
      ...other.server.entries.filter(({ entry }) => entry.body.kind === 'return'),
    );
    till.member();
    await till.scanCard();
    expect(await till.call['claim.commit']({ receipt })).toEqual(DONE);
    expect(till.bodies().slice(-2)).toMatchObject([
      { kind: 'claim', returned: [{ quantityMilli: 1000 }] },
      { kind: 'earn', points: 50 },
    ]);
    till.server.up = false;
    await till.time.advance(60_000);
    await takeBack(till, receipt, 1000);
    expect(reverses(till)).toMatchObject([{ member: 'm-ayse', points: -50 }]);
    await other.close();
    await till.close();
  });
});
