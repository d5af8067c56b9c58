import { describe, expect, test } from 'vitest';
import type { ShiftFigures } from '#journal/entry.ts';
import { needs } from '#test/support/needs.ts';
import { dayPage } from '#test/e2e/pages/day-page.ts';
import { handsOn } from '#test/e2e/support/hands.ts';
import { scenes } from '#test/renderer/gallery/scenes.ts';
import type { ScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import { browserMissing } from '#test/renderer/support/browser.ts';
import { useStage } from '#test/renderer/support/stage.ts';

/** As an older till journalled it: no float, and not how the sales were paid. */
const uncounted: ShiftFigures = {
  number: 3,
  sales: 1,
  salesWithMember: 0,
  totalMinor: 11_500,
  returnsMinor: 0,
  cashMinor: 11_500,
  countedMinor: 61_500,
  drawerOpenings: 0,
  earned: 0,
  redeemed: 0,
  reversed: 0,
};

describe('the drawer is counted', needs(browserMissing), () => {
  const { open } = useStage();
  const called = (till: ScriptedTill, method: string): readonly unknown[] =>
    till.calls.filter((call) => call.method === method).map((call) => call.input);

  test('the shift opens with a count: by hand, by keyboard and by scanner, and the till sells on', async () => {
    const { counter, till } = await open(scenes['day-empty'].state);
    const day = dayPage(counter.page);
    await counter.openDay();
    await expect.poll(() => counter.part('close-shift').textContent()).toBe('Open the shift');
    await day.openShift('50000');
    await counter.openDay();
    await counter.part('close-shift').click();
    await counter.part('open-panel').waitFor();
    await counter.type('50000');
    await counter.page.keyboard.press('Enter');
    await counter.part('counter').waitFor();
    const hands = handsOn(counter.page);
    await hands.scanKeys('day');
    await counter.part('equation').waitFor();
    await hands.scanKeys('close', 'digit-5', 'digit-0', 'next');
    await counter.part('counter').waitFor();
    expect(called(till, 'shift.open')).toEqual([
      { floatMinor: 50000 },
      { floatMinor: 50000 },
      { floatMinor: 50 },
    ]);
  });

  test('what opens the shift meanwhile is said in words, and the panel closes it', async () => {
    const { counter, till } = await open(scenes['day-empty'].state);
    till.script({
      'shift.open': () => ({
        outcome: 'refused',
        refusal: { code: 'shift-open-already', params: {} },
      }),
    });
    await counter.openDay();
    await counter.part('close-shift').click();
    await counter.type('50000');
    till.show(scenes['day-uncounted'].state);
    await counter.part('close-panel').waitFor();
    till.show(scenes['day-empty'].state);
    await counter.part('open-commit').click();
    await expect
      .poll(() => counter.part('open-panel').textContent())
      .toContain('The shift is open already.');
  });

  test('a float that nobody counted may be told at the close, beside the count', async () => {
    const { counter, till } = await open(scenes['day-uncounted'].state);
    const { page } = counter;
    await counter.openDay();
    await counter.part('close-shift').click();
    await counter.type('661000');
    await counter.part('count-float').click();
    expect(await counter.part('count-counted').textContent()).toContain('₺6,610.00');
    for (const digits of ['5', '00', '00']) await counter.part(`key-${digits}`).click();
    await counter.part('count-counted').click();
    await counter.part('key-erase').click();
    await page.locator('[data-part="key-1"]').click();
    expect(await counter.part('count-float').textContent()).toContain('₺500.00');
    await counter.part('close-commit').click();
    await counter.part('z-report').waitFor();
    expect(called(till, 'shift.close')).toEqual([{ countedMinor: 661001, floatMinor: 50000 }]);
  });

  test('while the answer is on its way the shift is still being closed: no key opens the next', async () => {
    const { counter, till } = await open(scenes['day-ties'].state);
    await counter.openDay();
    await counter.part('close-shift').click();
    till.script({ 'shift.close': () => new Promise<never>(() => {}) });
    await counter.type('661000');
    await counter.page.keyboard.press('Enter');
    await expect.poll(() => called(till, 'shift.close').length).toBe(1);
    till.show(scenes['day-empty'].state);
    await till.shown(counter.page);
    await counter.page.keyboard.press('Enter');
    await counter.part('close-panel').waitFor();
    expect(called(till, 'shift.close').length).toBe(1);
    expect(called(till, 'shift.open')).toEqual([]);
  });

  test('where the drawer differs and nobody counted the float, that is said beside the difference', async () => {
    const { counter, till } = await open(scenes['day-ties'].state);
    till.script({
      'shift.close': () => ({ outcome: 'closed', figures: uncounted }),
    });
    await counter.openDay();
    await dayPage(counter.page).closeShift('61500');
    expect(await counter.part('z-difference').textContent()).toBe(
      '₺500.00 too much in the drawer.',
    );
    expect(await counter.part('z-float-unknown').textContent()).toBe(
      'The opening float was not counted.',
    );
    const texts = await counter.part('z-report').locator('dl > div').allTextContents();
    expect(texts).toContain('Opening floatnot counted');
    expect(texts.join()).not.toContain('Card');
  });

  test('the Z shows float, ways to pay, expected and difference', async () => {
    const { counter } = await open(scenes['day-ties'].state);
    await counter.openDay();
    await dayPage(counter.page).closeShift('661000');
    const texts = await counter.part('z-report').locator('dl > div').allTextContents();
    expect(texts.slice(2, 11)).toEqual([
      'Total₺15,760.00',
      'Cash₺6,160.00',
      'Card₺9,300.00',
      'Wallet, gift card₺300.00',
      'Returns (cash)₺40.00',
      'Opening float₺500.00',
      'Cash expected₺6,620.00',
      'Cash counted₺6,610.00',
      'Difference−₺10.00',
    ]);
  });
});
