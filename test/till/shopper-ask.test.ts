import { afterAll, describe, expect, test } from 'vitest';
import type { JoinInput, ShopperScene } from '#contract/shopper.ts';
import { isCardNumber } from '#loyalty/card.ts';
import { createShopperDisplay, type ShopperDisplay } from '#till/shopper-display.ts';
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

type Scene<Kind extends ShopperScene['kind']> = Extract<ShopperScene, { kind: Kind }>;

interface Asked {
  readonly till: TestTill;
  readonly display: ShopperDisplay;
  readonly leave: () => void;
  scene(): ShopperScene;
  join(): Scene<'join'>;
}

async function aDisplay(market: 'TR' | 'DE' = 'TR'): Promise<Asked> {
  const till = await aTill({ config: aConfig({ market }) });
  const display = createShopperDisplay(till.till, till.time.timer);
  let scene: ShopperScene = (await display.handlers.state(null)).scene;
  display.onState((state) => void (scene = state.scene));
  const leave = display.connected();
  await till.time.settle();
  return {
    till,
    display,
    leave,
    scene: () => scene,
    join() {
      if (scene.kind !== 'join') throw new Error(`the display shows ${scene.kind}`);
      return scene;
    },
  };
}

async function asked(market: 'TR' | 'DE' = 'TR', phone: string | null = null): Promise<Asked> {
  const stage = await aDisplay(market);
  await stage.till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  expect(await stage.till.call['enrol.ask']({ phone, useScannedCard: false })).toEqual({
    outcome: 'done',
  });
  await stage.till.time.settle();
  return stage;
}

function answerTo({ saleId, ask }: Scene<'join'>, more: Partial<JoinInput> = {}): JoinInput {
  return {
    saleId,
    ask,
    phone: '0532 123 45 67',
    name: null,
    language: 'ar',
    ofAge: true,
    noticeVersion: 'tr-1',
    consents: [
      { purpose: 'personalised-offers', given: false, textVersion: 'tr-1' },
      { purpose: 'sms', given: true, textVersion: 'tr-1' },
      { purpose: 'call', given: false, textVersion: 'tr-1' },
    ],
    ...more,
  };
}

function profilesSent(till: TestTill): readonly unknown[] {
  return till.server.calls.flatMap(({ name, input }) =>
    name === 'profile' ? (input as { profiles: unknown[] }).profiles : [],
  );
}

