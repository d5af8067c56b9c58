import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, FRAME_LENGTH_MAX, serve, type Channel, type Contract } from '#contract/rpc.ts';
import { exposeBridge } from '#shell/electron/bridge.ts';
import { ipcChannel, type ReceivedEvent } from '#shell/electron/ipc.ts';
import { isPageUrl, PAGE_URL } from '#shell/electron/page-address.ts';

const contract = {
  calls: { double: { input: z.int(), output: z.int() } },
  events: { tick: z.int() },
} as const satisfies Contract;

/** Electron between a preload and a main process, as far as frames go. */
function fakeElectron() {
  const main = new EventEmitter();
  const renderer = new EventEmitter();
  const worlds: Record<string, unknown> = {};
  const page: ReceivedEvent = { sender: { id: 4 }, senderFrame: { url: PAGE_URL, parent: null } };
  const contents = {
    id: 4,
    destroyed: false,
    isDestroyed: (): boolean => contents.destroyed,
    send: (channel: string, frame: string): void => void renderer.emit(channel, {}, frame),
  };
  exposeBridge(
    { exposeInMainWorld: (key, api) => void (worlds[key] = api) },
    {
      send: (channel, frame) => void main.emit(channel, page, frame),
      on: (channel, listener) => renderer.on(channel, listener),
      removeListener: (channel, listener) => renderer.removeListener(channel, listener),
    },
  );
  return { main, renderer, contents, page, bridge: worlds['tillBridge'] as Channel, worlds };
}

const never = (): (() => void) => () => undefined;

describe('preload and main', () => {
  it('carry calls and events between page and core', async () => {
    const { main, contents, bridge } = fakeElectron();
    const served = serve(contract, ipcChannel(main, contents), { double: (n) => n * 2 }, never);
    const till = connect(contract, bridge, never);
    const ticks: number[] = [];
    const off = till.on('tick', (tick) => void ticks.push(tick));
    expect(await till.call.double(21)).toBe(42);
    served.emit('tick', 1);
    off();
    served.emit('tick', 2);
    expect(ticks).toEqual([1]);
    await expect(till.call.double(0.5)).rejects.toThrow('bad-input');
  });

  it('give the page two functions and nothing of Electron', () => {
    const { worlds, renderer, bridge } = fakeElectron();
    expect(Object.keys(worlds)).toEqual(['tillBridge']);
    expect(Object.keys(bridge).toSorted()).toEqual(['onFrame', 'send']);
    const received: unknown[][] = [];
    bridge.onFrame((...args: unknown[]) => void received.push(args));
    renderer.emit('till-frame', { sender: 'ipcRenderer' }, 'frame');
    renderer.emit('till-frame', {}, { not: 'a text' });
    expect(received).toEqual([['frame']]);
  });

  it('stop listening when asked, and send nothing to a window that is gone', () => {
    const { main, renderer, contents, bridge } = fakeElectron();
    const channel = ipcChannel(main, contents);
    channel.onFrame(() => undefined)();
    bridge.onFrame(() => undefined)();
    expect([main.listenerCount('till-frame'), renderer.listenerCount('till-frame')]).toEqual([
      0, 0,
    ]);
    const frames: string[] = [];
    bridge.onFrame((frame) => void frames.push(frame));
    contents.destroyed = true;
    channel.send('late');
    expect(frames).toEqual([]);
  });

  it('ignore every sender but the page itself', () => {
    const { main, contents, page } = fakeElectron();
    const frames: string[] = [];
    ipcChannel(main, contents).onFrame((frame) => void frames.push(frame));
    const sent = (event: ReceivedEvent, frame: unknown): void =>
      void main.emit('till-frame', event, frame);
    sent({ ...page, sender: { id: 5 } }, 'another window');
    sent({ ...page, senderFrame: null }, 'a frame that is gone');
    sent({ ...page, senderFrame: { url: PAGE_URL, parent: {} } }, 'a frame in the page');
    for (const url of [
      'file:///etc/passwd',
      'data:text/html,x',
      'https://app/',
      'till://other/',
      '',
    ]) {
      sent({ ...page, senderFrame: { url, parent: null } }, `from ${url}`);
    }
    sent(page, { not: 'a text' });
    sent(page, 'x'.repeat(FRAME_LENGTH_MAX + 1));
    sent(page, 'ours');
    expect(frames).toEqual(['ours']);
  });

  it('tell our address from all others by protocol and host', () => {
    expect(['till://app/', 'till://app/index.html#x'].map(isPageUrl)).toEqual([true, true]);
    const others = [
      'till://app.evil/',
      'till://evil/app',
      'tills://app/',
      'file:///app',
      'about:blank',
    ];
    expect(others.map(isPageUrl)).toEqual(others.map(() => false));
  });
});
