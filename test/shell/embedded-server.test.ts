import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Child, SpawnChild } from '#shell/child.ts';
import { startEmbeddedServer, type EmbeddedServer } from '#shell/embedded-server.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import { alive } from './support/processes.ts';
import { rememberingLog } from './support/quiet-log.ts';

let server: EmbeddedServer | null = null;
afterEach(() => server?.stop());

function start(dataFolder: string, answerWithinMs = 500) {
  const children: Child[] = [];
  const spawn: SpawnChild = (...input) => {
    const child = spawnNodeChild(...input);
    children.push(child);
    return child;
  };
  const log = rememberingLog();
  server = startEmbeddedServer({
    spawn,
    modulePath: join(import.meta.dirname, 'support', 'server-child.ts'),
    dataFolder,
    demo: true,
    log,
    monoMs: () => performance.now(),
    restart: { firstDelayMs: 10, delayMaxMs: 40, steadyAfterMs: 60_000 },
    pulse: { everyMs: 20, answerWithinMs, missedMax: 2 },
  });
  return { server, children, log };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the embedded server', () => {
  it('says where it listens and how to enrol', async () => {
    const { server: running } = start('data');
    expect(running.url()).toBeNull();
    expect(await running.first).toMatchObject({
      kind: 'ready',
      pairingCode: 'ABCD2345',
      sampleCards: [{ number: '2900000000001', name: 'Ada L.' }],
    });
    expect(running.url()?.hostname).toBe('127.0.0.1');
  });

  it('has no address while it is down, and a new one when it is back', async () => {
    const { server: running, children } = start('data');
    await running.first;
    const before = running.url()?.port;
    children[0]?.send('fall over');
    await until(() => running.url() === null);
    await until(() => running.url() !== null);
    expect(running.url()?.port).not.toBe(before);
  });

  it('is not started again when it said why it cannot run', async () => {
    const { server: running, children, log } = start('failing');
    expect(await running.first).toMatchObject({ kind: 'failed', code: 'newer-version' });
    await new Promise<void>((resolve) => void children[0]?.onExit(() => resolve()));
    expect(children.length).toBe(1);
    expect(log.events).not.toContain('process-ended');
  });

  it('is started again when it ended without a word', async () => {
    const { server: running, children } = start('silent');
    expect(await running.first).toMatchObject({ kind: 'failed', code: 'other' });
    await until(() => children.length >= 3);
  });

  it('is started again while another one still holds its directory', async () => {
    const { server: running, children } = start('held');
    expect(await running.first).toMatchObject({ kind: 'failed', code: 'held' });
    await until(() => children.length >= 3);
  });

  it('is killed and started again when it lives and does not answer', async () => {
    const { server: running, children, log } = start('hanging');
    await running.first;
    const first = children[0]?.pid ?? 0;
    await until(() => children.length >= 2);
    expect(log.events).toContain('server-hangs');
    expect(alive(first)).toBe(false);
  });

  it('is left alone while it answers', async () => {
    // On a busy machine it answers late; it hangs only in another test.
    const { server: running, children, log } = start('well', 60_000);
    await running.first;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(children.length).toBe(1);
    expect(log.events).not.toContain('server-hangs');
  });
});
