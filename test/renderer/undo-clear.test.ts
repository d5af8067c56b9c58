import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from '#test/e2e/pages/counter-page.ts';
import type { TillState } from '#contract/till-state.ts';
import { aBasket, aMember, aState, emptyBasket, saleId } from './gallery/fixtures.ts';
import { type ScriptedTill, startScriptedTill } from './gallery/scripted-till.ts';
import {
  buildRenderer,
  browserMissing,
  launchBrowser,
  openPage,
  usualLook,
} from './support/browser.ts';

describe('a sale that was cleared', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterEach(async () => {
    for (const close of toClose.splice(0).toReversed()) await close();
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const open = async (state: TillState): Promise<{ counter: CounterPage; till: ScriptedTill }> => {
    const till = await startScriptedTill(built.directory, state);
    const { page, context, said } = await openPage(browser, till.url, usualLook);
    toClose.push(
      () => till.close(),
      () => context.close(),
    );
    toClose.push(async () => {
      expect(said.filter((line) => !line.includes('WebSocket connection'))).toEqual([]);
    });
    return { counter: counterPage(page), till };
  };
  const called = (till: ScriptedTill, method: string): readonly unknown[] =>
    till.calls.filter((call) => call.method === method).map((call) => call.input);

  test('clearing asks nothing, and what was cleared can be brought back as it was', async () => {
    const full = aState({ basket: aBasket(), member: aMember() });
    const { counter, till } = await open(full);
    const cleared = { ...full, basket: { ...emptyBasket(saleId), trace: [] } };
    till.script({
      'basket.clear': () => {
        till.show(cleared);
        return { outcome: 'done' };
      },
    });
    await counter.part('action-clear').click();
    await counter.part('undo-clear').click();
    await counter.part('undo-clear').waitFor({ state: 'detached' });
    const { lines, rewards } = full.basket;
    await expect.poll(() => called(till, 'reward.toggle').length).toBe(rewards.length);
    const added = till.calls.filter(({ method }) => method.startsWith('basket.add'));
    expect(added).toEqual(
      lines.map(({ sku, quantityMilli, unitPriceMinor }) =>
        sku === null
          ? {
              method: 'basket.add-amount',
              input: { amountMinor: unitPriceMinor, quantityMilli },
            }
          : { method: 'basket.add-product', input: { sku, quantityMilli } },
      ),
    );
    expect(lines.length).toBeGreaterThan(0);
  });

  test('the way back to a cleared sale ends with the next goods and with another member', async () => {
    const full = aState({ basket: aBasket(), member: aMember() });
    const { counter, till } = await open(full);
    const cleared = { ...full, basket: emptyBasket(saleId) };
    till.script({
      'basket.clear': () => {
        till.show(cleared);
        return { outcome: 'done' };
      },
    });
    const clear = async (): Promise<void> => {
      till.show(full);
      await counter.part('action-clear').click();
      await counter.part('undo-clear').waitFor();
    };
    await clear();
    till.show({ ...cleared, member: null });
    await counter.part('undo-clear').waitFor({ state: 'detached' });
    await clear();
    till.show(full);
    await counter.part('undo-clear').waitFor({ state: 'detached' });
    till.show(cleared);
    await counter.page.locator('[data-part="basket"][data-lines="0"]').waitFor();
    expect(await counter.part('undo-clear').count()).toBe(0);
    expect(called(till, 'basket.add-product')).toEqual([]);
  });
});
