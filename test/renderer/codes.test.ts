import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import type { CounterPage } from '#test/e2e/pages/counter-page.ts';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  removeFolders,
  type TestTill,
} from '#test/till/support/a-till.ts';
import { couponBatchPreset, giftCardPreset, promoCodePreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const here = (document: ProgrammeDocument) =>
  programme.parse({
    ...document,
    currencies: ['TRY'],
    ...(document.unit?.kind === 'money' ? { unit: { kind: 'money', currency: 'TRY' } } : {}),
  });
const config = aConfig({
  programmes: [pointsPreset, promoCodePreset, couponBatchPreset, giftCardPreset].map(here),
});
const coupon = {
  code: 'AAAA111',
  programme: 'coupons',
  holder: 'v-coupon',
  name: { en: 'Thank-you coupon' },
  available: 1,
  expiresAtMs: null,
  state: 'active',
} as const;
const giftCard = {
  ...coupon,
  code: 'G1FT99',
  programme: 'gift-card',
  holder: 'v-gift',
  name: { en: 'Gift card' },
  available: 3000,
} as const;

/** The page in a real browser over the real till core; only server, devices and time are a test's. */
describe('codes, vouchers, "why?" and Undo at the counter', needs(browserMissing), () => {
  const stage = useStage();
  const tills: TestTill[] = [];
  afterEach(async () => {
    for (const till of tills.splice(0)) await till.close();
  });
  afterAll(removeFolders);

  const open = async (): Promise<{ counter: CounterPage; till: TestTill }> => {
    const till = await aTill({ config });
    tills.push(till);
    till.server.vouchers.push(coupon, giftCard);
    till.server.available = 1_000_000;
    till.member(aRecord({ tierProgress: 490, vouchers: [coupon] }));
    const { counter } = await stage.open(till.state(), (shown) => {
      // Everything the page asks, the core answers; everything the core tells, the page shows.
      shown.script(till.call);
      till.till.onState((state) => shown.show(state));
    });
    return { counter, till };
  };
  const total = (counter: CounterPage): Promise<string | null> =>
    counter.part('total').textContent();
  const code = (counter: CounterPage, text: string) =>
    counter.page.locator(`[data-part="code"][data-code="${text}"]`);

  test('letters typed anywhere are a code; its row says what it does, and takes it off', async () => {
    const { counter } = await open();
    await counter.tapProduct('coffee');
    await counter.type('sprng25');
    await expect.poll(() => counter.part('entry').getAttribute('data-kind')).toBe('code');
    await counter.page.keyboard.press('Enter');
    await code(counter, 'SPRNG25').waitFor();
    await expect.poll(() => code(counter, 'SPRNG25').textContent()).toContain('10 % off');
    expect(await total(counter)).toBe('₺45.00');
    await counter.part('code-remove').click();
    await code(counter, 'SPRNG25').waitFor({ state: 'detached' });
    await counter.page.keyboard.press('Control+z');
    await code(counter, 'SPRNG25').waitFor();
    expect(await total(counter)).toBe('₺45.00');
  });

  test('F4 takes a coupon; one that waits for more goods says how much, a wrong one stays typed', async () => {
    const { counter } = await open();
    await counter.addAmount('1000');
    await counter.page.keyboard.press('F4');
    await counter.part('code-text').waitFor();
    await counter.type('nonsense');
    await counter.part('code-use').click();
    await expect
      .poll(() => counter.page.getByRole('alert').textContent())
      .toBe('This code is not known. Nothing changed; check its letters.');
    await expect.poll(() => counter.part('code-text').inputValue()).toBe('nonsense');
    await counter.part('code-text').fill('aaaa-111');
    await counter.part('code-use').click();
    await code(counter, 'AAAA-111').waitFor();
    await expect.poll(() => code(counter, 'AAAA-111').getAttribute('data-state')).toBe('refused');
    await expect
      .poll(() => code(counter, 'AAAA-111').textContent())
      .toContain('₺10.00 more to use');
    await counter.tapProduct('coffee');
    await counter.page.locator('[data-part="code"][data-state="applied"]').waitFor();
    expect(await total(counter)).toBe('₺55.00');
  });

  test('a gift card pays before the drawer does, and the change is of what is left', async () => {
    const { counter, till } = await open();
    await counter.tapProduct('coffee');
    await till.call['code.enter']({ text: 'G1FT99' });
    await counter.part('paid-by-value').waitFor();
    await expect.poll(() => counter.part('pay').textContent()).toContain('₺20.00');
    await counter.part('pay').click();
    await counter.part('tender-card').click();
    await counter.part('settled').waitFor();
    await expect.poll(() => counter.part('settled-total').textContent()).toBe('₺20.00');
  });

  test('the member’s coupon is one tap, the sale’s new tier is told, and "why?" names everything', async () => {
    const { counter } = await open();
    await counter.tapProduct('coffee');
    await counter.scan(CARD);
    await counter.part('voucher').click();
    await counter.page.locator('[data-part="voucher"][data-state="applied"]').waitFor();
    expect(await total(counter)).toBe('₺45.00');
    await counter.part('why-open').click();
    const why = (await counter.part('why').textContent()) ?? '';
    expect(why).toContain('5.00 off: ');
    expect(why).toContain('1 point per 1.00 paid: ');
    expect(why).toContain('Silver × 1.1');
    expect(why).not.toMatch(/[{}]|five-off|base|silver|There is news/);
    await counter.settle('card');
    await expect.poll(() => counter.part('awards').textContent()).toBe('New level: Silver');
  });
});
