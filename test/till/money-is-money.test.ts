import { afterAll, describe, expect, test } from 'vitest';
import { fitChoice } from '#loyalty/presets/catalogue.ts';
import type { ReceiptLanguage } from '#till/receipt/words.ts';
import { takeBack } from './support/a-sale.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

const done = { outcome: 'done' };

/** A shop that was set up with cashback or a wallet; the member has 10.00 there, or so much. */
async function aTillWith(
  preset: 'cashback' | 'wallet',
  language: ReceiptLanguage,
  thereMinor = 1000,
) {
  const knobs = preset === 'cashback' ? { percent: 2 } : { amountMinor: 5000, bonusPercent: 0 };
  const item = { sku: 'coffee', priceMinor: 5000 };
  const fitted = fitChoice({ preset, knobs }, { currency: 'TRY', item });
  if (!fitted.ok) throw new Error(JSON.stringify(fitted));
  const programmes = [...fitted.value.programmes];
  const till = await aTill({ config: aConfig({ language, programmes }) });
  const there = { posted: thereMinor, pending: 0, available: thereMinor, version: 3 };
  till.member(aRecord({ language, balances: [{ programme: preset, ...there }] }));
  await till.time.advance(2000);
  return till;
}

async function settle(till: TestTill): Promise<string> {
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(done);
  await till.time.advance(2000);
  return till.database.read.saleByTx(saleId)?.receipt ?? '';
}

/** Two coffees, 10.00 of them out of the wallet. */
async function sell(till: TestTill): Promise<string> {
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  expect(await till.call['reward.toggle']({ reward: 'wallet' })).toEqual(done);
  return settle(till);
}

/** Labels with their values, and captions, of what was printed last: all but heading and goods. */
function printed(till: TestTill): string[] {
  const { lines } = till.devices.printed.at(-1)?.document ?? { lines: [] };
  const said = lines.flatMap((line) => {
    if (line.kind === 'pair') return [`${line.start} | ${line.end}`];
    return line.kind === 'qr' ? [line.caption ?? ''] : [];
  });
  return said.slice(3);
}

const slips: Readonly<
  Record<ReceiptLanguage, Record<'sale' | 'back' | 'shift' | 'claim' | 'wallet', string[]>>
> = {
  en: {
    sale: ['You earned | 2.00 TL', 'You used | 10.00 TL', 'Balance | 2.00 TL'],
    back: ['Refund | 45.00 TL', 'Back on card | 5.00 TL', 'Taken back | 1.00 TL'],
    shift: [
      'Members earned | 2.00 TL',
      'Members used | 10.00 TL',
      'Members, from returns | 4.00 TL',
    ],
    claim: [
      'Waiting for you | 1.00 TL',
      'Claim what you earned with this receipt. Until: 21/12/2026',
    ],
    wallet: ['You used | 10.00 TL', 'Balance | 0.00 TL'],
  },
  tr: {
    sale: ['Kazandığınız | 2,00 TL', 'Kullandığınız | 10,00 TL', 'Bakiyeniz | 2,00 TL'],
    back: ['İade | 45,00 TL', 'Karta geri | 5,00 TL', 'Geri alınan | 1,00 TL'],
    shift: [
      'Üyelerin kazandığı | 2,00 TL',
      'Üyelerin kullandığı | 10,00 TL',
      'Üyelere iadelerden | 4,00 TL',
    ],
    claim: ['Sizi bekleyen | 1,00 TL', 'Kazandığınızı bu fişle alın. Son gün: 21.12.2026'],
    wallet: ['Kullandığınız | 10,00 TL', 'Bakiyeniz | 0,00 TL'],
  },
  de: {
    sale: ['Sie haben gesammelt | 2,00 TL', 'Eingelöst | 10,00 TL', 'Guthaben | 2,00 TL'],
    back: ['Rückgabe | 45,00 TL', 'Zurück auf Karte | 5,00 TL', 'Abgezogen | 1,00 TL'],
    shift: [
      'Mitglieder: gesammelt | 2,00 TL',
      'Mitglieder: eingelöst | 10,00 TL',
      'Mitglieder: aus Rückgaben | 4,00 TL',
    ],
    claim: [
      'Für Sie bereit | 1,00 TL',
      'Gesammeltes mit diesem Beleg gutschreiben lassen. Bis: 21.12.2026',
    ],
    wallet: ['Eingelöst | 10,00 TL', 'Guthaben | 0,00 TL'],
  },
  ar: {
    sale: ['ربحتم | 2.00 TL', 'استخدمتم | 10.00 TL', 'الرصيد | 2.00 TL'],
    back: ['إرجاع | 45.00 TL', 'أعيد إلى البطاقة | 5.00 TL', 'المسحوب | 1.00 TL'],
    shift: ['ربح الأعضاء | 2.00 TL', 'استخدم الأعضاء | 10.00 TL', 'للأعضاء من المرتجعات | 4.00 TL'],
    claim: ['في انتظاركم | 1.00 TL', 'احصلوا على ما ربحتموه بهذا الإيصال. آخر يوم: 21.12.2026'],
    wallet: ['استخدمتم | 10.00 TL', 'الرصيد | 0.00 TL'],
  },
};
const pointsWords = /point|puan|punkt|نقطة|نقاط/i;

