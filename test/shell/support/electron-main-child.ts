import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Runs Electron's main process, as it is bundled, in Node against a fake Electron, and reports.
 *
 * `electron-main-child.ts MAIN ROOT FLAGS`: the flags are the person's.
 */
const [mainPath = '', root = '', ...flags] = process.argv.slice(2);
const fakeUrl = new URL('./fake-electron.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    if (!/^electron\/(main|common)$/.test(specifier)) return next(specifier, context);
    return { url: fakeUrl, shortCircuit: true };
  },
});
process.argv = [process.execPath, root, ...flags];

const fake = await import('./fake-electron.ts');
// Hangs, as Electron would, where the module waits for `ready` before it has been evaluated.
await import(pathToFileURL(mainPath).href);
const beforeReady = fake.calls.map(([name]) => name);
fake.becomeReady();

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
await until(() => fake.calls.some(([name]) => name === 'window.show'));
const contents = fake.windows[0]?.webContents;
const sender = { id: 1 };
const send = (id: number, url: string): boolean =>
  fake.ipcMain.emit(
    'till-frame',
    { sender, senderFrame: { url, parent: null } },
    JSON.stringify({ id, method: 'state', input: null }),
  );
send(1, 'https://example.com/');
send(2, 'till://app/');
const answered = (id: number): boolean =>
  contents?.frames.some((frame) => frame.startsWith(`{"id":${id},"ok":true`)) ?? false;
await until(() => answered(2));

// The window on the second screen speaks the shopper's contract and not the cashier's.
await until(() => fake.calls.some(([name]) => name === 'window.showInactive'));
const display = fake.windows[1]?.webContents;
const sendFromDisplay = (id: number, method: string, input: unknown): boolean =>
  fake.ipcMain.emit(
    'till-frame',
    { sender: { id: 2 }, senderFrame: { url: 'till://app/display.html', parent: null } },
    JSON.stringify({ id, method, input }),
  );
sendFromDisplay(10, 'state', null);
sendFromDisplay(11, 'basket.clear', null);
const displayFrame = (id: number): string | undefined =>
  display?.frames.find((frame) => frame.startsWith(`{"id":${id},`));
await until(() => displayFrame(10) !== undefined && displayFrame(11) !== undefined);

const page = await fake.handlers.protocol?.(new Request('till://app/'));
const escape = await fake.handlers.protocol?.(new Request('till://app/..%2f..%2fpackage.json'));
contents?.emit('render-process-gone', {}, { reason: 'crashed' });
send(3, 'till://app/');
await until(() => answered(3));
fake.app.quit();
await until(() => fake.calls.some(([name]) => name === 'app.quit'));

process.stdout.write(
  `RESULT ${JSON.stringify({
    beforeReady,
    calls: fake.calls.map(([name]) => name),
    options: fake.calls.find(([name]) => name === 'new BrowserWindow')?.[1],
    url: fake.calls.find(([name]) => name === 'window.loadURL')?.[1],
    strangerAnswered: answered(1),
    opening: fake.handlers.openWindow?.(),
    page: { status: page?.status, text: await page?.text() },
    policy: page?.headers.get('content-security-policy'),
    escape: escape?.status,
    display: {
      url: fake.calls.filter(([name]) => name === 'window.loadURL')[1]?.[1],
      state: displayFrame(10),
      cashierCall: displayFrame(11),
    },
  })}\n`,
  () => process.exit(0),
);
