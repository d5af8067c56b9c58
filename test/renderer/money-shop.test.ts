import { describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { dayPage } from '#test/e2e/pages/day-page.ts';
import { someProgrammes } from '#test/renderer/gallery/day-fixture.ts';
import { scenes } from '#test/renderer/gallery/scenes.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const money = { kind: 'money', scale: 2 } as const;

describe('a shop that gives money', needs(browserMissing), () => {
  const { open } = useStage();

  test('says what waits for a member as money', async () => {
    const { state } = scenes.known;
    const { member } = state;
    const balances = (member?.balances ?? []).map((one) => ({ ...one, unit: money, pending: 150 }));
    const { counter } = await open({
      ...state,
      member: member === null ? null : { ...member, balances, tier: null, news: [] },
    });
    await expect.poll(() => counter.part('member').textContent()).toContain('₺1.50 waiting');
  });

  test('closes a shift whose figures are the members’ money', async () => {
    const { counter, till } = await open(scenes['day-uncounted'].state);
    till.script({ 'day.programmes': () => someProgrammes.map((one) => ({ ...one, unit: money })) });
    await counter.openDay();
    await dayPage(counter.page).closeShift(null);
    const said = await counter.part('z-report').textContent();
    expect(said).toMatch(/Members earned₺[\d.,]+Members used₺[\d.,]+Members, from returns/);
  });
});
