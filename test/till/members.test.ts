import { afterAll, describe, expect, test } from 'vitest';
import { err } from '#loyalty/result.ts';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  hashOf,
  OTHER_CARD,
  removeFolders,
} from './support/a-till.ts';

afterAll(removeFolders);

const mehmet = aRecord({
  member: 'm-mehmet',
  displayName: 'Mehmet D.',
  identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··11' }],
});

describe('who is at the counter', () => {
  test('a card only the server knows is attached and kept', async () => {
    const till = await aTill();
    till.server.members.set('m-ayse', aRecord());
    await till.scanCard();
    expect(till.state()).toMatchObject({
      member: { member: 'm-ayse' },
      unknown: null,
      lookingUp: false,
    });
    expect(till.database.read.memberByIdentifier(hashOf('card', CARD))?.member).toBe('m-ayse');
    await till.close();
  });

  test('a card nobody knows is offered to join with, and the basket stays', async () => {
    const till = await aTill();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.scanCard();
    expect(till.state()).toMatchObject({
      member: null,
      unknown: { kind: 'card', masked: `··${CARD.slice(-2)}` },
      basket: { totalMinor: 5000 },
      notice: { message: { code: 'unknown-card' } },
    });
    await till.close();
  });

  test('while the server is slow the strip says so, Pay works, and after 800 ms the card earns anyway', async () => {
    const till = await aTill();
    till.server.intercept = (name) => (name === 'find-member' ? new Promise(() => {}) : null);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const scanned = till.call.scan({
      code: { kind: 'card', number: CARD, symbology: 'qr' },
      source: 'serial',
    });
    await till.time.settle();
    expect(till.state().lookingUp).toBe(true);
    await till.time.advance(801);
    await scanned;
    expect(till.state()).toMatchObject({
      lookingUp: false,
      member: { state: 'provisional' },
      basket: { earns: [{ points: 50 }] },
    });
    await till.close();
  });

  test('an answer for a sale that was settled meanwhile attaches nobody to the next one', async () => {
    const till = await aTill();
    till.server.members.set('m-ayse', aRecord());
    const { promise, resolve } = Promise.withResolvers<null>();
    till.server.intercept = (name, input) => {
      if (name !== 'find-member') return null;
      till.server.intercept = null;
      return promise.then(() => till.server.call('find-member', input as never, 0));
    };
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const scanned = till.call.scan({
      code: { kind: 'card', number: CARD, symbology: 'qr' },
      source: 'serial',
    });
    await till.time.settle();
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' });
    resolve(null);
    await scanned;
    expect(till.state().member).toBeNull();
    await till.close();
  });

  test('of two cards scanned while the server thinks, the later one counts', async () => {
    const till = await aTill();
    till.server.members.set('m-ayse', aRecord());
    till.server.members.set('m-mehmet', mehmet);
    const first = Promise.withResolvers<null>();
    let count = 0;
    till.server.intercept = (name, input) => {
      if (name !== 'find-member' || (count += 1) > 1) return null;
      return first.promise.then(() => till.server.call('find-member', input as never, 0));
    };
    const one = till.call.scan({
      code: { kind: 'card', number: CARD, symbology: 'qr' },
      source: 'serial',
    });
    const two = till.call.scan({
      code: { kind: 'card', number: OTHER_CARD, symbology: 'qr' },
      source: 'hid',
    });
    await till.time.settle();
    first.resolve(null);
    await Promise.all([one, two]);
    expect(till.state().member?.member).toBe('m-mehmet');
    await till.close();
  });

  test('offline an unknown card earns on a provisional member, once made and found again', async () => {
    const till = await aTill();
    till.server.up = false;
    await till.time.advance(4000);
    await till.scanCard();
    const { member } = till.state();
    expect(member?.state).toBe('provisional');
    expect(till.bodies()).toMatchObject([{ kind: 'enrol', provisional: true, proof: 'presented' }]);
    await till.call['member.detach'](null);
    await till.time.advance(2000);
    await till.scanCard();
    expect(till.state().member?.member).toBe(member?.member);
    expect(till.bodies()).toHaveLength(1);
    expect(till.database.read.waitingProfiles(5)).toMatchObject([
      {
        member: member?.member,
        name: null,
        phone: null,
        identifiers: [{ kind: 'card', hash: hashOf('card', CARD) }],
      },
    ]);
    await till.close();
  });

  test('a second card swaps the member, and undo within eight seconds brings the first back', async () => {
    const till = await aTill();
    till.member();
    till.member(mehmet);
    await till.scanCard();
    await till.scanCard(OTHER_CARD);
    expect(till.state()).toMatchObject({
      member: { member: 'm-mehmet' },
      undo: { displayName: 'Ayşe K.' },
    });
    expect(await till.call['member.undo'](null)).toEqual({ outcome: 'done' });
    expect(till.state()).toMatchObject({ member: { member: 'm-ayse' }, undo: null });
    await till.time.advance(2000);
    await till.scanCard(OTHER_CARD);
    await till.time.advance(8001);
    expect(till.state().undo).toBeNull();
    expect(await till.call['member.undo'](null)).toMatchObject({ outcome: 'refused' });
    await till.close();
  });

  test('the same card on the next sale is no second reading, however fast the cashier is', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    await till.scanCard();
    expect(till.state().member).toBeNull();
    await till.time.advance(400);
    await till.scanCard();
    expect(till.state().member?.member).toBe('m-ayse');
    await till.close();
  });

  test('the same card twice within 1.5 s is said and changes nothing; later it counts', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['member.detach'](null);
    await till.time.advance(1000);
    await till.scanCard();
    expect(till.state()).toMatchObject({
      member: null,
      notice: { message: { code: 'scanned-twice' } },
    });
    await till.time.advance(1500);
    await till.scanCard();
    expect(till.state().member?.member).toBe('m-ayse');
    await till.close();
  });

  test('a typed card number is declared, a scanned one presented, and the stronger proof stays', async () => {
    const till = await aTill();
    till.member();
    await till.call['member.find']({ text: ` ${CARD.slice(0, 2)} ${CARD.slice(2)} ` });
    expect(till.state().member?.proof).toBe('declared');
    await till.scanCard();
    expect(till.state().member?.proof).toBe('presented');
    await till.call['member.find']({ text: CARD });
    expect(till.state().member?.proof).toBe('presented');
    await till.close();
  });

  test('a typed phone number finds its member in whatever form it is typed', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    till.member(
      aRecord({
        identifiers: [{ kind: 'phone', hash: hashOf('phone', '+905321234567'), masked: '··67' }],
      }),
    );
    for (const text of [
      '5321234567',
      '0532 123 45 67',
      '0090 532 123 4567',
      '+90 (532) 123-45-67',
      '٠٥٣٢١٢٣٤٥٦٧',
    ]) {
      expect(await till.call['member.find']({ text })).toEqual({ outcome: 'done' });
      expect(till.state().member).toMatchObject({
        member: 'm-ayse',
        masked: '··67',
        proof: 'declared',
      });
      await till.call['member.detach'](null);
    }
    await till.close();
  });

  test('a blocked member is shown as blocked and earns nothing', async () => {
    const till = await aTill();
    till.member(aRecord({ status: 'blocked' }));
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(till.state()).toMatchObject({ member: { state: 'blocked' }, basket: { earns: [] } });
    await till.close();
  });

  test('an erased member is nobody', async () => {
    const till = await aTill();
    till.member(aRecord({ status: 'erased' }));
    await till.scanCard();
    expect(till.state()).toMatchObject({ member: null, unknown: { kind: 'card' } });
    await till.close();
  });

  test('a failing link while asked is offline, not an error', async () => {
    const till = await aTill();
    till.server.intercept = (name) =>
      name === 'find-member' ? Promise.reject(new Error('socket')) : null;
    await till.scanCard();
    expect(till.state().member?.state).toBe('provisional');
    till.server.intercept = () => err({ code: 'unreachable', detail: '' });
    expect(await till.call['member.find']({ text: '015123456789' })).toEqual({ outcome: 'done' });
    expect(till.state().unknown).toEqual({ kind: 'phone', masked: '··89' });
    await till.close();
  });
});
