import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { needs } from '#test/support/needs.ts';
import { aDay } from '#test/renderer/gallery/day-fixture.ts';
import { scenes } from '#test/renderer/gallery/scenes.ts';
import { browserMissing } from '#test/renderer/support/browser.ts';
import { type Opened, useStage } from '#test/renderer/support/stage.ts';

describe('the manager’s files and paper', needs(browserMissing), () => {
  const stage = useStage();
  const reports = async (): Promise<Opened & { readonly page: Page }> => {
    const opened = await stage.open(scenes['day-ties'].state);
    const { page } = opened.counter;
    await opened.counter.part('open-day').click();
    await opened.counter.part('tab-reports').click();
    await opened.counter.part('export-figures').waitFor();
    return { ...opened, page };
  };
  const saved = async (page: Page, press: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    return {
      name: download.suggestedFilename(),
      text: readFileSync(await download.path(), 'utf8'),
    };
  };

  test('the figures come as a CSV file that a spreadsheet takes for UTF-8', async () => {
    const { counter, page } = await reports();
    const { name, text } = await saved(page, () => counter.part('export-figures').click());
    expect(name).toBe('regulars-day-2026-11-21.csv');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const { totals, points } = aDay();
    expect(text).toContain(`Sold,${totals.salesTotalMinor / 100},`);
    expect(text).toContain(`Points,${points[0]?.opening},${points[0]?.earned},-5900,-760,-25,`);
    expect(text.split('\r\n').length).toBeGreaterThan(20);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('all entries come in one file, every page of them, and nothing that runs as a formula', async () => {
    const { counter, page, till } = await reports();
    const row = (id: string, name: string) => ({
      id,
      what: 'earn' as const,
      atMs: 0,
      day: '2026-11-21',
      till: 't1',
      tillName: 'Till 1',
      cashier: null,
      member: { member: 'm1', name },
      programme: 'points',
      points: -5,
      moneyMinor: null,
      receipt: null,
    });
    till.script({
      'manager.entries': ({ cursor }) => ({
        outcome: 'answered',
        answer:
          cursor === null
            ? { rows: [row('a', '=HYPERLINK("http://x")')], next: 'page-2', source: 'server' }
            : { rows: [row('b', 'Şule I.')], next: null, source: 'server' },
      }),
    });
    const { name, text } = await saved(page, () => counter.part('export-entries').click());
    expect(name).toBe('regulars-entries-2026-11-21.csv');
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).toContain('Şule I.,Points,-5,\r\n');
    expect(text.trim().split('\r\n')).toHaveLength(3);
  });

  test('where a page of entries does not come, no half file is saved', async () => {
    const { counter, page, till } = await reports();
    till.script({
      'manager.entries': ({ cursor }) =>
        cursor === null
          ? { outcome: 'answered', answer: { rows: [], next: 'more', source: 'server' } }
          : { outcome: 'refused', refusal: { code: 'offline-manager', params: {} } },
    });
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    await counter.part('export-entries').click();
    await counter.part('export-problem').waitFor();
    expect(downloads).toEqual([]);
  });

  test('the printed page is A4, has the figures and nothing of the screen', async () => {
    const { page } = await reports();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#root').isVisible()).toBe(false);
    const sheet = page.locator('[data-part="print-sheet"]');
    await expect.poll(() => sheet.isVisible()).toBe(true);
    const text = await sheet.innerText();
    for (const figure of ['398,215', '412,870', '21,340', '₺47,310.00', 'Till 3', '12:00'])
      expect(text).toContain(figure);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    expect(boxes.length).toBeGreaterThanOrEqual(1);
    expect(boxes.length).toBeLessThanOrEqual(2);
    for (const [, width, height] of boxes) {
      expect(Math.round(Number(width))).toBe(595);
      expect(Math.round(Number(height))).toBe(842);
    }
    // Nothing leaves the paper: 184 mm are left between the margins.
    const wide = await sheet.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });

  test('X is printed as it stands, a Z again by its transaction', async () => {
    const { counter, till } = await reports();
    // An open day is asked for again now and then, whatever is printed meanwhile.
    const printed = () =>
      till.calls.filter(({ method }) => ['shift.print-x', 'receipt.reprint'].includes(method));
    await counter.part('report-print').click();
    await counter.part('report-told').waitFor();
    expect(printed()).toEqual([{ method: 'shift.print-x', input: null }]);
    await counter.part('shift-report').nth(1).click();
    await counter.part('report-print').click();
    await expect
      .poll(() => printed().slice(1))
      .toEqual([
        {
          method: 'receipt.reprint',
          input: { saleId: '0190a1b2-0000-7000-8000-000000000009' },
        },
      ]);
  });
});
