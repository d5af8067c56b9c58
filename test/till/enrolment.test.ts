import { afterAll, describe, expect, test } from 'vitest';
import type { EnrolInput } from '#contract/till.ts';
import { isCardNumber } from '#loyalty/card.ts';
import { displayName } from '#till/enrolment.ts';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  hashOf,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const input: EnrolInput = {
  phone: '0532 123 45 67',
  name: 'Ayşe Kaya',
  language: 'tr',
  ofAge: true,
  noticeVersion: 'tr-2026-02',
  consents: [
    { purpose: 'personalised-offers', given: true, textVersion: 'tr-2026-02' },
    { purpose: 'sms', given: false, textVersion: 'tr-2026-02' },
  ],
  useScannedCard: false,
};

async function aTurkishTill(): Promise<TestTill> {
  return aTill({ config: aConfig({ market: 'TR', language: 'tr' }) });
}

describe('enrolling at the counter', () => {
  test('in Turkey a typed number earns nothing until proven, and the receipt carries the claim', async () => {
    const till = await aTurkishTill();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.call['enrol.commit'](input)).toEqual({ outcome: 'done' });
    expect(till.state()).toMatchObject({
      member: { proof: 'declared', state: 'waiting-for-proof' },
      basket: { earns: [], claimable: true },
    });
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'card' });
    await till.time.settle();
    const lines = till.devices.printed[0]?.document.lines ?? [];
    const codes = lines.flatMap((line) => (line.kind === 'qr' ? [line.content] : []));
    const receipt = codes.find((content) => content.startsWith('R:'))?.slice(2) ?? '';
    const card = codes.find(isCardNumber) ?? '';
    await till.scanCard(card);
    expect(till.state().member).toMatchObject({ proof: 'presented', state: 'known' });
    expect(await till.call['claim.commit']({ receipt })).toEqual({ outcome: 'done' });
    expect(till.bodies()).toContainEqual(
      expect.objectContaining({ kind: 'earn', source: saleId, points: 50 }),
    );
    await till.close();
  });

  test('elsewhere the open basket earns at once and the card comes with the receipt', async () => {
    const till = await aTill({ config: aConfig({ market: 'DE', language: 'tr' }) });
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.call['enrol.commit'](input)).toEqual({ outcome: 'done' });
    expect(till.state()).toMatchObject({
      member: { displayName: 'Ayşe K.', masked: '··67', proof: 'declared', state: 'known' },
      basket: { earns: [{ points: 50 }], claimable: false },
    });
    expect(till.devices.printed).toEqual([]);
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'card' });
    await till.time.settle();
    const lines = till.devices.printed[0]?.document.lines ?? [];
    const bars = lines.find((line) => line.kind === 'barcode');
    const number = bars?.kind === 'barcode' ? bars.content : '';
    expect(isCardNumber(number)).toBe(true);
    expect(lines).toContainEqual({
      kind: 'qr',
      content: number,
      caption: 'Her alışverişte okutun',
    });
    expect(till.database.read.memberByIdentifier(hashOf('card', number))?.displayName).toBe(
      'Ayşe K.',
    );
    await till.close();
  });

  test('without a basket the card comes on a slip of its own', async () => {
    const till = await aTurkishTill();
    expect(await till.call['enrol.commit']({ ...input, phone: null, name: null })).toEqual({
      outcome: 'done',
    });
    await till.time.settle();
    expect(till.devices.printed).toHaveLength(1);
    expect(till.state().lastSale).toMatchObject({ kind: 'card', print: { state: 'confirmed' } });
    expect(till.state().member).toMatchObject({ displayName: null, proof: 'presented' });
    await till.close();
  });

  test('a card whose member leaves the sale is printed before it is forgotten', async () => {
    const till = await aTurkishTill();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.call['enrol.commit'](input);
    await till.call['member.detach'](null);
    await till.time.settle();
    expect(till.devices.printed).toHaveLength(1);
    await till.close();
  });

  test('notice, membership and each answer are recorded with version, language, time and till', async () => {
    const till = await aTurkishTill();
    await till.call['enrol.commit'](input);
    const member = till.state().member?.member ?? '';
    const profile = till.database.read.profile(member);
    expect(profile).toMatchObject({
      phone: '+905321234567',
      phoneTakesSms: true,
      name: 'Ayşe Kaya',
      market: 'TR',
    });
    expect(profile?.consents.map(({ purpose, given }) => [purpose, given])).toEqual([
      ['notice-shown', true],
      ['membership', true],
      ['personalised-offers', true],
      ['sms', false],
    ]);
    expect(profile?.consents[0]).toEqual({
      purpose: 'notice-shown',
      given: true,
      textVersion: 'tr-2026-02',
      language: 'tr',
      atMs: till.time.clock.wallMs(),
      till: 'till1',
      channel: 'till',
    });
    expect(till.bodies()).toEqual([
      { kind: 'enrol', member, market: 'TR', proof: 'declared', provisional: false },
    ]);
    await till.close();
  });

  test('a number that is somebody’s here finds them instead of making a twin', async () => {
    const till = await aTurkishTill();
    till.member(
      aRecord({
        identifiers: [{ kind: 'phone', hash: hashOf('phone', '+905321234567'), masked: '··67' }],
      }),
    );
    expect(await till.call['enrol.check']({ phone: '532 123 45 67' })).toEqual({
      outcome: 'existing',
      e164: '+905321234567',
      displayName: 'Ayşe K.',
      masked: '··67',
    });
    expect(await till.call['enrol.commit'](input)).toMatchObject({
      refusal: { code: 'phone-already-member' },
    });
    expect(till.bodies()).toEqual([]);
    expect(await till.call['enrol.use-existing']({ phone: '05321234567' })).toEqual({
      outcome: 'done',
    });
    expect(till.state().member).toMatchObject({ member: 'm-ayse', proof: 'declared' });
    await till.close();
  });

  test('a number that is somebody’s at the server finds them too', async () => {
    const till = await aTurkishTill();
    till.server.members.set(
      'm-ayse',
      aRecord({
        identifiers: [{ kind: 'phone', hash: hashOf('phone', '+905321234567'), masked: '··67' }],
      }),
    );
    expect(await till.call['enrol.check']({ phone: '05321234567' })).toMatchObject({
      outcome: 'existing',
    });
    await till.close();
  });

  test('a free number says what it is; a landline takes no messages', async () => {
    const till = await aTurkishTill();
    expect(await till.call['enrol.check']({ phone: '0212 345 67 89' })).toEqual({
      outcome: 'free',
      e164: '+902123456789',
      takesSms: false,
      unusual: false,
    });
    expect(await till.call['enrol.check']({ phone: '12' })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'phone-too-short' },
    });
    await till.close();
  });

  test('the unknown card just scanned becomes the new member’s card', async () => {
    const till = await aTurkishTill();
    await till.scanCard();
    expect(till.state().unknown?.kind).toBe('card');
    await till.call['enrol.commit']({ ...input, useScannedCard: true });
    await till.time.settle();
    expect(till.devices.printed).toEqual([]);
    expect(till.database.read.memberByIdentifier(hashOf('card', CARD))?.member).toBe(
      till.state().member?.member,
    );
    await till.close();
  });

  test('a provisional member who joins keeps reference, card and points', async () => {
    const till = await aTurkishTill();
    till.server.up = false;
    await till.time.advance(4000);
    await till.scanCard();
    const before = till.state().member?.member;
    expect(await till.call['enrol.commit'](input)).toEqual({ outcome: 'done' });
    expect(till.state().member).toMatchObject({
      member: before,
      state: 'known',
      displayName: 'Ayşe K.',
    });
    expect(till.bodies()).toMatchObject([
      { kind: 'enrol', member: before, provisional: true },
      { kind: 'enrol', member: before, provisional: false },
    ]);
    expect(till.database.read.profile(before ?? '')?.identifiers.map(({ kind }) => kind)).toEqual([
      'card',
      'phone',
    ]);
    await till.close();
  });

  test('under age there is a card without phone, name or messages, and nothing else', async () => {
    const till = await aTurkishTill();
    const refused = { outcome: 'refused', refusal: { code: 'under-age-no-data', params: {} } };
    expect(await till.call['enrol.commit']({ ...input, ofAge: false })).toEqual(refused);
    expect(
      await till.call['enrol.commit']({ ...input, ofAge: false, phone: null, name: null }),
    ).toEqual(refused);
    expect(
      await till.call['enrol.commit']({
        ...input,
        ofAge: false,
        phone: null,
        name: null,
        consents: [],
      }),
    ).toEqual({ outcome: 'done' });
    await till.close();
  });

  test('names are kept tidy, and shown as first name and initial', () => {
    expect(displayName('  Ayşe   Nur  Kaya ')).toBe('Ayşe K.');
    expect(displayName('\u202eMehmet\u202c')).toBe('Mehmet');
    expect(displayName('   ')).toBeNull();
    expect(displayName(null)).toBeNull();
  });
});
