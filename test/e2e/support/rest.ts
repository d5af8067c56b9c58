import { expect } from 'vitest';
import type { CounterPage } from '#test/e2e/pages/counter-page.ts';
import type { CounterSocket } from './counter-socket.ts';

const LONGEST = { timeout: 20_000, interval: 100 };

/**
 * Brings the counter back to where a test begins: nothing typed, nothing open over the sale, no goods
 * and no member, in the core and on the glass.
 *
 * Between tests, so that one that fails leaves nothing for the next to trip over. Fails itself, with
 * what is in the way, where it cannot.
 */
export async function putAway(counter: CounterPage, behind: CounterSocket): Promise<void> {
  const seen = async (name: string): Promise<boolean> => counter.part(name).first().isVisible();
  await expect
    .poll(async () => {
      const inTheWay = {
        names: await seen('people'),
        page: !(await seen('counter')),
        panel: !(await seen('sell')),
        why: await seen('why'),
        typed: !(await counter.page.locator('[data-part="entry"][data-kind="empty"]').isVisible()),
      };
      if (Object.values(inTheWay).includes(true)) await counter.page.keyboard.press('Escape');
      return inTheWay;
    }, LONGEST)
    .toEqual({ names: false, page: false, panel: false, why: false, typed: false });
  await behind.call['basket.clear'](null);
  await behind.call['member.detach'](null);
  await behind.becomes({ basket: { lines: [] }, member: null, returning: null });
  await counter.page.locator('[data-part="basket"][data-lines="0"]').waitFor();
  await counter.page.locator('[data-part="member"][data-state="empty"]').waitFor();
}
