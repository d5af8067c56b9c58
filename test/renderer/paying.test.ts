import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import {
  aBasket,
  aLastSale,
  aMember,
  aState,
  emptyBasket,
  nextSaleId,
  saleId,
  someOffers,
} from './gallery/fixtures.ts';
import type { ScriptedTill } from './gallery/scripted-till.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

describe('paying, by hand', needs(browserMissing), () => {
  const { open } = useStage();
  const called = (till: ScriptedTill, method: string): readonly unknown[] =>
    till.calls.filter((call) => call.method === method).map((call) => call.input);

  test('earning is one scan and two taps, and the change is on the glass', async () => {
    const { counter, till } = await open(
      aState({ basket: aBasket(), member: aMember(), offers: [...someOffers()] }),
    );
    till.script({
      'sale.settle': () => {
        till.show(aState({ basket: emptyBasket(nextSaleId), lastSale: aLastSale() }));
        return { outcome: 'done' };
      },
    });
    await counter.part('pay').click();
    await counter.part('quick-cash').first().click();
    await counter.part('settled').waitFor();
    const { dueMinor } = aBasket();
    expect(called(till, 'sale.settle')).toEqual([{ saleId, tender: 'cash', dueMinor }]);
    await expect.poll(() => counter.part('settled-change').getAttribute('data-minor')).toBe('5000');
    await expect
      .poll(() => counter.part('settled-points').textContent())
      .toBe('+1,025 points, now 2,159');
    expect(await counter.page.locator('[role="dialog"], dialog').count()).toBe(0);
  });

  test('the next scan starts the next sale by itself', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    till.script({
      'sale.settle': () => {
        till.show(
          aState({
            basket: emptyBasket(nextSaleId),
            lastSale: aLastSale({
              print: { jobId: 'j', state: 'unconfirmed', problem: 'no-answer', copy: 0 },
            }),
          }),
        );
        return { outcome: 'done' };
      },
    });
    await counter.settle('card');
    await expect.poll(() => counter.part('print').getAttribute('data-state')).toBe('unconfirmed');
    // A serial reader's scan reaches the core without the page: only the state says so.
    till.show(
      aState({ basket: { ...emptyBasket(nextSaleId) }, member: aMember(), lastSale: aLastSale() }),
    );
    await counter.part('sell').waitFor();
  });

  test('the sum that was asked for is paid; one that changed by itself is looked at again', async () => {
    const basket = aBasket();
    const { counter, till } = await open(aState({ basket }));
    const dearer = { ...basket, dueMinor: basket.dueMinor + 500 };
    till.script({
      'sale.settle': ({ dueMinor }) =>
        dueMinor === dearer.dueMinor
          ? { outcome: 'done' }
          : {
              outcome: 'refused',
              refusal: { code: 'sale-changed', params: { dueMinor: dearer.dueMinor } },
            },
    });
    await counter.part('pay').click();
    await counter.part('tenders').waitFor();
    till.show(aState({ basket: dearer }));
    await till.shown(counter.page);
    await counter.part('tender-card').click();
    await expect
      .poll(() => counter.page.getByRole('alert').textContent())
      .toContain('The sum has changed');
    await counter.part('tender-card').click();
    await expect
      .poll(() => called(till, 'sale.settle'))
      .toEqual([
        { saleId, tender: 'card', dueMinor: basket.dueMinor },
        { saleId, tender: 'card', dueMinor: dearer.dueMinor },
      ]);
  });

  test('goods that are scanned beside the ways to pay change the sum without a word', async () => {
    const basket = aBasket();
    const { counter, till } = await open(aState({ basket }));
    await counter.part('pay').click();
    await counter.part('tenders').waitFor();
    const [first, ...others] = basket.lines;
    const lines = first === undefined ? [] : [{ ...first, quantityMilli: 9000 }, ...others];
    const dueMinor = basket.dueMinor + 500;
    till.show(aState({ basket: { ...basket, lines, dueMinor } }));
    await till.shown(counter.page);
    await counter.part('tender-card').click();
    await expect
      .poll(() => called(till, 'sale.settle'))
      .toEqual([{ saleId, tender: 'card', dueMinor }]);
  });

  test('a tap storm on Pay and Cash settles once', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    till.script({ 'sale.settle': () => new Promise(() => undefined) });
    await counter.part('pay').dblclick();
    expect(called(till, 'sale.settle')).toEqual([]);
    const cash = counter.part('tender-cash');
    await cash.click();
    await cash.click({ force: true, clickCount: 5 });
    await expect.poll(() => called(till, 'sale.settle').length).toBe(1);
  });
});
