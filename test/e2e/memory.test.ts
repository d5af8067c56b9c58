import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage } from './pages/counter-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { coreHeapBytes, INSPECTED, pageHeapBytes } from './support/heap.ts';
import { launchServer } from './support/launch-server.ts';
import { launchTill } from './support/launch-till.ts';

const WARM_UP_SALES = 200;
/** `npm run test:deep` sells 10,000. */
const SALES = Number(process.env['REGULARS_MEMORY_SALES'] ?? 1000);
/**
 * What a collected heap may grow by after the first 200 sales, however many follow: compiled code and
 * caches. 2 kB kept of each of 800 sales is more, and 160 bytes of each of 9,800.
 */
const FLAT_BYTES = 1_572_864;

/** Sells with a card, goods and a tender; the page draws every step. */
async function sell(counter: CounterSocket, from: number, to: number): Promise<void> {
  for (let sale = from; sale < to; sale += 1) {
    const { number = '' } = sampleCards[sale % sampleCards.length] ?? {};
    await counter.call.scan({ code: { kind: 'card', number, symbology: 'qr' }, source: 'hid' });
    await counter.amount(1000 + sale);
    await counter.settle();
  }
}

it(
  `memory stays flat from sale 200 to sale ${SALES.toLocaleString('en')}, in the page and in the core`,
  { ...needs(chromiumPath === null ? NO_CHROMIUM : null), timeout: 400 * SALES },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-memory-'));
    const server = await launchServer({ dataFolder: join(folder, 'server') });
    const till = await launchTill({
      dataFolder: join(folder, 'till'),
      flags: ['--server', server.url, '--pairing-code', server.pairingCode, '--printer', 'none'],
      nodeFlags: INSPECTED,
    });
    const browser = await launchChromium();
    const behind = await openCounter(till);
    try {
      const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
      await page.goto(till.nextLink());
      await counterPage(page).ready();
      const heaps = async (): Promise<{ readonly core: number; readonly page: number }> => {
        // What waits for the server or the printer is no leak.
        await expect
          .poll(async () => (await behind.state()).link.waiting, { timeout: 120_000 })
          .toBe(0);
        return { core: await coreHeapBytes(till), page: await pageHeapBytes(page) };
      };
      await sell(behind, 0, WARM_UP_SALES);
      const before = await heaps();
      await sell(behind, WARM_UP_SALES, SALES);
      const after = await heaps();
      expect(after.core - before.core).toBeLessThan(FLAT_BYTES);
      expect(after.page - before.page).toBeLessThan(FLAT_BYTES);
    } finally {
      behind.end();
      await browser.close();
      await till.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
