import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCounter, type CounterSocket } from '#test/e2e/support/counter-socket.ts';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { freePort, manInTheMiddle, tappedWire } from './support/tls-lines.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-lan-'))));
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const INVITATION = /--server (https:\/\/\S+) --pairing-code (\S+)/;

/** What a passer-by must not read: calls, signatures, names of tills and members. */
const READABLE = ['/v1/', 'content-digest', 'signature', 'Back room', 'Ayşe', 'identifierKey'];

async function till(name: string, flags: readonly string[]): Promise<LaunchedTill> {
  const launched = await launchTill({
    dataFolder: join(folder, name),
    flags: [...flags, '--till-name', 'Back room'],
  });
  ends.push(() => launched.stop());
  return launched;
}

async function counter(of: LaunchedTill): Promise<CounterSocket> {
  const socket = await openCounter(of);
  ends.push(() => socket.end());
  return socket;
}

/** Points of the member on the sale, those that wait too. */
async function pointsOf(cashier: CounterSocket): Promise<number> {
  const [balance] = (await cashier.state()).member?.balances ?? [];
  return (balance?.posted ?? 0) + (balance?.pending ?? 0);
}

describe('a second till on the shop’s network', () => {
  it('joins the first one’s server over a wire nobody can read, and no other server', async () => {
    const port = await freePort();
    const lan = ['--lan', '--lan-host', '127.0.0.1', '--lan-port', String(port)];
    const first = await till('first', lan);
    const [, address = '', code = ''] = await first.waitForOutput(INVITATION);
    expect(address).toBe(`https://127.0.0.1:${port}`);
    const identity = join(folder, 'first', 'server', 'lan-identity.json');
    expect(statSync(identity).mode & 0o077).toBe(0);

    let target = port;
    const wire = await tappedWire(() => target);
    const middle = await manInTheMiddle(() => port);
    ends.push(
      () => wire.close(),
      () => middle.close(),
    );
    const at = (line: { readonly port: number }): string[] => [
      '--server',
      `https://127.0.0.1:${line.port}`,
    ];

    const deceived = await till('deceived', [...at(middle), '--pairing-code', code]);
    expect(deceived.state).toBe('problem');
    expect(deceived.output()).toContain('not the server the pairing code came from');
    expect(middle.heard().length).toBe(0);
    const last = code.endsWith('0') ? '1' : '0';
    const mistyped = await till('mistyped', [
      ...at(wire),
      '--pairing-code',
      code.slice(0, -1) + last,
    ]);
    expect(mistyped.output()).toContain('a wrong character in it');

    const second = await till('second', [...at(wire), '--pairing-code', code]);
    expect(second.output()).toContain('Till ready');
    const cashier = await counter(second);
    await cashier.synced();
    await cashier.card('Ayşe');
    const before = await pointsOf(cashier);
    await cashier.amount(10_000);
    await cashier.settle();
    await cashier.synced();
    const colleague = await counter(first);
    await vi.waitFor(
      async () => {
        await colleague.card('Ayşe');
        expect(await pointsOf(colleague)).toBeGreaterThan(before);
      },
      { timeout: 30_000, interval: 500 },
    );
    const heard = wire.heard();
    expect(heard.length).toBeGreaterThan(10_000);
    expect(READABLE.filter((text) => heard.includes(text))).toEqual([]);

    // Another server at the same address: sold is on, and nothing is said to it.
    target = middle.port;
    await first.stop();
    await cashier.becomes({
      link: { state: 'offline', problem: 'wrong-key' },
      notice: { message: { code: 'wrong-server-key' } },
    });
    await cashier.amount(500);
    await cashier.settle();
    expect(middle.heard().length).toBe(0);

    // The same server after a restart: its key is the same, and the second till needs no code.
    const kept = readFileSync(identity, 'utf8');
    target = port;
    const again = await till('first', lan);
    await again.waitForOutput(INVITATION);
    expect(readFileSync(identity, 'utf8')).toBe(kept);
    await cashier.synced();
    await second.stop();
    const later = await till('second', at(wire));
    expect(later.state).toBe('ready');
    await (await counter(later)).synced();
  });
});