describe.each(['en', 'tr', 'de', 'ar'] as const)(
  'in a shop that gives money, in %s',
  (language) => {
    const expected = slips[language];

    test('sale, return and shift say what it is worth once, as money', async () => {
      const till = await aTillWith('cashback', language);
      const receipt = await sell(till);
      const sale = printed(till);
      await takeBack(till, receipt, 1000);
      await till.time.advance(2000);
      const back = printed(till);
      expect(await till.call['shift.print-x'](null)).toEqual(done);
      await till.time.advance(2000);
      const shift = printed(till);
      expect(sale.slice(-4, -1)).toEqual(expected.sale);
      expect(back.slice(0, 3)).toEqual(expected.back);
      expect(back).toHaveLength(5);
      expect(shift.slice(-3)).toEqual(expected.shift);
      expect([...sale, ...back, ...shift].filter((line) => pointsWords.test(line))).toEqual([]);
      await till.close();
    });

    test('so does what waits to be claimed, and a wallet', async () => {
      const atWallet = await aTillWith('wallet', language);
      await sell(atWallet);
      expect(printed(atWallet).slice(-3, -1)).toEqual(expected.wallet);
      await atWallet.close();
      const till = await aTillWith('cashback', language);
      await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
      await settle(till);
      expect(printed(till).slice(-2)).toEqual(expected.claim);
      await till.close();
    });
  },
);

test('“why?” counts money as money', async () => {
  const till = await aTillWith('cashback', 'en');
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  const { trace } = till.state().basket;
  expect(trace.find(({ code }) => code === 'earn-total-money')).toMatchObject({
    params: { exact: '1', pointsMinor: 100 },
  });
  expect(trace.some(({ code }) => code === 'earn-total')).toBe(false);
  await till.close();
});

test('so does what a reward still lacks, and what the server refuses', async () => {
  const till = await aTillWith('cashback', 'en', 0);
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  const [offer] = till.state().offers;
  expect(offer).toMatchObject({ state: 'unavailable', unit: { kind: 'money' } });
  expect(offer?.reason?.code).toMatch(/-money$/);
  expect(Object.keys(offer?.reason?.params ?? {}).every((name) => name.endsWith('Minor'))).toBe(
    true,
  );
  await till.close();
  const empty = await aTillWith('cashback', 'en');
  empty.server.available = 50;
  await empty.scanCard();
  await empty.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  const reward = empty.state().offers[0]?.reward ?? '';
  expect(await empty.call['reward.toggle']({ reward })).toEqual({
    outcome: 'refused',
    refusal: { code: 'reward-refused-not-enough-money', params: { availableMinor: 50 } },
  });
  await empty.close();
});
