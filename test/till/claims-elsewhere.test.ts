import { afterAll, describe, expect, test } from 'vitest';
import { soldToNobody, takeBack } from './support/a-sale.ts';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const bora = aRecord({
  member: 'm-bora',
  displayName: 'Bora T.',
  identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' }],
});

const reverses = (till: TestTill) => till.bodies().filter(({ kind }) => kind === 'reverse');

describe('a claim, when tills, clocks and members change around it', () => {
  test('a sale claimed at two tills: its return takes from who really got the points, once', async () => {
    const one = await aTill();
    const { receipt } = await soldToNobody(one);
    await one.time.advance(2000);
    // The other till claims it for Bora; the server posts that one.
    const two = await aTill();
    two.server.entries.push(...one.server.entries);
    two.member(bora);
    await two.scanCard(OTHER_CARD);
    expect(await two.call['claim.commit']({ receipt })).toEqual(DONE);
    await two.time.advance(2000);
    const theirs = two.server.entries.filter(
      ({ entry }) => entry.body.kind === 'claim' || entry.body.kind === 'earn',
    );
    // This one, offline, for Ayşe: the server notes "already claimed" and gives her nothing.
    one.server.up = false;
    await one.time.advance(4000);
    one.member();
    await one.scanCard();
    expect(await one.call['claim.commit']({ receipt })).toEqual(DONE);
    one.server.up = true;
    await one.time.advance(60_000);
    one.server.entries.unshift(...theirs);
    await takeBack(one, receipt, 2000);
    expect(reverses(one)).toMatchObject([{ member: 'm-bora', points: -100 }]);
    await one.close();
    await two.close();
  });

  test('same member claims at two tills; the return takes the points back once', async () => {
    const one = await aTill();
    const { receipt } = await soldToNobody(one);
    await one.time.advance(2000);
    const two = await aTill();
    two.server.entries.push(...one.server.entries);
    two.member();
    await two.scanCard();
    expect(await two.call['claim.commit']({ receipt })).toEqual(DONE);
    await two.time.advance(2000);
    const theirs = two.server.entries.filter(({ entry }) =>
      ['claim', 'earn'].includes(entry.body.kind),
    );
    one.server.up = false;
    await one.time.advance(4000);
    one.member();
    await one.scanCard();
    expect(await one.call['claim.commit']({ receipt })).toEqual(DONE);
    one.server.up = true;
    await one.time.advance(60_000);
    one.server.entries.unshift(...theirs);
    await one.call['return.open']({ receipt });
    const { returnId = '', lines = [] } = one.state().returning ?? {};
    await one.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 2000 });
    expect(one.state().returning).toMatchObject({ pointsTakenBack: 100 });
    await one.call['return.commit']({ returnId });
    expect(reverses(one)).toMatchObject([{ points: -100 }]);
    await one.close();
    await two.close();
  });

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
    two.server.entries.push(...one.server.entries);
    two.member();
    await two.scanCard();
    expect(await two.call['claim.commit']({ receipt })).toEqual(DONE);
    await two.time.advance(2000);
    one.server.entries.push(
      ...two.server.entries.filter(({ entry }) => ['claim', 'earn'].includes(entry.body.kind)),
    );
    await takeBack(one, receipt, 1000);
    await takeBack(one, receipt, 1000);
    expect(reverses(one)).toMatchObject([{ points: -50 }, { points: -50 }]);
    await one.close();
    await two.close();
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

  test('a return that was open before the claim and comes back after a kill takes the points back', async () => {
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
    const { returning } = again.state();
    if (returning !== null) {
      const line = returning.lines[0]?.line ?? '';
      await again.call['return.choose']({ line, quantityMilli: 2000 });
      await again.call['return.commit']({ returnId: returning.returnId });
      expect(reverses(again)).toMatchObject([{ member: 'm-ayse', points: -100 }]);
    }
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
    expect(await till.call['return.open']({ receipt })).toEqual(DONE);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 2000 });
    expect(await till.call['return.commit']({ returnId })).toEqual(DONE);
    expect(till.bodies().filter(({ kind }) => kind === 'reverse')).toMatchObject([
      { member: 'm-ayse', points: -100 },
    ]);
    till.server.intercept = null;
    await other.close();
    await till.close();
  });
});
