import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { putAway } from './support/rest.ts';

const POLL = { timeout: 30_000 };
const cardOf = (name: string): string =>
  sampleCards.find((sample) => sample.name.startsWith(name))?.number ?? '';
const MEHMET = '5321110002';
const arabicIndic = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? digit);

/** A value once it stays: points set aside ahead of need arrive in two steps. */
async function steady<Value>(read: () => Promise<Value>): Promise<Value> {
  let last = await read();
  let same = 0;
  for (let look = 0; look < 60 && same < 4; look += 1) {
    await new Promise((next) => setTimeout(next, 500));
    const now = await read();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Checks of counter.md §8 that no other test shows, on the real program. Each begins with nothing on the counter. */
describe('the counter, check by check', needs(chromiumPath === null ? NO_CHROMIUM : null), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let page: Page;
  let counter: CounterPage;
  let behind: CounterSocket;

  const launch = async (): Promise<void> => {
    till = await launchTill({ dataFolder: folder });
    await page.goto(till.nextLink());
    await counter.ready();
    behind = await openCounter(till, page);
    await behind.synced();
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-counter-'));
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    counter = counterPage(page);
    await launch();
  });
  afterAll(async () => {
    behind?.end();
    await browser?.close();
    await till?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => putAway(counter, behind));

  /** The till's rows as they lie on the disk. */
  const journal = (): readonly unknown[] => {
    const file = readdirSync(join(folder, 'till')).find((name) => /\.(?:db|sqlite)$/.test(name));
    const database = new Database(join(folder, 'till', file ?? ''), { readonly: true });
    try {
      return database.prepare('SELECT * FROM journal ORDER BY seq').all();
    } finally {
      database.close();
    }
  };
  const receiptOf = async (saleId: string) =>
    (await behind.call['receipt.view']({ saleId }))?.document.lines ?? [];
  /** Which points a member's ledger holds, by the manager's list of entries. */
  const ledger = async (member: string): Promise<readonly unknown[]> => {
    const filter = { kind: 'member', member } as const;
    const answer = await behind.call['manager.entries']({ filter, cursor: null });
    if (answer.outcome !== 'answered') throw new Error(JSON.stringify(answer));
    return answer.answer.rows;
  };

  it('check 4: no dialog opens on the way to a settled sale, earning, redeeming or joining', async () => {
    await page.evaluate(() => {
      const seen = window as Window & { dialogs?: string[] };
      seen.dialogs = [];
      const kinds = 'dialog, [role="dialog"], [role="alertdialog"], [aria-modal="true"]';
      new MutationObserver(() => {
        for (const element of document.querySelectorAll(kinds))
          seen.dialogs?.push(element.outerHTML.slice(0, 80));
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await counter.scan(cardOf('Elif'));
    await behind.becomes({ member: { displayName: 'Elif Ş.' } });
    await counter.addAmount('12000');
    await counter.settle('card');
    await behind.synced();
    await behind.card('Elif');
    await counter.addAmount('12000');
    await counter.tapReward('fifty-off');
    await behind.becomes({ basket: { rewards: [{}] } });
    await counter.settle('cash');
    await counter.addAmount('3000');
    await counter.enrol({ phone: null, ofAge: true, consents: [] });
    await counter.settle('cash');
    expect(await page.evaluate(() => (window as Window & { dialogs?: string[] }).dialogs)).toEqual(
      [],
    );
    await page.evaluate(() => document.body.append(document.createElement('dialog')));
    await expect
      .poll(() => page.evaluate(() => (window as Window & { dialogs?: string[] }).dialogs?.length))
      .toBeGreaterThan(0);
    await page.evaluate(() => document.querySelector('dialog')?.remove());
  });

  it('check 7: a second card swaps the member, and Undo brings the first back with the same rewards', async () => {
    const rewards = (): Promise<readonly string[]> =>
      counter
        .part('reward')
        .evaluateAll((shown) =>
          shown.map((reward) => `${reward.getAttribute('data-reward')}: ${reward.textContent}`),
        );
    await counter.addAmount('20000');
    await behind.card('James');
    await expect.poll(async () => (await rewards()).length, POLL).toBeGreaterThan(0);
    await expect.poll(() => counter.memberName(), POLL).toContain('James');
    const before = await rewards();
    await counter.scan(cardOf('Mehmet'));
    await behind.becomes({ member: { displayName: 'Mehmet D.' } });
    await expect.poll(rewards, POLL).not.toEqual(before);
    await counter.part('member-undo').click();
    await behind.becomes({ member: { displayName: 'James M.' }, basket: { totalMinor: 20_000 } });
    await expect.poll(rewards, POLL).toEqual(before);
  });

  it('check 8: a basket cleared with a reward on it leaves the points and the ledger as they were', async () => {
    await behind.card('James');
    await counter.addAmount('20000');
    const before = await steady(() => behind.available());
    const member = (await behind.state()).member?.member ?? '';
    const entries = await ledger(member);
    await counter.tapReward('fifty-off');
    await behind.becomes({ basket: { rewards: [{}] } });
    await expect.poll(() => behind.available(), POLL).toBeLessThan(before ?? 0);
    await counter.part('action-clear').click();
    await behind.becomes({ basket: { lines: [] } });
    await expect.poll(() => behind.available(), POLL).toBe(before);
    await behind.synced();
    await expect.poll(() => ledger(member), POLL).toEqual(entries);
  });

  it.each([
    ['with a nought', `0${MEHMET}`],
    ['without one', MEHMET],
    ['with + and the country', `+90${MEHMET}`],
    ['with 00 and the country', `0090${MEHMET}`],
    ['in Arabic-Indic digits', arabicIndic(`0${MEHMET}`)],
  ])('check 13: a number typed %s finds the same member', async (_, typed) => {
    for (const character of typed) {
      await page.evaluate((key) => {
        const event = { key, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new KeyboardEvent('keydown', event));
        document.body.dispatchEvent(new KeyboardEvent('keyup', event));
      }, character);
      await page.waitForTimeout(120);
    }
    await page.keyboard.press('Enter');
    await behind.becomes({ member: { displayName: 'Mehmet D.', masked: '··02' } });
  });

  it('check 13: a landline takes no SMS, says so, and offers none', async () => {
    await counter.part('action-enrol').click();
    await counter.type('02121234567');
    await counter.part('enrol-next').click();
    await counter.part('enrol-shopper').waitFor();
    await counter.part('enrol-age-yes').click();
    await expect.poll(() => counter.part('enrol-shopper').textContent()).toContain('SMS');
    expect(await counter.part('consent-sms').count()).toBe(0);
    await counter.part('enrol-decline').click();
  });

  it('check 22: the receipt has the total before the points, the screen’s figures, and the sale’s code; its copy the same', async () => {
    await behind.card('Elif');
    await counter.addAmount('20000');
    await counter.tapReward('fifty-off');
    await behind.becomes({ basket: { rewards: [{}] } });
    const shown = await behind.state();
    const { saleId, balance } = await counter.settle('cash');
    const lines = await receiptOf(saleId);
    const at = (wanted: RegExp): number =>
      lines.findIndex((line) => line.kind !== 'qr' && wanted.test(JSON.stringify(line)));
    expect(at(/Toplam/)).toBeGreaterThan(-1);
    expect(at(/Toplam/)).toBeLessThan(at(/500 puan/));
    const text = JSON.stringify(lines);
    const whole = (points: number): string => new Intl.NumberFormat('tr-TR').format(points);
    expect(text).toContain((shown.basket.totalMinor / 100).toFixed(2).replace('.', ','));
    expect(text).toContain(whole(shown.basket.earns[0]?.points ?? -1));
    expect(text).toContain(whole(balance ?? -1));
    const { lastSale } = await behind.state();
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: 'qr', content: `R:${lastSale?.receipt}` }),
    );
    await page.keyboard.press('F9');
    await expect.poll(async () => JSON.stringify(await receiptOf(saleId)), POLL).toContain('KOPYA');
    const copy = await receiptOf(saleId);
    const pairs = (document: typeof lines) => document.filter(({ kind }) => kind === 'pair');
    expect(pairs(copy)).toEqual(pairs(lines));
  });

  it('check 23: X stores nothing, Z numbers follow each other, no Z comes twice, a reprint has its figures', async () => {
    const close = async (): Promise<number> => {
      await behind.amount(1000);
      await behind.settle();
      await behind.synced();
      const countedMinor = (await behind.call['shift.figures'](null))?.figures.cashMinor ?? 0;
      const closed = await behind.call['shift.close']({ countedMinor });
      if (closed.outcome !== 'closed') throw new Error(JSON.stringify(closed));
      return closed.figures.number;
    };
    await behind.amount(1000);
    await behind.settle();
    await behind.synced();
    const before = journal();
    expect(before.length).toBeGreaterThan(0);
    await behind.call['shift.figures'](null);
    expect(await behind.call['shift.print-x'](null)).toEqual({ outcome: 'done' });
    expect(journal()).toEqual(before);
    const first = await close();
    const again = await behind.call['shift.close']({ countedMinor: 0 });
    expect(again.outcome).toBe('refused');
    expect(await close()).toBe(first + 1);
    const [z] = await behind.call['shift.reports'](null);
    const pairs = async () => (await receiptOf(z?.tx ?? '')).filter(({ kind }) => kind === 'pair');
    const original = await pairs();
    expect(original.length).toBeGreaterThan(0);
    expect(await behind.call['receipt.reprint']({ saleId: z?.tx ?? '' })).toEqual({
      outcome: 'done',
    });
    await expect
      .poll(async () => JSON.stringify(await receiptOf(z?.tx ?? '')), POLL)
      .toContain('KOPYA');
    expect(await pairs()).toEqual(original);
    const day = await behind.call.day({ day: null });
    for (const {
      opening,
      earned,
      redeemed,
      expired,
      reversed,
      other,
      closing,
      sumOfBalances,
    } of day.points) {
      expect(opening + earned - redeemed - expired + reversed + other).toBe(closing);
      expect(sumOfBalances).toBe(closing);
    }
  });

  it.each([
    ['goods alone', async () => {}],
    ['a member', () => behind.card('Elif')],
    [
      'a number that waits for its proof',
      async () => {
        await behind.call['member.find']({ text: MEHMET });
        await behind.becomes({ member: { proof: 'declared' } });
      },
    ],
    [
      'a reward taken',
      async () => {
        await behind.card('James');
        await counter.tapReward('fifty-off');
        await behind.becomes({ basket: { rewards: [{}] } });
      },
    ],
  ])(
    'check 25: the core is killed with %s on the counter: it is said, and the same sale returns',
    async (_, bring) => {
      await counter.addAmount('20000');
      await bring();
      const before = kept(await behind.state());
      await till.kill();
      await counter.part('core-lost').waitFor();
      behind.end();
      await launch();
      await expect.poll(async () => kept(await behind.state()), POLL).toEqual(before);
      await expect.poll(() => counter.totalMinor()).toBe(before.totalMinor);
      expect(await counter.part('core-lost').count()).toBe(0);
      expect(await counter.part('enrol-phone').count()).toBe(0);
    },
  );
});

/** What a cashier sees of a sale. */
function kept({ basket, member }: TillState) {
  const { saleId, lines, rewards, totalMinor, earns } = basket;
  return { saleId, lines, rewards, totalMinor, earns, member: member?.displayName ?? null };
}
