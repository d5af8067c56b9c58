import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ownArguments } from '#shell/electron/arguments.ts';
import { keepUpdated } from '#shell/electron/updates.ts';

function updating() {
  const deeds: string[] = [];
  let tick: () => void = () => undefined;
  const state = { shiftOpen: true };
  const updater = Object.assign(new EventEmitter(), {
    autoDownload: false,
    autoInstallOnAppQuit: true,
    checkForUpdates: async () => void deeds.push('check'),
    quitAndInstall: () => void deeds.push('install'),
  });
  const end = keepUpdated({
    updater,
    shiftOpen: () => state.shiftOpen,
    stopTill: async () => void deeds.push('stop till'),
    report: () => void deeds.push('report'),
    every(_intervalMs, run) {
      tick = run;
      return () => void deeds.push('ended');
    },
  });
  return { updater, deeds, state, tick: () => tick(), end };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('updates', () => {
  it('are installed only when no shift is open, after the till has stopped, once', async () => {
    const { updater, deeds, state, tick, end } = updating();
    updater.emit('update-downloaded');
    tick();
    await settled();
    expect(deeds).toEqual(['check']);
    state.shiftOpen = false;
    tick();
    tick();
    await settled();
    expect(deeds).toEqual(['check', 'stop till', 'install']);
    end();
    expect(deeds.at(-1)).toBe('ended');
  });

  it('are not installed when a cashier only restarts the till', () => {
    expect(updating().updater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: false });
  });

  it('fail quietly', () => {
    const { updater, deeds } = updating();
    updater.emit('error', new Error('no network'));
    expect(deeds).toEqual(['check', 'report']);
  });
});

describe('the arguments of a person', () => {
  it('are told from Electron’s own, in a checkout and installed', () => {
    const tools = ['--inspect=0', '--remote-debugging-port=0', '--no-sandbox'];
    expect(ownArguments(['electron', ...tools, '/checkout', '--kiosk'], false)).toEqual([
      '--kiosk',
    ]);
    expect(
      ownArguments(['/opt/regulars', '--no-sandbox', '--no-open', '--port', '1'], true),
    ).toEqual(['--no-open', '--port', '1']);
  });
});
