import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { dayPage } from './pages/day-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchServer, type LaunchedServer } from './support/launch-server.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { putAway } from './support/rest.ts';

const POLL = { timeout: 30_000 };
/** What lies in the drawer before the first sale. */
const floatMinor = 50_000;
const [, mehmet = '', elif = ''] = sampleCards.map(({ number }) => number);

/** The tests run in order and build on each other. */
interface Stage {
  readonly folder: string;
  readonly browser: Browser;
  readonly till: LaunchedTill;
  readonly screen: CounterPage;
  /** Looks at the core behind the screen; does nothing. */
  readonly behind: CounterSocket;
  server: LaunchedServer;
}

const missing = chromiumPath === null ? NO_CHROMIUM : null;

describe('a stranger at the till', needs(missing), () => {
  let stage: Stage;
  /** Code of the sale that is brought back. */
  let bought = '';

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-walk-'));
    const server = await launchServer({ dataFolder: join(folder, 'server') });
    const till = await launchTill({
      dataFolder: join(folder, 'till'),
      flags: ['--server', server.url, '--pairing-code', server.pairingCode],
    });
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    await page.goto(till.link);
    const screen = counterPage(page);
    await screen.ready();
    const behind = await openCounter(till, page);
    await behind.synced();
    stage = { folder, browser, till, screen, behind, server };
  });

  afterAll(async () => {
    stage.behind.end();
    await stage.browser.close();
    await stage.till.stop();
    await stage.server.stop();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  afterEach(() => putAway(stage.screen, stage.behind));

  const part = (name: string): ReturnType<CounterPage['part']> => stage.screen.part(name);
  const state = (): Promise<TillState> => stage.behind.state();
  const memberIs = (name: string, points: number): Promise<void> =>
    stage.behind.becomes({
      member: { displayName: name, balances: [{ posted: points, available: points }] },
    });
  /** The last receipt as text, one line each. */
  const receipt = async (): Promise<string> => {
    const { lastSale } = await state();
    const viewed = await stage.behind.call['receipt.view']({ saleId: lastSale?.saleId ?? '' });
    const lines = viewed?.document.lines ?? [];
    return lines
      .map((line) => {
        if (line.kind === 'pair') return `${line.start} ${line.end}`;
        if (line.kind === 'text') return line.text;
        return 'content' in line ? line.content : '';
      })
      .join('\n');
  };
  /** Until it counts: the same code within 1.5 s of its last reading is a second reading. */
  const scanUntil = async (code: string, done: (now: TillState) => boolean): Promise<void> => {
    await expect
      .poll(
        async () => {
          if (!done(await state())) await stage.screen.scan(code);
          return done(await state());
        },
        { ...POLL, interval: 400 },
      )
      .toBe(true);
  };

  it('opens the shift with the float that was counted', async () => {
    await stage.screen.openDay();
    await dayPage(stage.screen.page).openShift(String(floatMinor));
    await stage.behind.becomes({ shift: { sales: 0, isFloatCounted: true } });
  });

  it('joins with a number in Turkey: it is only declared, so nothing is earned and the receipt says how to claim', async () => {
    await stage.screen.addAmount('12345');
    await stage.screen.enrol({ phone: '5321234567', ofAge: true, consents: [], name: 'Fatma Gül' });
    await stage.behind.becomes({
      member: { displayName: 'Fatma G.', proof: 'declared', state: 'waiting-for-proof' },
      basket: { earns: [], claimable: true },
    });
    expect(await stage.screen.settle('cash')).toMatchObject({ earned: 0, balance: 0 });
    const { lastSale } = await state();
    const text = await receipt();
    expect(text).toContain('Sizi bekleyen 123 puan');
    expect(text).toContain('Gümüş üyeliğe kalan 500 puan');
    expect(text).toContain(`R:${lastSale?.receipt}`);
  });

  it('types the number of a member: the points wait, and receipt and card together claim them', async () => {
    await stage.screen.addAmount('20000');
    await stage.screen.enter('5321110002');
    await stage.behind.becomes({ member: { displayName: 'Mehmet D.', proof: 'declared' } });
    expect(await stage.screen.settle('card')).toMatchObject({ earned: 0, balance: 48 });
    const token = (await state()).lastSale?.receipt ?? '';
    await scanUntil(`R:${token}`, ({ returning }) => returning !== null);
    await scanUntil(mehmet, ({ member }) => member !== null);
    await part('claim').click();
    await stage.behind.becomes({
      notice: { message: { code: 'claimed', params: { points: 200 } } },
    });
    await stage.behind.synced();
    await memberIs('Mehmet D.', 248);
    // The same paper claims once.
    expect(await stage.behind.call['claim.commit']({ receipt: token })).toMatchObject({
      refusal: { code: 'claim-already-claimed' },
    });
  });

  it('finds the member a number belongs to instead of making a twin', async () => {
    await part('action-enrol').click();
    await stage.screen.type('5321110003');
    await part('enrol-next').click();
    await part('enrol-use-existing').click();
    await memberIs('Elif Ş.', 1260);
  });

  it('gives an under-age shopper a card without a number, which earns', async () => {
    await stage.screen.addAmount('5000');
    await stage.screen.enrol({ phone: null, ofAge: false, consents: [] });
    await stage.behind.becomes({ member: { displayName: null, proof: 'presented' } });
    expect(await stage.screen.settle('cash')).toMatchObject({ earned: 50, balance: 50 });
  });

  it('puts a reward on and off, and spends it: every figure is the one computed by hand', async () => {
    await scanUntil(elif, ({ member }) => member !== null);
    await stage.screen.scan('8690000000012');
    await stage.behind.becomes({ basket: { totalMinor: 9500 } });
    await stage.screen.scan('8690000000111');
    // 95.00 + 40.00, Gold earns 1.25 per 1.00, rounded down.
    await stage.behind.becomes({ basket: { totalMinor: 13_500, earns: [{ points: 168 }] } });
    await stage.screen.tapReward('fifty-off');
    await stage.behind.becomes({
      basket: { totalMinor: 8500, rewards: [{ points: 500 }] },
      member: { balances: [{ available: 760 }] },
    });
    const others = (await state()).offers.filter(({ reward }) => reward !== 'fifty-off');
    expect(others.map(({ reason }) => reason?.code)).toEqual(
      others.map(() => 'another-reward-applied'),
    );
    await stage.screen.tapReward('fifty-off');
    await stage.behind.becomes({ basket: { totalMinor: 13_500, rewards: [] } });
    await memberIs('Elif Ş.', 1260);
    await stage.screen.tapReward('fifty-off');
    await stage.behind.becomes({ basket: { totalMinor: 8500 } });
    expect(await stage.screen.settle('cash')).toMatchObject({ earned: 168, balance: 928 });
    bought = (await state()).lastSale?.receipt ?? '';
    const text = await receipt();
    for (const line of [
      '50,00 indirim -50,00',
      'Toplam 85,00 TL',
      '500 puan = 50,00 TL',
      '2.372 puan',
    ])
      expect(text).toContain(line);
  });

  it('swaps the member for another card and back, with the same sale', async () => {
    await stage.screen.addAmount('1000');
    await scanUntil(mehmet, ({ member }) => member?.displayName === 'Mehmet D.');
    await scanUntil(elif, ({ member }) => member?.displayName === 'Elif Ş.');
    await part('member-undo').click();
    await stage.behind.becomes({
      member: { displayName: 'Mehmet D.' },
      basket: { totalMinor: 1000, earns: [{ points: 10 }] },
    });
  });

  it('takes the goods back in two parts while the server is dead, to the same points as before', async () => {
    await stage.behind.synced();
    await stage.server.kill();
    const back = async (line: number): Promise<void> => {
      await scanUntil(`R:${bought}`, ({ returning }) => returning !== null);
      await part('return-line').nth(line).click();
      await stage.behind.becomes({ returning: { lines: { [line]: { chosenMilli: 1000 } } } });
      await part('refund').click();
      await part('refund-confirm').click();
      await stage.behind.becomes({ returning: null, lastSale: { kind: 'return' } });
    };
    try {
      await stage.behind.becomes({ link: { state: 'offline' } });
      await back(0);
      // 95.00 − 35.19; 40.00 still earns 50; of 500 points, 149 stay with 40.00.
      expect((await state()).lastSale).toMatchObject({ totalMinor: 5981, balanceAfter: 1161 });
      expect(await receipt()).toContain('351 puan');
      await back(1);
      expect((await state()).lastSale).toMatchObject({ totalMinor: 2519, balanceAfter: 1260 });
    } finally {
      stage.server = await launchServer({
        dataFolder: join(stage.folder, 'server'),
        port: stage.server.port,
      });
    }
    await stage.behind.synced();
    await scanUntil(elif, ({ member }) => member !== null);
    await memberIs('Elif Ş.', 1260);
  });

  it('prints the last receipt again as a copy', async () => {
    await stage.screen.addAmount('2500');
    await stage.screen.settle('card');
    await part('action-reprint').click();
    await expect.poll(receipt, POLL).toContain('KOPYA');
    await expect.poll(receipt, POLL).toContain('Toplam 25,00 TL');
  });

  it('closes the day: books, shift and drawer say what the walk took', async () => {
    await stage.behind.synced();
    await stage.screen.openDay();
    const day = dayPage(stage.screen.page);
    await expect.poll(() => day.source()).toBe('server');
    await expect.poll(() => day.ties()).toBe(true);
    expect(await stage.behind.call.day({ day: null })).toMatchObject({
      totals: {
        sales: 5,
        salesTotalMinor: 12_345 + 20_000 + 5000 + 8500 + 2500,
        returns: 2,
        returnsMinor: 8500,
        earned: 200 + 50 + 168,
        redeemed: 500,
        newMembers: 2,
      },
      points: [{ reversed: 500 - 168 }],
      exceptions: [],
    });
    const cashMinor = 12_345 + 5000 + 8500 - 8500;
    const tenders = { cashMinor: 12_345 + 5000 + 8500, cardMinor: 20_000 + 2500 };
    expect(await stage.behind.call['shift.figures'](null)).toMatchObject({
      figures: { floatMinor, tenders, returnsMinor: 8500, cashMinor },
    });
    expect(await day.closeShift(String(floatMinor + cashMinor))).toBe(1);
    await expect.poll(() => part('z-difference').getAttribute('data-tone'), POLL).toBe('ok');
    await stage.behind.becomes({ shift: null });
  });
});
