import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { needs } from '#test/support/needs.ts';
import { scenes } from '#test/renderer/gallery/scenes.ts';
import { browserMissing } from '#test/renderer/support/browser.ts';
import { type Opened, useStage } from '#test/renderer/support/stage.ts';

describe('the manager’s pages', needs(browserMissing), () => {
  const stage = useStage();
  const manager = async (): Promise<Opened & { readonly page: Page }> => {
    const opened = await stage.open(scenes['day-ties'].state);
    const { page } = opened.counter;
    await opened.counter.part('open-day').click();
    await opened.counter.part('equation').waitFor();
    return { ...opened, page };
  };
  const last = ({ till }: Opened, method: string) =>
    till.calls.filter((call) => call.method === method).at(-1)?.input;

  test('every number of the day opens the entries behind it', async () => {
    const opened = await manager();
    const { counter } = opened;
    for (const [part, figure] of [
      ['scan-rate', 'with-member'],
      ['new-members', 'new-members'],
      ['rewards-given', 'discounts'],
      ['points-owed', 'points'],
      ['moved-earned', 'earned'],
      ['moved-redeemed', 'redeemed'],
      ['moved-expired', 'expired'],
      ['moved-other', 'other'],
      ['unproven', 'unproven'],
    ] as const) {
      await counter.part(part).click();
      await counter.part('entry').first().waitFor();
      expect(last(opened, 'manager.entries')).toMatchObject({ filter: { figure } });
      await counter.part('entries-back').click();
      await counter.part('equation').waitFor();
    }
    await counter.part('moved-before').click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({
      filter: { figure: 'points', through: '2026-11-20' },
    });
  });

  test('a till’s row opens that till’s entries, an hour’s row that hour’s', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('till-entries').first().click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({ filter: { till: 't1', hour: null } });
    await counter.part('entries-back').click();
    await counter.part('hour-bar').nth(2).click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({ filter: { hour: 10 } });
    await counter.part('entries-back').click();
    await counter.part('chart-as-table').click();
    await counter.part('hour-entries').first().click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({ filter: { till: null, hour: 8 } });
  });

  test('more entries come a page at a time', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('scan-rate').click();
    await counter.part('entry').first().waitFor();
    const first = await counter.part('entry').count();
    opened.till.script({
      'manager.entries': () => ({
        outcome: 'answered',
        answer: {
          rows: [
            {
              id: 'one-more',
              what: 'sale',
              atMs: 0,
              day: '2026-11-21',
              till: 't1',
              tillName: 'Till 1',
              cashier: null,
              member: null,
              programme: null,
              points: null,
              moneyMinor: 100,
              receipt: null,
            },
          ],
          next: null,
          source: 'server',
        },
      }),
    });
    await counter.part('entries-more').click();
    await expect.poll(() => counter.part('entry').count()).toBe(first + 1);
    expect(await counter.part('entries-more').count()).toBe(0);
  });

  test('an exception is settled with a PIN by touch, and a wrong PIN says what is left', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('tab-exceptions').click();
    await counter.part('way-write-off').click();
    await expect.poll(() => counter.part('settle-confirm').isDisabled()).toBe(true);
    for (const digit of ['1', '4', '7', '0']) await counter.part(`key-${digit}`).click();
    await counter.part('settle-confirm').click();
    await counter.part('settle-problem').waitFor();
    await expect.poll(() => counter.part('settle-problem').textContent()).toContain('4 tries left');
    expect(last(opened, 'manager.settle')).toEqual({
      exception: 'e1',
      way: 'write-off',
      pin: '1470',
      into: null,
    });
    await expect.poll(() => counter.part('manager-pin').inputValue()).toBe('');
  });

  test('an exception is settled by keyboard alone', async () => {
    const opened = await manager();
    const { counter, page, till } = opened;
    await counter.part('tab-exceptions').focus();
    await page.keyboard.press('Enter');
    await counter.part('way-accept').waitFor();
    for (let tabs = 0; tabs < 30; tabs += 1) {
      const part = await page.evaluate(() => document.activeElement?.getAttribute('data-part'));
      if (part === 'way-accept') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await counter.part('settle-confirm').waitFor();
    till.script({
      'manager.settle': () => ({
        outcome: 'refused',
        refusal: { code: 'already-settled', params: { by: 'c2' } },
      }),
    });
    await counter.part('settle-confirm').focus();
    await page.keyboard.press('Space');
    await counter.part('settle-problem').waitFor();
    expect(last(opened, 'manager.settle')).toMatchObject({ way: 'accept', pin: null });
  });

  test('a list of exceptions longer than a page is turned there and back', async () => {
    const opened = await manager();
    const { counter, till } = opened;
    till.script({
      'manager.exceptions': ({ cursor }) => ({
        outcome: 'answered',
        answer: { items: [], open: 60, next: cursor === null ? 'page-2' : null },
      }),
    });
    await counter.part('tab-exceptions').click();
    await counter.part('exceptions-more').click();
    await expect
      .poll(() => last(opened, 'manager.exceptions'))
      .toEqual({ settled: false, cursor: 'page-2' });
    await expect.poll(() => counter.part('exceptions-more').isDisabled()).toBe(true);
    await counter.part('exceptions-before').click();
    await expect
      .poll(() => last(opened, 'manager.exceptions'))
      .toEqual({ settled: false, cursor: null });
  });

  test('what is still to be done stands beside the exceptions until somebody did it', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('tab-exceptions').click();
    await counter.part('exceptions-todo').click();
    await counter.part('note').first().waitFor();
    await expect.poll(() => counter.part('note').first().textContent()).toContain('Ayşe K.');
    await counter.part('note-done').first().click();
    await expect
      .poll(() => last(opened, 'manager.note-done'))
      .toEqual({ id: '0190a1b2-0000-7000-8000-000000000001' });
  });

  test('a member is searched, and points are given with a reason and a PIN', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('tab-members').click();
    await counter.part('member-search').fill('şule');
    await expect
      .poll(() => last(opened, 'manager.members'))
      .toEqual({ text: 'şule', cursor: null });
    await counter.part('member-row').nth(1).click();
    await counter.part('member-adjust').click();
    await counter.part('adjust-points').fill('12a5');
    await expect.poll(() => counter.part('adjust-points').inputValue()).toBe('125');
    await counter.part('adjust-take').click();
    await counter.part('adjust-reason').selectOption('mistake');
    await counter.part('adjust-confirm').click();
    await counter.part('manager-pin').click();
    // As fast as a hand types: faster would be a scanner, and no part of the PIN.
    await counter.type('1470');
    await expect.poll(() => counter.part('manager-pin').inputValue()).toBe('1470');
    await counter.part('adjust-confirm').click();
    await counter.part('member-adjust').waitFor();
    expect(last(opened, 'manager.adjust')).toMatchObject({
      points: -125,
      reason: 'mistake',
      pin: '1470',
    });
  });

  test('each programme is written in what it counts, and points are given in its decimals', async () => {
    const opened = await manager();
    const { counter } = opened;
    const row = async (index: number) => counter.part('programme-row').nth(index).textContent();
    await counter.part('show-by-programme').click();
    await expect.poll(() => row(0)).toContain('412,870');
    expect(await row(1)).toContain('Cashback');
    expect(await row(1)).toMatch(/19,294\.50/u);
    await counter.part('tab-members').click();
    await counter.part('member-row').nth(1).click();
    const facts = counter.part('member-title').locator('xpath=following-sibling::div[1]');
    await expect.poll(() => facts.textContent()).toMatch(/Points1,260.*Cashback.*42\.50/u);
    await counter.part('member-adjust').click();
    expect(await counter.part('adjust-programme').inputValue()).toBe('points');
    await counter.part('adjust-points').fill('12,50');
    await expect.poll(() => counter.part('adjust-confirm').isDisabled()).toBe(true);
    await counter.part('adjust-programme').selectOption('cashback');
    await expect.poll(() => counter.part('adjust-confirm').textContent()).toMatch(/12\.50/u);
    await counter.part('adjust-confirm').click();
    await counter.part('manager-pin').click();
    await counter.type('1470');
    await counter.part('adjust-confirm').click();
    await counter.part('member-adjust').waitFor();
    expect(last(opened, 'manager.adjust')).toMatchObject({ programme: 'cashback', points: 1250 });
  });

  test('days are chosen by one tap or by dates', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('span-open').click();
    await counter.part('span-week').click();
    await expect
      .poll(() => last(opened, 'day'))
      .toEqual({ day: '2026-11-15', through: '2026-11-21', store: null });
    await counter.part('span-open').click();
    await counter.part('span-from').fill('0019-11-19');
    await expect.poll(() => counter.part('span-show').isDisabled()).toBe(true);
    await counter.part('span-from').fill('2026-11-19');
    await counter.part('span-show').click();
    await expect
      .poll(() => last(opened, 'day'))
      .toEqual({ day: '2026-11-19', through: '2026-11-21', store: null });
  });

  test('every loyalty figure opens its members or its entries', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('tab-figures').click();
    for (const group of ['repeat', 'once', 'kept', 'lost', 'buyers', 'coupon-back']) {
      await counter.part(`group-${group}`).click();
      await counter.part('group-row').first().waitFor();
      expect(last(opened, 'manager.group')).toEqual({
        group,
        from: '2026-10-23',
        through: '2026-11-21',
        cursor: null,
      });
      await counter.part('group-back').click();
    }
    await counter.part('figure-redeemed').click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({ filter: { figure: 'redeemed' } });
  });

  test('what nobody was asked is said to have no data, and is not shown as 0', async () => {
    const { counter } = await manager();
    await counter.part('tab-figures').click();
    await counter.part('group-repeat').waitFor();
    const text = (await counter.part('loyalty').textContent()) ?? '';
    expect(text).toContain('no data');
    expect(text).toContain('Nobody was asked yet');
    expect(await counter.part('group-promoters').count()).toBe(0);
  });

  test('a colleague is thanked, and a person’s row opens what they did', async () => {
    const opened = await manager();
    const { counter } = opened;
    await counter.part('tab-staff').click();
    await counter.part('kudos-cashier').selectOption({ index: 1 });
    await counter.part('kudos-reason').selectOption('teamwork');
    await counter.part('kudos-give').click();
    await expect.poll(() => last(opened, 'manager.kudos')).toMatchObject({ reason: 'teamwork' });
    await counter.part('staff-entries').first().click();
    await counter.part('entry').first().waitFor();
    expect(last(opened, 'manager.entries')).toMatchObject({ filter: { cashier: 'c1' } });
  });

  test('a server that cannot be reached is said, and asked again on a tap', async () => {
    const opened = await manager();
    const { counter, till } = opened;
    till.script({
      'manager.exceptions': () => ({
        outcome: 'refused',
        refusal: { code: 'offline-manager', params: {} },
      }),
    });
    await counter.part('tab-exceptions').click();
    await expect
      .poll(() => counter.part('exceptions').textContent())
      .toContain('server cannot be reached');
  });
});
