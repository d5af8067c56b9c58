import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { codePageLadder } from '#contract/printer-pairing.ts';
import { aDevicesView } from '#test/renderer/gallery/devices-fixture.ts';
import { aState } from '#test/renderer/gallery/fixtures.ts';
import { browserMissing } from '#test/renderer/support/browser.ts';
import { useStage } from '#test/renderer/support/stage.ts';

describe('taps on the page where a printer is paired', needs(browserMissing), () => {
  const { open } = useStage();

  test('a page that is tried while a choice is still being kept is printed after it, once', async () => {
    const { counter, till } = await open(aState());
    const asked = (method: string) => till.calls.filter((call) => call.method === method).length;
    let kept = (): void => undefined;
    till.script({
      'devices.choose': () =>
        new Promise((resolve) => {
          kept = () => resolve({ outcome: 'done' });
        }),
    });
    for (const name of ['open-settings', 'open-devices', 'devices-paper']) {
      await counter.part(name).first().click();
    }
    await counter.part('rung-1').first().click();
    await expect.poll(() => asked('devices.choose')).toBe(1);
    await counter.part('try-widths').dblclick();
    expect(asked('devices.try')).toBe(0);
    kept();
    await expect.poll(() => asked('devices.try')).toBe(1);
    // Once the page has its answer it can be asked for again; a tap before that counts for nothing.
    await expect
      .poll(async () => {
        await counter.part('try-widths').click();
        return asked('devices.try');
      })
      .toBeGreaterThan(1);
  });

  test('choices that are tapped while one is being kept are all kept, one after the other', async () => {
    const { counter, till } = await open(aState());
    let view = aDevicesView();
    const kept: (() => void)[] = [];
    till.script({
      'devices.view': () => view,
      'devices.choose': (change) =>
        new Promise((resolve) => {
          kept.push(() => {
            const { printer = view.roles.printer } = change;
            view = { ...view, roles: { ...view.roles, printer } };
            resolve({ outcome: 'done' });
          });
        }),
    });
    const keepNext = async (count: number): Promise<void> => {
      await expect.poll(() => kept.length).toBe(count);
      kept[count - 1]?.();
    };
    for (const name of ['open-settings', 'open-devices', 'devices-paper']) {
      await counter.part(name).first().click();
    }
    await counter.part('rung-2').click();
    // What was tapped is what is shown, at once.
    await counter.page.locator('[data-part="rung-2"][data-selected]').waitFor();
    await counter.part('width-42').click();
    await counter.part('rung-as-model').click();
    await counter.part('rung-3').click();
    // The screen may be left meanwhile.
    await counter.part('devices-back').click();
    for (const count of [1, 2, 3, 4]) await keepNext(count);
    const { page, number } = codePageLadder.find(({ rung }) => rung === 3) ?? {};
    await expect
      .poll(() => view.roles.printer.pairing)
      .toEqual({ codePage: { page, number }, columns: 42 });
  });
});