describe('joining by the shopper’s own hand', () => {
  test('without a display there is nobody to ask', async () => {
    const till = await aTill();
    expect(await till.call['enrol.ask']({ phone: null, useScannedCard: false })).toMatchObject({
      refusal: { code: 'no-display' },
    });
    expect(till.state().display).toEqual({ connected: false, joining: null });
    await till.close();
  });

  test('records each answer with version, language, time, till and whose hand it was', async () => {
    const { till, display, scene, join } = await asked();
    expect(await display.handlers['join.answer'](answerTo(join()))).toEqual({ outcome: 'joined' });
    await till.time.settle();
    await till.time.advance(1000);
    const common = { language: 'ar', textVersion: 'tr-1', till: 'till1', channel: 'display' };
    expect(profilesSent(till)).toMatchObject([
      {
        phone: '+905321234567',
        consents: [
          { ...common, purpose: 'notice-shown', given: true, atMs: expect.any(Number) },
          { ...common, purpose: 'membership', given: true },
          { ...common, purpose: 'personalised-offers', given: false },
          { ...common, purpose: 'sms', given: true },
          { ...common, purpose: 'call', given: false },
        ],
      },
    ]);
    const shown = scene();
    expect(shown).toMatchObject({ kind: 'joined', waitsForProof: true });
    expect(shown.kind === 'joined' && isCardNumber(shown.card ?? '')).toBe(true);
    expect(till.state().member).toMatchObject({ proof: 'declared', state: 'waiting-for-proof' });
    await till.close();
  });

  test('all off still joins, and a card alone earns at once', async () => {
    const { till, display, scene, join } = await asked('DE');
    const consents = [
      { purpose: 'personalised-offers', given: false, textVersion: 'de-1' },
    ] as const;
    const input = answerTo(join(), { phone: null, noticeVersion: 'de-1', consents: [...consents] });
    expect(await display.handlers['join.answer'](input)).toEqual({ outcome: 'joined' });
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'joined', waitsForProof: false });
    expect(till.state().basket.earns).toMatchObject([{ points: 50 }]);
    const { saleId, ask } = scene() as Scene<'joined'>;
    await display.handlers['joined.seen']({ saleId, ask });
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'basket', saleId });
    await till.close();
  });

  test('the cashier sees how far the shopper is and nothing of what is typed', async () => {
    const { till, display, join } = await asked();
    const { saleId, ask } = join();
    await display.handlers['join.at']({ saleId, ask, step: 'number' });
    expect(await display.handlers['join.phone']({ saleId, ask, phone: '05321234567' })).toEqual({
      outcome: 'free',
      masked: '··67',
      takesSms: true,
      unusual: false,
    });
    await till.time.settle();
    expect(till.state().display.joining).toEqual({ step: 'number', hasPhone: false });
    expect(JSON.stringify(till.state())).not.toMatch(/5321234567|··67/);
    await till.close();
  });

  test('the sale is settled meanwhile, and an answer of that sale is ignored in the next', async () => {
    const { till, display, scene, join } = await asked();
    const late = join();
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'thanks', saleId });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.call['enrol.ask']({ phone: null, useScannedCard: false });
    await till.time.settle();
    expect(await display.handlers['join.answer'](answerTo(late))).toEqual({ outcome: 'late' });
    const mixed = { ...answerTo(join()), saleId: late.saleId };
    expect(await display.handlers['join.answer'](mixed)).toEqual({ outcome: 'late' });
    const { ask } = late;
    expect(await display.handlers['join.phone']({ saleId, ask, phone: '05321234567' })).toEqual({
      outcome: 'late',
    });
    await display.handlers['join.decline']({ saleId, ask });
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'join' });
    expect(till.bodies().some(({ kind }) => kind === 'enrol')).toBe(false);
    expect(till.state().member).toBeNull();
    await till.close();
  });

  test('an answer that the sale outran while the server was asked makes no member', async () => {
    const { till, display, join } = await asked();
    const answer = display.handlers['join.answer'](answerTo(join()));
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    await till.time.advance(3000);
    expect(await answer).toEqual({ outcome: 'late' });
    expect(till.bodies().some(({ kind }) => kind === 'enrol')).toBe(false);
    await till.close();
  });

  test('a card that is scanned, a cashier who stops it or a display that goes ends the question', async () => {
    const { till, display, leave, scene, join } = await asked();
    const first = join();
    till.member();
    await till.scanCard();
    expect(scene()).toMatchObject({ kind: 'basket', shopper: { firstName: 'Ayşe' } });
    expect(await display.handlers['join.answer'](answerTo(first))).toEqual({ outcome: 'late' });
    await till.call['member.detach'](null);
    await till.call['enrol.ask']({ phone: null, useScannedCard: false });
    await till.time.settle();
    expect(join().ask).not.toBe(first.ask);
    await till.call['enrol.stop'](null);
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'basket' });
    await till.call['enrol.ask']({ phone: null, useScannedCard: false });
    leave();
    await till.time.settle();
    expect(till.state()).toMatchObject({
      display: { connected: false, joining: null },
      notice: { message: { code: 'shopper-gone' } },
    });
    await till.close();
  });

  test('untouched it is dark after 20 s and the question is over; the next goods light it again', async () => {
    const { till, scene } = await asked();
    await till.time.advance(19_000);
    expect(scene().kind).toBe('join');
    await till.time.advance(2_000);
    expect(scene()).toEqual({ kind: 'dark' });
    expect(till.state()).toMatchObject({
      display: { joining: null },
      notice: { message: { code: 'shopper-left' } },
    });
    await till.call['notice.dismiss']({ id: till.state().notice?.id ?? 0 });
    await till.time.settle();
    expect(scene()).toEqual({ kind: 'dark' });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.time.settle();
    expect(scene().kind).toBe('basket');
    await till.close();
  });

  test('a touch gives a minute, the last 20 s say so, and a touch gives a minute more', async () => {
    const { till, display, scene } = await asked();
    await display.handlers.touch(null);
    await till.time.advance(39_000);
    expect(scene()).toMatchObject({ kind: 'join', endsSoon: false });
    await till.time.advance(2_000);
    expect(scene()).toMatchObject({ kind: 'join', endsSoon: true });
    await display.handlers.touch(null);
    expect(scene()).toMatchObject({ kind: 'join', endsSoon: false });
    await till.time.advance(59_000);
    expect(scene().kind).toBe('join');
    await till.time.advance(2_000);
    expect(scene()).toEqual({ kind: 'dark' });
    await till.close();
  });

  test('the number the cashier was told is not asked for again, and only its end is shown', async () => {
    const { till, display, join } = await asked('TR', '0532 123 45 67');
    expect(join().phone).toEqual({ masked: '··67', takesSms: true });
    expect(JSON.stringify(join())).not.toMatch(/532 ?123/);
    await display.handlers['join.answer'](answerTo(join(), { phone: null }));
    await till.time.advance(1000);
    expect(profilesSent(till)).toMatchObject([{ phone: '+905321234567' }]);
    await till.close();
  });

  test('under age no number, name or consent is taken, not even the one the cashier typed', async () => {
    const { till, display, join } = await asked('TR', '0532 123 45 67');
    const minor = answerTo(join(), { ofAge: false, phone: null, consents: [] });
    expect(await display.handlers['join.answer'](minor)).toEqual({ outcome: 'joined' });
    await till.time.advance(1000);
    expect(profilesSent(till)).toMatchObject([{ phone: null, name: null }]);
    expect(JSON.stringify(profilesSent(till))).not.toMatch(/532 ?123/);
    await till.close();
  });

  test('a number that is a member’s already says so without a name, and is used instead of a twin', async () => {
    const { till, display, scene, join } = await asked('DE');
    const phone = {
      kind: 'phone',
      hash: hashOf('phone', '+4915123456789'),
      masked: '··89',
    } as const;
    till.member(aRecord({ identifiers: [phone] }));
    const { saleId, ask } = join();
    const typed = { saleId, ask, phone: '015123456789' };
    expect(await display.handlers['join.phone'](typed)).toEqual({
      outcome: 'existing',
      masked: '··89',
    });
    expect(await display.handlers['join.existing'](typed)).toEqual({ outcome: 'joined' });
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'basket', shopper: { firstName: null, balance: null } });
    expect(till.state().member?.member).toBe('m-ayse');
    await till.close();
  });

  test('a display is no place to try numbers out: the sixth is refused', async () => {
    const { till, display, join } = await asked();
    const { saleId, ask } = join();
    for (const last of [1, 2, 3, 4, 5]) {
      const phone = `053212345${last}0`;
      expect(await display.handlers['join.phone']({ saleId, ask, phone })).toMatchObject({
        outcome: 'free',
      });
    }
    expect(
      await display.handlers['join.phone']({ saleId, ask, phone: '05321234599' }),
    ).toMatchObject({ outcome: 'refused', refusal: { code: 'too-many-numbers' } });
    await till.close();
  });

  test('answers to words that nobody was shown are refused', async () => {
    const { till, display, join } = await asked('DE');
    const old = answerTo(join(), { noticeVersion: 'de-0', consents: [] });
    expect(await display.handlers['join.answer'](old)).toMatchObject({
      refusal: { code: 'consent-not-asked' },
    });
    const never = answerTo(join(), {
      noticeVersion: 'de-1',
      consents: [{ purpose: 'call', given: true, textVersion: 'de-1' }],
    });
    expect(await display.handlers['join.answer'](never)).toMatchObject({
      refusal: { code: 'consent-not-asked' },
    });
    expect(till.bodies().some(({ kind }) => kind === 'enrol')).toBe(false);
    await till.close();
  });

  test('the scanned card becomes theirs, and another card on the counter ends the question', async () => {
    const { till, display, scene, join } = await aDisplay();
    await till.scanCard(CARD);
    await till.time.advance(3000);
    expect(till.state().unknown).toMatchObject({ kind: 'card' });
    await till.call['enrol.ask']({ phone: null, useScannedCard: true });
    await till.time.settle();
    const first = join();
    await till.scanCard(OTHER_CARD);
    await till.time.advance(3000);
    expect(await display.handlers['join.answer'](answerTo(first))).toEqual({ outcome: 'late' });
    await till.call['enrol.ask']({ phone: null, useScannedCard: true });
    await till.time.settle();
    await display.handlers['join.answer'](answerTo(join(), { phone: null }));
    await till.time.settle();
    expect(scene()).toMatchObject({ kind: 'joined', card: null, waitsForProof: false });
    expect(till.state().member?.masked).toBe(`··${OTHER_CARD.slice(-2)}`);
    await till.close();
  });
});
