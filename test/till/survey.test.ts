import { afterAll, describe, expect, test } from 'vitest';
import type { ShopperScene } from '#contract/shopper.ts';
import { createShopperDisplay, type ShopperDisplay } from '#till/shopper-display.ts';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  removeFolders,
  type TestOptions,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const DAY_MS = 86_400_000;

interface Shown {
  readonly till: TestTill;
  readonly display: ShopperDisplay;
  scene(): ShopperScene;
}

async function aDisplay(given: Partial<TestOptions> = {}): Promise<Shown> {
  const till = await aTill(given);
  const display = createShopperDisplay(till.till, till.time.timer);
  let scene: ShopperScene = (await display.handlers.state(null)).scene;
  display.onState((state) => void (scene = state.scene));
  display.connected();
  return { till, display, scene: () => scene };
}

/** A sale to Ayşe, settled and thanked for; the question comes some seconds later. */
async function sell({ till }: Shown, card: string | null = CARD): Promise<string> {
  await till.time.advance(2000);
  if (card !== null) await till.scanCard(card);
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  await till.time.settle();
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  await till.time.settle();
  return saleId;
}

async function answer(shown: Shown, given: number | null): Promise<boolean> {
  const scene = shown.scene();
  if (scene.kind !== 'survey') throw new Error(`the display shows ${scene.kind}`);
  const { saleId, question } = scene;
  const { taken } = await shown.display.handlers['survey.answer']({
    saleId,
    question,
    answer: given,
  });
  await shown.till.time.settle();
  return taken;
}

function journalled(till: TestTill): readonly unknown[] {
  return till.bodies().filter(({ kind }) => kind.startsWith('survey'));
}

describe('the survey after a sale', () => {
  test('asks four questions one at a time, journals each answer of a random reference, and thanks', async () => {
    const shown = await aDisplay();
    const { till, scene } = shown;
    till.member();
    const of = await sell(shown);
    expect(scene()).toMatchObject({ kind: 'thanks', wasAsked: false });
    expect(journalled(till)).toEqual([]);
    await till.time.advance(6500);
    expect(scene()).toMatchObject({
      kind: 'survey',
      saleId: of,
      question: 'nps',
      number: 1,
      of: 4,
    });
    for (const given of [9, 1, 2, 3]) expect(await answer(shown, given)).toBe(true);
    expect(scene()).toMatchObject({ kind: 'thanks', saleId: of, wasAsked: true });
    const common = { kind: 'survey-answer', member: 'm-ayse', of };
    expect(journalled(till)).toEqual([
      { kind: 'survey-asked', member: 'm-ayse', of },
      { ...common, question: 'nps', answer: 9 },
      { ...common, question: 'cli-recommend', answer: 1 },
      { ...common, question: 'cli-again', answer: 2 },
      { ...common, question: 'cli-other', answer: 3 },
    ]);
    expect(JSON.stringify(till.bodies())).not.toContain('Ayşe');
    await till.close();
  });

  test('is skipped with one tap, and what was answered stays', async () => {
    const shown = await aDisplay();
    shown.till.member();
    await sell(shown);
    await shown.till.time.advance(6500);
    await answer(shown, 10);
    await answer(shown, null);
    expect(shown.scene()).toMatchObject({ kind: 'thanks', wasAsked: true });
    expect(journalled(shown.till)).toHaveLength(2);
    await shown.till.close();
  });

  test('a second tap on the same question, an old sale or an answer off the scale is not taken', async () => {
    const shown = await aDisplay();
    const { till, display } = shown;
    till.member();
    const saleId = await sell(shown);
    await till.time.advance(6500);
    await answer(shown, 10);
    const taps = display.handlers['survey.answer'];
    expect(await taps({ saleId, question: 'nps', answer: 0 })).toEqual({ taken: false });
    expect(await taps({ saleId, question: 'cli-recommend', answer: 0 })).toEqual({ taken: false });
    expect(await taps({ saleId, question: 'cli-recommend', answer: 7 })).toEqual({ taken: false });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.time.settle();
    expect(await taps({ saleId, question: 'cli-recommend', answer: 1 })).toEqual({ taken: false });
    expect(journalled(till)).toHaveLength(2);
    await till.close();
  });

  test('gives way to the next sale, and goes dark untouched', async () => {
    const shown = await aDisplay();
    const { till, scene } = shown;
    till.member();
    await sell(shown);
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.time.advance(8000);
    expect(scene().kind).toBe('basket');
    expect(journalled(till)).toEqual([]);
    await till.call['basket.clear'](null);
    await sell(shown);
    await till.time.advance(6500);
    expect(scene().kind).toBe('survey');
    await till.time.advance(14_000);
    expect(scene()).toEqual({ kind: 'dark' });
    await till.close();
  });

  test('asks a member once in the days the shop chose, also after a restart, and nobody else at all', async () => {
    const shown = await aDisplay({ config: aConfig({ survey: { everyDays: 30 } }) });
    const { till, scene } = shown;
    till.member();
    await sell(shown, null);
    await till.time.advance(8000);
    expect(scene().kind).toBe('thanks');
    await sell(shown);
    await till.time.advance(6500);
    expect(scene().kind).toBe('survey');
    await sell(shown);
    await till.time.advance(8000);
    expect(scene().kind).toBe('thanks');
    // The server's record does not know yet that this till has asked.
    till.member(aRecord({ version: 2, surveyedAtMs: null }));
    await till.close();
    const again = await till.restart();
    const later = createShopperDisplay(again.till, again.time.timer);
    let last: ShopperScene = (await later.handlers.state(null)).scene;
    later.onState((state) => void (last = state.scene));
    later.connected();
    await sell({ till: again, display: later, scene: () => last });
    await again.time.advance(8000);
    expect(last.kind).toBe('thanks');
    again.time.setWall(again.time.clock.wallMs() + 31 * DAY_MS);
    await sell({ till: again, display: later, scene: () => last });
    await again.time.advance(6500);
    expect(last.kind).toBe('survey');
    await again.close();
  });

  test('a shop that wants no survey has none, and a till without a display neither', async () => {
    const shown = await aDisplay({ config: aConfig({ survey: { everyDays: 0 } }) });
    shown.till.member();
    await sell(shown);
    await shown.till.time.advance(8000);
    expect(shown.scene().kind).toBe('thanks');
    await shown.till.close();
  });
});
