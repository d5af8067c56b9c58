import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import type { TillState } from '#contract/till-state.ts';
import { aBasket, aMember, aState, emptyBasket, galleryNowMs, saleId } from './gallery/fixtures.ts';
import type { ScriptedTill } from './gallery/scripted-till.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const undoable = (code: string, ageMs = 0): TillState['undoable'] => ({
  change: { code, params: { name: JSON.stringify({ en: 'Simit' }) } },
  atMs: galleryNowMs - ageMs,
});

describe('the way back', needs(browserMissing), () => {
  const { open } = useStage();
  const undone = (till: ScriptedTill): number =>
    till.calls.filter((call) => call.method === 'basket.undo').length;

  test('clearing asks nothing, and a tap where the goods were brings them back', async () => {
    const full = aState({ basket: aBasket(), member: aMember() });
    const { counter, till } = await open(full);
    till.script({
      'basket.clear': () => {
        till.show({
          ...full,
          basket: emptyBasket(saleId),
          undoable: { change: { code: 'undo-cleared', params: {} }, atMs: galleryNowMs },
        });
        return { outcome: 'done' };
      },
      'basket.undo': () => {
        till.show(full);
        return { outcome: 'done' };
      },
    });
    await counter.part('action-clear').click();
    await expect.poll(() => counter.part('undo-clear').textContent()).toBe('Undo: Sale cleared');
    await counter.part('undo-clear').click();
    await counter.part('undo-clear').waitFor({ state: 'detached' });
    expect(undone(till)).toBe(1);
    await expect.poll(() => counter.lineCount()).toBe(3);
  });

  test('what was cleared long ago is offered on its key only', async () => {
    const { counter } = await open(aState({ undoable: undoable('undo-cleared', 60_000) }));
    expect(await counter.part('undo-clear').count()).toBe(0);
    await expect.poll(() => counter.part('action-undo').isEnabled()).toBe(true);
  });

  test('a line that was taken out is named at the basket’s foot, with Undo beside it', async () => {
    const { counter, till } = await open(
      aState({ basket: aBasket(), undoable: undoable('undo-line-removed') }),
    );
    till.script({ 'basket.undo': () => ({ outcome: 'done' }) });
    await expect.poll(() => counter.part('undone').textContent()).toContain('Taken out: Simit');
    await counter.part('notice-undo').click();
    await expect.poll(() => undone(till)).toBe(1);
    till.show(aState({ basket: aBasket(), undoable: undoable('undo-line-added') }));
    await counter.part('undone').waitFor({ state: 'detached' });
  });

  test('Ctrl+Z takes back the last change, but not while somebody types into a field', async () => {
    const { counter, till } = await open(
      aState({ basket: aBasket(), undoable: undoable('undo-line-added') }),
    );
    till.script({ 'basket.undo': () => ({ outcome: 'done' }) });
    await counter.page.keyboard.press('Control+z');
    await expect.poll(() => undone(till)).toBe(1);
    await counter.part('action-return').click();
    await counter.part('receipt-code').click();
    await counter.page.keyboard.press('Control+z');
    await counter.page.waitForTimeout(200);
    expect(undone(till)).toBe(1);
  });

  test('with nothing to take back it says so and asks the till nothing', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    expect(await counter.part('action-undo').isEnabled()).toBe(false);
    await counter.page.keyboard.press('Control+z');
    await expect
      .poll(() => counter.page.getByRole('alert').textContent())
      .toBe('There is nothing to undo any more.');
    expect(undone(till)).toBe(0);
  });
});
