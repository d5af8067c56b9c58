import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchServer, type LaunchedServer } from '#test/e2e/support/launch-server.ts';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const running: (LaunchedServer | LaunchedTill)[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-two-'))));
afterEach(async () => {
  for (const process_ of running.splice(0).toReversed()) await process_.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a till of a central server', () => {
  it('joins by a code that lets in one till only, and starts again without it', async () => {
    const server = await launchServer({ dataFolder: join(folder, 'server') });
    running.push(server);
    const flags = ['--server', server.url, '--pairing-code', server.pairingCode];
    const first = await launchTill({ dataFolder: join(folder, 'first'), flags });
    running.push(first);
    expect(first.state).toBe('ready');

    const second = await launchTill({ dataFolder: join(folder, 'second'), flags });
    running.push(second);
    expect(second.state).toBe('problem');
    expect(second.output()).toContain('did not take the pairing code (code-used)');

    await first.stop();
    const again = await launchTill({
      dataFolder: join(folder, 'first'),
      flags: ['--server', server.url],
    });
    running.push(again);
    expect(again.state).toBe('ready');
  });
});
