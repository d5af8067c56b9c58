import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Done } from '#contract/till.ts';
import { needs } from '#test/support/needs.ts';
import { aBasket, aReturn, aState } from './gallery/fixtures.ts';
import type { ScriptedTill } from './gallery/scripted-till.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const done: Done = { outcome: 'done' };

/** A till that keeps its answers back until it is let go. */
function held() {
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { letGo, answer: (): Promise<Done> => released.then(() => done) };
}

describe('taps that come before the till has answered', needs(browserMissing), () => {
  const { open } = useStage();
  const called = (till: ScriptedTill, method: string): unknown[] =>
    till.calls.filter((call) => call.method === method).map(({ input }) => input);

  test('each tap on a line’s plus is a piece more, and minus goes on from there', async () => {
    const basket = aBasket();
    const { counter, till } = await open(aState({ basket }));
    const { letGo, answer } = held();
    till.script({ 'basket.set-quantity': answer });
    const set = () => called(till, 'basket.set-quantity');
    await counter.part('line').first().getByRole('button').first().click();
    for (const _ of [1, 2, 3]) await counter.part('line-more').click();
    await counter.part('line-less').click();
    await expect
      .poll(set)
      .toEqual([3000, 4000, 5000, 4000].map((quantityMilli) => ({ line: 'l1', quantityMilli })));
    const [first, ...others] = basket.lines;
    if (first === undefined) throw new Error('no line');
    till.show(
      aState({ basket: { ...basket, lines: [{ ...first, quantityMilli: 4000 }, ...others] } }),
    );
    letGo();
    await till.shown(counter.page);
    await counter.part('line-more').click();
    await expect.poll(() => set().at(-1)).toEqual({ line: 'l1', quantityMilli: 5000 });
  });

  test('each tap on a line of an old sale takes one more piece back', async () => {
    const [first, ...others] = aReturn().lines;
    if (first === undefined) throw new Error('no line');
    const line = { ...first, soldMilli: 3000, returnedBeforeMilli: 0, chosenMilli: 0 };
    const { counter, till } = await open(
      aState({ returning: aReturn({ lines: [line, ...others] }) }),
    );
    till.script({ 'return.choose': held().answer });
    for (const _ of [1, 2, 3, 4]) await counter.part('return-line').first().click();
    await expect
      .poll(() => called(till, 'return.choose'))
      .toEqual([1000, 2000, 3000, 0].map((quantityMilli) => ({ line: line.line, quantityMilli })));
  });

  test('what was refused stays said when something asked for before it is done', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    const { letGo, answer } = held();
    till.script({
      'reward.toggle': answer,
      'basket.remove-line': () => ({
        outcome: 'refused',
        refusal: { code: 'no-such-line', params: {} },
      }),
    });
    await counter.part('reward-remove').first().click();
    await counter.page.keyboard.press('Delete');
    await counter.part('notice').waitFor();
    letGo();
    await nextTurn();
    // Frames keep their order: where this state is shown the answer before it has come.
    till.show(aState({ basket: aBasket() }));
    await till.shown(counter.page);
    expect(await counter.part('notice').count()).toBe(1);
  });
});
