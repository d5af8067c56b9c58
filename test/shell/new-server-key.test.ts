import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { openCounter, type CounterSocket } from '#test/e2e/support/counter-socket.ts';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { freePort, manInTheMiddle } from './support/tls-lines.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-key-'))));
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function till(name: string, flags: readonly string[]): Promise<LaunchedTill> {
  const launched = await launchTill({ dataFolder: join(folder, name), flags });
  ends.push(() => launched.stop());
  return launched;
}

async function counter(of: LaunchedTill): Promise<CounterSocket> {
  const socket = await openCounter(of);
  ends.push(() => socket.end());
  return socket;
}

describe('a second till whose server lost its key', () => {
  it('brings its sales once it is given a new pairing code, and to nobody else', async () => {
    const port = await freePort();
    const lan = ['--lan', '--lan-host', '127.0.0.1', '--lan-port', String(port)];
    const invitation = /--server (https:\/\/\S+) --pairing-code (\S+)/;
    const first = await till('first', lan);
    const [, address = '', code = ''] = await first.waitForOutput(invitation);
    const second = await till('second', ['--server', address, '--pairing-code', code]);
    await (await counter(second)).synced();
    await first.stop();

    // Put back from a backup that does not have the file, as it is in a new server's folder.
    rmSync(join(folder, 'first', 'server', 'lan-identity.json'));
    const again = await till('first', lan);
    const [, , newCode = ''] = await again.waitForOutput(invitation);
    const cashier = await counter(second);
    await cashier.becomes({ link: { state: 'offline', problem: 'wrong-key' } });
    await cashier.amount(500);
    await cashier.settle();
    await second.stop();

    const middle = await manInTheMiddle(() => port);
    ends.push(() => middle.close());
    const elsewhere = `https://127.0.0.1:${middle.port}`;
    const deceived = await till('second', ['--server', elsewhere, '--pairing-code', newCode]);
    await (await counter(deceived)).becomes({ link: { problem: 'wrong-key', waiting: 1 } });
    await deceived.stop();

    const paired = await till('second', ['--server', address, '--pairing-code', newCode]);
    await (await counter(paired)).synced();
    await paired.stop();
    await (await counter(await till('second', ['--server', address]))).synced();
  });
});
