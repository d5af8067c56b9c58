import { describe, expect, test } from 'vitest';
import type { DayReport } from '#contract/day.ts';
import type { Done } from '#contract/till.ts';
import { needs } from '#test/support/needs.ts';
import { dayPage } from '#test/e2e/pages/day-page.ts';
import { cardNumberFromSerial } from '#loyalty/card.ts';
import { aDay } from './gallery/day-fixture.ts';
import {
  aBasket,
  aLastSale,
  aMember,
  aReturn,
  aState,
  saleId,
  someOffers,
} from './gallery/fixtures.ts';
import { scenes } from './gallery/scenes.ts';
import type { ScriptedTill } from './gallery/scripted-till.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const card = cardNumberFromSerial(1234567890);

describe('the counter, driven by hand, keyboard and scanner', needs(browserMissing), () => {
  const { open } = useStage();
  const called = (till: ScriptedTill, method: string): readonly unknown[] =>
    till.calls.filter((call) => call.method === method).map((call) => call.input);

  test('a card scanned with nothing focused reaches the till once and leaves the entry line empty', async () => {
    const { counter, till } = await open(aState());
    await counter.scan(card);
    await expect
      .poll(() => called(till, 'scan'))
      .toEqual([{ code: { kind: 'card', number: card, symbology: 'none' }, source: 'keyboard' }]);
    expect(await counter.part('entry').getAttribute('data-kind')).toBe('empty');
    expect(called(till, 'basket.add-amount')).toEqual([]);
  });

  test('a card scanned into a focused text field leaves its value as it was', async () => {
    const { counter, till } = await open(aState());
    await counter.part('action-return').click();
    const field = counter.part('receipt-code');
    await field.click();
    await counter.type('AB12');
    // Until the burst that typing might have been is over, and a scan begins one of its own.
    await counter.page.waitForTimeout(500);
    const before = await field.inputValue();
    till.script({ scan: () => null });
    // The panel closes with a scan; keep it in view by reading what it held before it went.
    await counter.page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('[data-part="receipt-code"]');
      input?.addEventListener('input', () => {
        document.documentElement.dataset['lastValue'] = input.value;
      });
    });
    await counter.scan(card);
    await expect.poll(() => called(till, 'scan').length).toBe(1);
    const last = await counter.page.evaluate(() => document.documentElement.dataset['lastValue']);
    expect(before).toBe('AB12');
    expect(last).toBe('AB12');
  });

  test('a card scanned while a button has the focus does not press it', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    await counter.part('pay').focus();
    await counter.scan(card);
    await expect.poll(() => called(till, 'scan').length).toBe(1);
    expect(await counter.part('tenders').count()).toBe(0);
  });

  test('a payment card never leaves the page with its number', async () => {
    const { counter, till } = await open(aState());
    await counter.scan('4111111111111111');
    await expect
      .poll(() => called(till, 'scan'))
      .toEqual([{ code: { kind: 'payment-card' }, source: 'keyboard' }]);
    expect(JSON.stringify(till.calls)).not.toContain('4111');
  });

  test('typed digits become an amount, a phone number or a product by their length', async () => {
    const { counter, till } = await open(aState());
    await counter.enter('1250');
    await expect
      .poll(() => called(till, 'basket.add-amount'))
      .toEqual([{ amountMinor: 1250, quantityMilli: 1000 }]);
    await counter.type('5324187667');
    await expect.poll(() => counter.part('entry').getAttribute('data-kind')).toBe('phone');
    await counter.page.keyboard.press('Enter');
    await expect.poll(() => called(till, 'member.find')).toEqual([{ text: '5324187667' }]);
    await counter.enter('4006381333931');
    await expect
      .poll(() => called(till, 'scan'))
      .toEqual([
        { code: { kind: 'product', gtin: '04006381333931', symbology: 'none' }, source: 'typed' },
      ]);
  });

  test('keys pressed while a number is looked up are kept, and a refused number comes back', async () => {
    const { counter, till } = await open(aState());
    const { page } = counter;
    let answer: (done: Done) => void = () => {};
    till.script({ 'member.find': () => new Promise<Done>((resolve) => (answer = resolve)) });
    const find = async (number: string): Promise<void> => {
      const before = called(till, 'member.find').length;
      await counter.enter(number);
      await expect.poll(() => called(till, 'member.find').length).toBe(before + 1);
    };
    const entry = async (): Promise<string> =>
      ((await counter.part('entry').textContent()) ?? '').replaceAll(/\s/g, '');
    await find('5324187667');
    await counter.type('12');
    answer({ outcome: 'done' });
    await counter.enter('50');
    await expect
      .poll(() => called(till, 'basket.add-amount'))
      .toEqual([{ amountMinor: 1250, quantityMilli: 1000 }]);
    await find('5324187667');
    answer({ outcome: 'refused', refusal: { code: 'phone-too-short', params: {} } });
    await expect.poll(entry).toContain('5324187667');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await find('5324187668');
    await counter.type('7');
    answer({ outcome: 'refused', refusal: { code: 'phone-too-short', params: {} } });
    await counter.part('notice').waitFor();
    expect(await entry()).not.toContain('5324187668');
  });

  test('times makes the next amount several, by keyboard and by pad', async () => {
    const { counter, till } = await open(aState());
    await counter.type('3');
    await counter.page.keyboard.press('*');
    await counter.part('key-4').click();
    await counter.part('key-00').click();
    await counter.part('key-enter').click();
    await expect
      .poll(() => called(till, 'basket.add-amount'))
      .toEqual([{ amountMinor: 400, quantityMilli: 3000 }]);
  });

  test('a refusal says what to do, in words, and interrupts', async () => {
    const { counter, till } = await open(
      aState({ basket: aBasket(), member: aMember(), offers: [...someOffers()] }),
    );
    till.script({
      'reward.toggle': () => ({
        outcome: 'refused',
        refusal: { code: 'reward-refused-not-enough', params: { available: 312 } },
      }),
    });
    await counter.tapReward('fifty-off');
    await expect
      .poll(() => counter.page.getByRole('alert').textContent())
      .toBe('Not enough points: 312 can be spent. Nothing changed.');
    till.script({
      'reward.toggle': () => ({
        outcome: 'refused',
        refusal: { code: 'never-heard-of', params: {} },
      }),
    });
    await counter.tapReward('fifty-off');
    await expect
      .poll(() => counter.page.getByRole('alert').textContent())
      .toContain('Nothing changed');
  });

  test('joining works with every consent off, and asks for each by itself, unticked', async () => {
    const { counter, till } = await open(aState({ basket: aBasket() }));
    await counter.part('action-enrol').click();
    await counter.type('5324187667');
    await counter.part('enrol-next').click();
    await counter.part('enrol-shopper').waitFor();
    await expect.poll(() => counter.part('enrol-notice').isVisible()).toBe(true);
    const [decline, join] = [
      await counter.part('enrol-decline').boundingBox(),
      await counter.part('enrol-join').boundingBox(),
    ];
    expect([decline?.width, decline?.height]).toEqual([join?.width, join?.height]);
    await counter.part('enrol-age-yes').click();
    await expect.poll(() => counter.page.getByRole('checkbox').count()).toBe(3);
    expect(await counter.page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await counter.part('enrol-join').click();
    await expect
      .poll(() => called(till, 'enrol.commit'))
      .toEqual([
        {
          phone: '5324187667',
          name: null,
          language: 'en',
          ofAge: true,
          noticeVersion: 'tr-1',
          consents: ['personalised-offers', 'sms', 'call'].map((purpose) => ({
            purpose,
            given: false,
            textVersion: 'tr-1',
          })),
          useScannedCard: false,
        },
      ]);
    await expect.poll(() => counter.lineCount()).toBe(3);
  });

  test('under age shows no phone, name or message field and sends none', async () => {
    const { counter, till } = await open(aState());
    await counter.enrol({ phone: '5324187667', ofAge: false, consents: [] });
    expect(called(till, 'enrol.commit')).toMatchObject([
      { phone: null, name: null, ofAge: false, consents: [] },
    ]);
  });

  test('a number that is known already is used and not made a twin', async () => {
    const { counter, till } = await open(aState());
    till.script({
      'enrol.check': () => ({
        outcome: 'existing',
        e164: '+905324187667',
        displayName: 'Ayşe K.',
        masked: '··67',
      }),
    });
    await counter.part('action-enrol').click();
    await counter.type('05324187667');
    await counter.part('enrol-next').click();
    await counter.part('enrol-use-existing').click();
    await expect.poll(() => called(till, 'enrol.use-existing')).toEqual([{ phone: '05324187667' }]);
    expect(called(till, 'enrol.commit')).toEqual([]);
  });

  test('a return shows its figures before the deed and asks once', async () => {
    const { counter, till } = await open(scenes.returning.state);
    await expect
      .poll(() => counter.part('return-figures').getAttribute('data-refund-minor'))
      .toBe('4000');
    await counter.part('return-line').first().click();
    await expect
      .poll(() => called(till, 'return.choose'))
      .toEqual([{ line: 'l1', quantityMilli: 1000 }]);
    await counter.part('refund').click();
    expect(called(till, 'return.commit')).toEqual([]);
    await counter.part('refund-confirm').click();
    await expect
      .poll(() => called(till, 'return.commit'))
      .toEqual([{ returnId: aReturn().returnId }]);
  });

  test('every function key does what the help card says', async () => {
    const { counter, till } = await open(aState({ basket: aBasket(), lastSale: aLastSale() }));
    await counter.page.keyboard.press('F1');
    await counter.part('help').waitFor();
    await counter.page.keyboard.press('Escape');
    await counter.part('sell').waitFor();
    await counter.page.keyboard.press('F8');
    await counter.part('find-receipt').waitFor();
    await counter.page.keyboard.press('Escape');
    await counter.page.keyboard.press('F9');
    await expect.poll(() => called(till, 'receipt.reprint')).toEqual([{ saleId }]);
    await counter.page.keyboard.press('Delete');
    await expect.poll(() => called(till, 'basket.remove-line')).toEqual([{ line: 'l3' }]);
    await counter.page.keyboard.press('F2');
    await counter.part('enrol-phone').waitFor();
    await counter.page.keyboard.press('F10');
    await counter.part('tenders').waitFor();
    await counter.page.keyboard.press('F10');
    const { dueMinor } = aBasket();
    await expect
      .poll(() => called(till, 'sale.settle'))
      .toEqual([{ saleId, tender: 'cash', dueMinor }]);
  });

  test('a dead core is said within a second, and the same basket returns', async () => {
    const { counter, till } = await open(aState({ basket: aBasket(), member: aMember() }));
    // On the page's own clock no time passes at all: no heartbeat and no limit is waited for.
    const { clock } = counter.page;
    await clock.install();
    await clock.pauseAt(Date.now() + 60_000);
    till.fall();
    await counter.part('core-lost').waitFor();
    await clock.resume();
    await expect
      .poll(() => counter.part('core-lost').textContent())
      .toContain('your sale is saved');
    till.rise();
    await counter.part('core-lost').waitFor({ state: 'detached' });
    await expect.poll(() => counter.lineCount()).toBe(3);
    await expect.poll(() => counter.memberName()).toBe('Ayşe Yılmaz');
  });

  test('the receipt is shown as the picture and as text', async () => {
    const { counter } = await open(aState({ lastSale: aLastSale(), basket: aBasket() }));
    await counter.part('pay').click();
    await counter.part('tender-card').click();
    await counter.part('receipt-open').click();
    await counter.part('receipt-picture').waitFor();
    expect(
      await counter
        .part('receipt-picture')
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    ).toBe(384);
    await counter.part('receipt-as-text').click();
    await expect.poll(() => counter.part('receipt-text').textContent()).toContain('TOPLAM');
  });

  test('the day ties with a tick, differs in words, and closes with a count', async () => {
    const { counter, till } = await open(aState());
    await counter.openDay();
    const day = dayPage(counter.page);
    await expect.poll(() => day.ties()).toBe(true);
    await expect.poll(() => day.terms()).toEqual([398215, 21340, 5900, 760, 25, 412870]);
    till.show(aState({ revision: 2 }), scenes['day-differs'].day);
    await expect.poll(() => day.ties()).toBe(false);
    await expect.poll(() => counter.part('equation').textContent()).toContain('−15');
    await expect.poll(() => day.source()).toBe('till');
    expect(await day.closeShift('661000')).toBe(12);
    expect(called(till, 'shift.close')).toEqual([{ countedMinor: 661000, floatMinor: null }]);
    await expect
      .poll(() => day.part('z-difference').textContent())
      .toBe('₺10.00 missing in the drawer.');
  });

  test('digits of the count typed while the day is still on its way are counted', async () => {
    const { counter, till } = await open(aState());
    let answer: (day: DayReport) => void = () => {};
    till.script({ day: () => new Promise<DayReport>((resolve) => (answer = resolve)) });
    await counter.part('open-day').click();
    await counter.part('close-shift').click();
    await counter.type('9500');
    answer(aDay());
    await expect.poll(() => counter.part('counted').textContent()).toBe('₺95.00');
  });

  test('who refunds by keyboard keeps the focus for the second Enter', async () => {
    const { counter, till } = await open(aState({ returning: aReturn() }));
    const { page } = counter;
    await counter.part('refund').and(page.locator(':enabled')).focus();
    await page.keyboard.press('Enter');
    await counter.part('refund-confirm').waitFor();
    expect(called(till, 'return.commit')).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => called(till, 'return.commit').length).toBe(1);
  });

  test('a scan on the day page brings the counter back', async () => {
    const { counter, till } = await open(aState());
    await counter.openDay();
    await counter.scan(card);
    await expect.poll(() => called(till, 'scan').length).toBe(1);
    await counter.part('counter').waitFor();
  });
});
