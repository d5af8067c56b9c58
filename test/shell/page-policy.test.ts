import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '#contract/rpc.ts';
import { createAssets } from '#shell/assets.ts';
import { startWebHost, type Refusal, type WebHost } from '#shell/web/host.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';

/** A page that tries what the policy forbids; `main.js` is the bundle's own script and may run. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Page</title>
<link rel="icon" href="data:,">
<script>window.inlineRan = true</script>
<img src="/missing.png" onerror="window.handlerRan = true">
<p id="styled" style="color: rgb(1, 2, 3)">text</p>
<form action="https://example.com/"><button>Send</button></form>
<script src="/main.js"></script>`;
const SCRIPT = `
window.bundleRan = true;
window.tried = {};
const attempt = (name, deed) => { try { deed(); tried[name] = 'worked'; } catch (error) { tried[name] = error.name; } };
attempt('innerHTML', () => { document.body.innerHTML = '<b>x</b>'; });
attempt('eval', () => { eval('1'); });
attempt('Function', () => { new Function('return 1')(); });
attempt('policy', () => { trustedTypes.createPolicy('mine', { createHTML: (text) => text }); });
`;

let browser: Browser | null = null;
let folder: string;
let host: WebHost | null = null;
const refusals: Refusal[] = [];
let connected = 0;
let neighbour: string;
const neighbourServer = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(
    `<!doctype html><title>Neighbour</title><iframe src="http://127.0.0.1:${host?.port}/">`,
  );
});

beforeAll(async () => {
  if (chromiumPath === null) return;
  folder = mkdtempSync(join(tmpdir(), 'regulars-policy-'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'main.js'), SCRIPT);
  browser = await launchChromium(['--host-resolver-rules=MAP attacker.example 127.0.0.1']);
  host = await startWebHost({
    assets: createAssets(folder),
    port: null,
    onChannel(channel) {
      connected += 1;
      const served = serve({ calls: {}, events: {} }, channel, {}, () => undefined);
      return () => served.close();
    },
    onLink: () => undefined,
    onRefusal: (reason) => void refusals.push(reason),
  });
  await new Promise<void>((resolve) => neighbourServer.listen(0, '127.0.0.1', resolve));
  neighbour = `http://127.0.0.1:${(neighbourServer.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  neighbourServer.close();
  if (chromiumPath !== null) rmSync(folder, { recursive: true });
});
beforeEach((context) => context.skip(chromiumPath === null, NO_CHROMIUM));

async function newPage(): Promise<Page> {
  const context = await browser?.newContext();
  if (context === undefined) throw new Error(NO_CHROMIUM);
  return context.newPage();
}

/** Opens a WebSocket from the page; 'open' or 'refused'. */
const trySocket = (page: Page, url: string): Promise<string> =>
  page.evaluate(
    (address) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      }),
    url,
  );

describe('the page in a real browser', () => {
  it('runs the bundle’s script and nothing that is written into the page', async () => {
    const page = await newPage();
    await page.goto(host?.link() ?? '');
    expect(page.url()).toBe(`http://127.0.0.1:${host?.port}/`);
    const ran = await page.evaluate(() => ({
      bundle: Reflect.get(window, 'bundleRan'),
      inline: Reflect.get(window, 'inlineRan'),
      handler: Reflect.get(window, 'handlerRan'),
      tried: Reflect.get(window, 'tried'),
      colour: getComputedStyle(document.querySelector('#styled') ?? document.body).color,
    }));
    expect(ran).toEqual({
      bundle: true,
      inline: undefined,
      handler: undefined,
      tried: {
        innerHTML: 'TypeError',
        eval: 'EvalError',
        Function: 'EvalError',
        policy: 'TypeError',
      },
      colour: 'rgb(0, 0, 0)',
    });
    await page.context().close();
  });

  it('talks to its own till and to nobody else', async () => {
    const page = await newPage();
    await page.goto(host?.link() ?? '');
    const before = connected;
    expect(await trySocket(page, `ws://127.0.0.1:${host?.port}/channel`)).toBe('open');
    expect(connected).toBe(before + 1);
    const fetched = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        () => 'refused',
      ),
    );
    expect(fetched).toBe('refused');
    const violated = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) =>
            resolve(event.violatedDirective),
          );
          document.querySelector('form')?.requestSubmit();
        }),
    );
    expect(violated).toBe('form-action');
    await page.context().close();
  });

  it('is not shown, framed or connected to under a foreign name', async () => {
    const page = await newPage();
    await page.goto(host?.link() ?? '');
    refusals.length = 0;
    const rebound = await page.goto(`http://attacker.example:${host?.port}/`);
    expect(rebound?.status()).toBe(421);
    expect(await trySocket(page, `ws://attacker.example:${host?.port}/channel`)).toBe('refused');
    expect(refusals).toContain('wrong-host');

    // Another program of this machine: the browser counts it as the same site and sends our cookie.
    await page.goto(neighbour);
    const before = connected;
    expect(await trySocket(page, `ws://127.0.0.1:${host?.port}/channel`)).toBe('refused');
    expect(refusals).toContain('wrong-origin');
    expect(connected).toBe(before);
    const framed = page.frames()[1];
    expect(await framed?.evaluate(() => Reflect.get(window, 'bundleRan'))).toBeUndefined();
    await page.context().close();
  });
});
