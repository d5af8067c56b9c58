import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '#node/log.ts';
import { failureOf } from '#server/host-process.ts';
import { startServer, type RunningServer } from '#server/start.ts';
import { meetServer } from '#shell/pinned-server.ts';
import { freePort } from '#test/shell/support/tls-lines.ts';

let folder: string;
let server: RunningServer | null = null;
const lines: string[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-door-'))));
afterEach(async () => {
  await server?.stop();
  server = null;
  lines.length = 0;
  rmSync(folder, { recursive: true, force: true });
});

async function start(host: string, port: number): Promise<RunningServer> {
  server = await startServer({
    directory: join(folder, 'server'),
    databaseUrl: null,
    host: '127.0.0.1',
    port: 0,
    lan: { host, port },
    demo: true,
    shopFile: null,
    pairingCode: 'ABCD2345',
    log: createLog({ write: (line) => void lines.push(line), nowMs: () => 0, fields: {} }),
    onBroken: () => {},
  });
  return server;
}

describe('a server’s door on the shop’s network', () => {
  test('that cannot be opened does not keep the server from its own till', async () => {
    // An address for documentation: no machine has it, as one that was given another since.
    const running = await start('192.0.2.7', await freePort());
    expect(running.lan()).toBeNull();
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    expect(lines.join('\n')).toContain('EADDRNOTAVAIL');
  });

  test('is opened as soon as that is possible', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const running = await start('127.0.0.1', port);
    expect(running.lan()).toBeNull();
    await new Promise((resolve) => other.close(resolve));
    await vi.waitFor(() => expect(running.lan()?.port).toBe(port), { timeout: 30_000 });
    const url = new URL(`https://127.0.0.1:${port}`);
    expect(await meetServer(url, running.lan()?.key ?? '', 5000)).toMatchObject({ ok: true });
  });

  test.each(['', '{"certificate":"x","privateKey":"y"}'])(
    'is not opened under another key where the kept one is %j, and says what to do',
    async (text) => {
      await (await start('127.0.0.1', await freePort())).stop();
      server = null;
      const path = join(folder, 'server', 'lan-identity.json');
      writeFileSync(path, text, { mode: 0o600 });
      const error = await start('127.0.0.1', await freePort()).catch((thrown: unknown) => thrown);
      expect(failureOf(error)).toMatchObject({
        code: 'corrupt',
        detail: expect.stringContaining(`${path} is damaged`),
      });
    },
  );
});
