import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
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
    // Once it has been asked for it can be asked for again.
    await counter.part('try-widths').click();
    await expect.poll(() => asked('devices.try')).toBe(2);
  });
});
