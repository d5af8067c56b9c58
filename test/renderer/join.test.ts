import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { aState } from './gallery/fixtures.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

describe('letting another till join', needs(browserMissing), () => {
  const { open } = useStage();

  test('shows where this till is and the code that carries its key, or what to do first', async () => {
    const { counter, till } = await open(aState());
    const { page, part } = counter;
    await part('open-settings').click();
    await part('open-join').click();
    await expect.poll(() => part('join-server').textContent()).toBe('https://192.168.1.20:7443');
    await expect.poll(() => part('join-code').textContent()).toBe('ABCD2345-Q7K2-MM9X-04TZ-8WPF-R');
    await part('join').getByText('10 minutes').waitFor();

    for (const [code, words] of [
      ['lan-off', 'start it with --lan'],
      ['manager-needed', 'Sign in as one'],
      ['not-now', 'Check the network'],
    ] as const) {
      till.script({ 'join.invite': () => ({ outcome: 'refused', code }) });
      await page.keyboard.press('Escape');
      if (!(await part('open-join').isVisible())) await part('open-settings').click();
      await part('open-join').click();
      await part('join').getByText(words).waitFor();
      expect(await part('join-code').count()).toBe(0);
    }
  });
});
