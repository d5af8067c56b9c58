import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleCards } from '#server/demo/demo.ts';
import { endProcess } from '#test/e2e/support/collect-output.ts';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { openTillSocket, type TillSocket } from '#test/e2e/support/till-socket.ts';
import { alive, childrenOf, commandOf } from './support/processes.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..');
const mainModule = join(root, 'src/shell/web/main.ts');
const startScript = join(root, 'scripts/start.mjs');
let dataFolder: string;
let started: ChildProcess | null;
let till: LaunchedTill | null;
let socket: TillSocket | null;

beforeEach((context) => {
  context.skip(process.platform !== 'linux', 'children are counted in /proc, which is Linux’s');
  dataFolder = mkdtempSync(join(tmpdir(), 'regulars-stopping-'));
  started = till = socket = null;
});
afterEach(async () => {
  socket?.end();
  started?.kill('SIGKILL');
  await till?.kill();
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

/** A till with its own server, and a page on it. */
async function launch(): Promise<{ till: LaunchedTill; page: TillSocket }> {
  till = await launchTill({ dataFolder });
  socket = await openTillSocket(till.link);
  return { till, page: socket };
}

const online = async (page: TillSocket): Promise<boolean> =>
  (await page.call.state(null)).link.state === 'online';

const serverOf = (pid: number): number | undefined =>
  childrenOf(pid).find((child) => commandOf(child).includes('server/main.ts'));

/** The till without waiting for anything it says; no channel to this process. */
function startOnly(): ChildProcess {
  started = spawn(process.execPath, [mainModule, '--data', dataFolder, '--web', '--no-open'], {
    stdio: 'ignore',
  });
  return started;
}

describe('stopping a till', () => {
  it('does not wait for the lease of a reward on the open sale', async () => {
    const { till: running, page } = await launch();
    await until(() => online(page));
    const code = { kind: 'card', number: sampleCards[0]?.number ?? '', symbology: 'ean' } as const;
    await page.call.scan({ code, source: 'keyboard' });
    await page.call['basket.add-amount']({ amountMinor: 50_000, quantityMilli: 1000 });
    let reward: string | undefined;
    await until(async () => {
      const { offers } = await page.call.state(null);
      reward = offers.find(({ state }) => state === 'available')?.reward;
      return reward !== undefined;
    });
    expect(await page.call['reward.toggle']({ reward: reward ?? '' })).toEqual({ outcome: 'done' });
    const children = childrenOf(running.pid);
    expect(await running.stop()).toBe(0);
    expect(running.output()).not.toContain('something was left running');
    expect(children.filter(alive)).toEqual([]);
  });

  it('ends in order with a server that hangs', async () => {
    const { till: running, page } = await launch();
    await until(() => online(page));
    const children = childrenOf(running.pid);
    process.kill(serverOf(running.pid) ?? 0, 'SIGSTOP');
    await page.call['basket.add-amount']({ amountMinor: 50_000, quantityMilli: 1000 });
    const { saleId } = (await page.call.state(null)).basket;
    await page.call['sale.settle']({ saleId, tender: 'cash' });
    expect(await running.stop()).toBe(0);
    expect(children.filter(alive)).toEqual([]);
  });

  it('ends a first start that waits for a server that hangs', async () => {
    const child = startOnly();
    const pid = child.pid ?? 0;
    await until(() => serverOf(pid) !== undefined);
    const server = serverOf(pid) ?? 0;
    process.kill(server, 'SIGSTOP');
    expect(await endProcess(child, 'SIGTERM', 20_000)).toBe(0);
    expect(alive(server)).toBe(false);
  });

  it('leaves no process behind when it is killed while its processes start', async () => {
    const child = startOnly();
    const pid = child.pid ?? 0;
    await until(() => serverOf(pid) !== undefined);
    const server = serverOf(pid) ?? 0;
    await endProcess(child, 'SIGKILL', 20_000);
    await until(() => !alive(server));
  });
});

describe('npm start', () => {
  it('ends when npm is ended by anything but Ctrl+C, which only its shell hears of', async () => {
    // As npm does it: a shell between npm and the program, which passes no signal on.
    const command = `"${process.execPath}" "${startScript}" --data "${dataFolder}" --web --no-open; true`;
    const shell = spawn('sh', ['-c', command], {
      stdio: 'ignore',
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    started = shell;
    const below = (pid: number): number[] =>
      childrenOf(pid).flatMap((child) => [child, ...below(child)]);
    await until(() => below(shell.pid ?? 0).some((pid) => commandOf(pid).includes('server/main')));
    const family = below(shell.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(3);
    await endProcess(shell, 'SIGTERM', 20_000);
    await until(() => !family.some(alive));
  });
});

describe('a server that is killed under a running till', () => {
  it('is started again, and the till goes offline and online without a word', async () => {
    const { till: running, page } = await launch();
    await until(() => online(page));
    process.kill(serverOf(running.pid) ?? 0, 'SIGKILL');
    await until(async () => !(await online(page)));
    await page.call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    const { saleId } = (await page.call.state(null)).basket;
    const settled = await page.call['sale.settle']({ saleId, tender: 'cash' });
    expect(settled).toEqual({ outcome: 'done' });
    await until(async () => {
      const { link } = await page.call.state(null);
      return link.state === 'online' && link.waiting === 0;
    });
    const log = readFileSync(join(dataFolder, 'log', 'till.log'), 'utf8');
    expect(log).toContain('"restartInMs":500');
    expect((await page.call.day({ day: null })).totals).toMatchObject({ sales: 1 });
  });
});
