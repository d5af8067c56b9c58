import { afterAll, describe, expect, test } from 'vitest';
import { aConfig, aTill, bora, CARD, OTHER_CARD, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

describe('what a member allows, at the counter', () => {
  test('without a member there is nobody to ask about', async () => {
    const till = await aTill();
    expect(await till.call['member.consents'](null)).toMatchObject({
      refusal: { code: 'no-member' },
    });
    await till.close();
  });

  test('a number that anybody may have typed withdraws, but allows nothing', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    till.member();
    await till.call['member.find']({ text: CARD });
    const sms = { member: 'm-ayse', purpose: 'sms', language: 'tr' } as const;
    expect(await till.call['member.consent']({ ...sms, given: true })).toMatchObject({
      refusal: { code: 'proof-needed-consent' },
    });
    await till.call['member.consent']({ ...sms, given: false });
    expect(till.server.calls.findLast(({ name }) => name === 'consent')?.input).toEqual({
      ...sms,
      given: false,
      textVersion: 'tr-1',
      channel: 'till',
    });
    await till.close();
  });

  test('an answer is never given for whoever came onto the sale meanwhile', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    till.member();
    till.member(bora);
    await till.scanCard();
    await till.scanCard(OTHER_CARD);
    const sms = { member: 'm-ayse', purpose: 'sms', language: 'tr', given: true } as const;
    expect(await till.call['member.consent'](sms)).toMatchObject({
      refusal: { code: 'other-member-now' },
    });
    expect(till.server.calls.filter(({ name }) => name === 'consent')).toEqual([]);
    await till.close();
  });

  test('where the centre does not answer, it says so and nothing changed', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    till.server.up = false;
    const asked = till.call['member.consents'](null);
    await till.time.advance(6000);
    expect(await asked).toMatchObject({ refusal: { code: 'consents-offline' } });
    await till.close();
  });
});
