import { afterAll, describe, expect, test } from 'vitest';
import { chooseBack, soldTo, soldToNobody } from './support/a-sale.ts';
import { aConfig, aRecord, aTill, CARD, hashOf, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

describe('claiming points with a receipt', () => {
  test('the attached member gets them, with the old sale as the source, once', async () => {
    const till = await aTill();
    const { saleId, receipt } = await soldToNobody(till);
    till.member();
    await till.scanCard();
    expect(await till.call['claim.commit']({ receipt })).toEqual({ outcome: 'done' });
    expect(till.bodies().slice(-2)).toMatchObject([
      { kind: 'claim', of: saleId, receipt, member: 'm-ayse', proof: 'presented' },
      { kind: 'earn', member: 'm-ayse', source: saleId, points: 100 },
    ]);
    expect(await till.call['claim.commit']({ receipt })).toMatchObject({
      refusal: { code: 'claim-already-claimed' },
    });
    await till.close();
  });

  test('nobody attached, a declared member in Turkey and a sale that earned are refused', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    const { receipt } = await soldToNobody(till);
    expect(await till.call['claim.commit']({ receipt })).toMatchObject({
      refusal: { code: 'claim-needs-member' },
    });
    till.member();
    await till.call['member.find']({ text: CARD });
    expect(await till.call['claim.commit']({ receipt })).toMatchObject({
      refusal: { code: 'claim-proof-needed' },
    });
    const earned = await soldTo(till);
    till.member(
      aRecord({
        member: 'm2',
        identifiers: [{ kind: 'card', hash: hashOf('card', 'ABC123'), masked: '··23' }],
      }),
    );
    await till.scanCard('ABC123');
    expect(await till.call['claim.commit']({ receipt: earned.receipt })).toMatchObject({
      refusal: { code: 'claim-had-a-member' },
    });
    await till.close();
  });

  test('returning a claimed sale takes the claimed points back', async () => {
    const till = await aTill();
    const { saleId, receipt } = await soldToNobody(till);
    till.member();
    await till.scanCard();
    await till.call['claim.commit']({ receipt });
    await till.call['return.open']({ receipt });
    const { returning } = till.state();
    await till.call['return.choose']({
      line: returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    await till.call['return.commit']({ returnId: returning?.returnId ?? '' });
    expect(till.bodies().at(-1)).toMatchObject({
      kind: 'reverse',
      member: 'm-ayse',
      of: { source: saleId, type: 'earn' },
      points: -50,
    });
    await till.close();
  });

  test('a part of a claimed sale leaves what the rest earns with the tier of the claim', async () => {
    const till = await aTill();
    const { saleId, receipt } = await soldToNobody(till);
    till.member(aRecord({ tier: 'gold' }));
    await till.scanCard();
    await till.call['claim.commit']({ receipt });
    expect(till.bodies().slice(-2)).toMatchObject([
      { kind: 'claim', counted: { tiers: { points: 'gold' }, used: {} } },
      { kind: 'earn', points: 125, qualifyingPoints: 100 },
    ]);
    till.member(aRecord({ tier: 'basic', version: 2 }));
    await till.call['return.open']({ receipt });
    const { returning } = till.state();
    await till.call['return.choose']({
      line: returning?.lines[0]?.line ?? '',
      quantityMilli: 1000,
    });
    expect(till.state().returning).toMatchObject({ pointsTakenBack: 63, pointsReturned: 0 });
    await till.call['return.commit']({ returnId: returning?.returnId ?? '' });
    expect(till.bodies().at(-1)).toMatchObject({
      kind: 'reverse',
      of: { source: saleId, type: 'earn' },
      points: -63,
      qualifyingPoints: -50,
    });
    await till.close();
  });
});

test('a sale claimed at one screen while it comes back at another: never both', async () => {
  // Each of the two reads the sale before it writes; the other may write between the two.
  for (let turns = 0; turns < 8; turns += 1) {
    const till = await aTill();
    const { receipt } = await soldToNobody(till);
    till.member();
    await till.time.advance(2000);
    await till.scanCard();
    const returnId = await chooseBack(till, receipt, 2000);
    const returning = till.call['return.commit']({ returnId });
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const claiming = till.call['claim.commit']({ receipt });
    await Promise.all([returning, claiming]);
    const kinds = till.bodies().map(({ kind }) => kind);
    expect([kinds.includes('return'), kinds.includes('claim')]).not.toEqual([true, true]);
    await till.close();
  }
});
