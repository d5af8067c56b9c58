import { once } from 'node:events';
import { connect } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { servePaperPage } from '#hardware/virtual/page-server.ts';
import { svgOf } from '#hardware/virtual/svg.ts';
import { serveVirtualPrinter } from '#hardware/virtual/tcp-server.ts';
import { EPSON_LIKE_80 } from '#hardware/virtual/virtual-printer.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { ascii, bytes } from './workshop.ts';

const why = chromiumPath === null ? NO_CHROMIUM : null;

async function staged() {
  const server = await serveVirtualPrinter({
    ...EPSON_LIKE_80,
    host: '127.0.0.1',
    port: 0,
    onStrip: (strip) => page.show(svgOf(strip).svg),
  });
  const page = await servePaperPage({ printer: server.printer, port: 0, address: 'tcp://here' });
  onTestFinished(async () => {
    await page.close();
    await server.close();
  });
  const socket = connect(server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { server, page, socket };
}
const receipt = bytes(ascii('paper on a page'), '0A 1D 56 00');

describe('the page of a virtual printer', () => {
  it('is for this machine’s own page only', async () => {
    const { page, server } = await staged();
    const post = (headers: Record<string, string>, body = '{"paper":"out"}') =>
      fetch(`${page.url}hand`, { method: 'POST', headers, body });
    expect((await post({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({})).status).toBe(403);
    const origin = page.url.slice(0, -1);
    expect((await post({ origin }, '{"paper":"gone"}')).status).toBe(400);
    expect((await fetch(`${page.url}../etc/passwd`)).status).toBe(404);
    expect(server.printer.mechanism.paper).toBe('ok');
    expect((await post({ origin })).status).toBe(204);
    expect(server.printer.mechanism.paper).toBe('out');
  });

  describe('in Chromium', needs(why), () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    it('shows paper as it comes, and a hand changes the machine', async () => {
      const { page, socket, server } = await staged();
      const shown = await browser.newPage();
      const complaints: string[] = [];
      shown.on('console', (message) => void complaints.push(message.text()));
      await shown.goto(page.url);
      await shown.locator('input[value="ok"]:checked').waitFor();
      socket.write(receipt);
      await shown.getByRole('img', { name: 'Paper 1' }).waitFor();

      await shown.getByLabel('Never reads').check();
      await expect.poll(() => server.printer.mechanism.asleep, { timeout: PATIENCE_MS }).toBe(true);
      socket.write(receipt);
      await shown.waitForTimeout(200);
      expect(await shown.getByRole('img').count()).toBe(1);
      await shown.getByLabel('Never reads').uncheck();
      await shown.getByRole('img', { name: 'Paper 2' }).waitFor();

      await shown.getByLabel('Cover open').check();
      await expect
        .poll(() => server.printer.mechanism.coverOpen, { timeout: PATIENCE_MS })
        .toBe(true);
      server.printer.setMechanism({ coverOpen: false, paper: 'out' });
      page.tell();
      await shown.locator('input[value="out"]:checked').waitFor();
      expect(complaints).toEqual([]);
      // A page that is opened late has what was printed before.
      await shown.reload();
      await shown.getByRole('img', { name: 'Paper 2' }).waitFor();
      await shown.close();
    });
  });
});
