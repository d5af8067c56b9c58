import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { recoveryPolicy } from '#shell/electron/recovery.ts';
import {
  lockContents,
  lockSession,
  windowOptions,
  type LockableContents,
  type LockableSession,
} from '#shell/electron/window.ts';

/** Emits an event as Electron does; true when it was prevented. */
function prevented(contents: EventEmitter, event: string, details: object, more?: object): boolean {
  let stopped = false;
  contents.emit(event, { ...details, preventDefault: () => (stopped = true) }, more);
  return stopped;
}

function lockedContents(developerTools = false) {
  let openHandler: (() => { action: string }) | null = null;
  const zooms: number[][] = [];
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: () => { action: 'deny' }) => void (openHandler = handler),
    async setVisualZoomLevelLimits(minimum: number, maximum: number) {
      zooms.push([minimum, maximum]);
    },
  }) satisfies LockableContents & EventEmitter;
  lockContents(contents, developerTools);
  return { contents, zooms, open: () => openHandler?.() };
}

describe('the till’s window', () => {
  it('shows its page in a sandbox without Node', () => {
    const { webPreferences, kiosk } = windowOptions({
      preloadPath: '/preload.cjs',
      kiosk: true,
      developerTools: false,
    });
    expect(kiosk).toBe(true);
    expect(webPreferences).toEqual({
      preload: '/preload.cjs',
      sandbox: true,
      nodeIntegration: false,
      contextIsolation: true,
      webviewTag: false,
      devTools: false,
      spellcheck: false,
    });
  });

  it('goes to no other address, by link, redirect or frame', () => {
    const { contents } = lockedContents();
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of ['https://example.com/', 'file:///etc/passwd', 'javascript:alert(1)']) {
        expect([event, url, prevented(contents, event, { url })]).toEqual([event, url, true]);
      }
      expect(prevented(contents, event, { url: 'till://app/' })).toBe(false);
    }
  });

  it('opens no second window and no web view', () => {
    const { contents, open } = lockedContents();
    expect(open()).toEqual({ action: 'deny' });
    expect(prevented(contents, 'will-attach-webview', {})).toBe(true);
  });

  it('does not reload, zoom, print or open tools by a key, and lets typing through', () => {
    const { contents, zooms } = lockedContents();
    const press = (key: string, held: object = {}): boolean =>
      prevented(
        contents,
        'before-input-event',
        {},
        {
          type: 'keyDown',
          key,
          control: false,
          meta: false,
          alt: false,
          ...held,
        },
      );
    const browserKeys: [string, object][] = [
      ['F5', {}],
      ['F12', {}],
      ['r', { control: true }],
      ['R', { control: true }],
      ['r', { meta: true }],
      ['+', { control: true }],
      ['i', { control: true }],
      ['p', { control: true }],
      ['w', { control: true }],
      ['ArrowLeft', { alt: true }],
    ];
    for (const [key, held] of browserKeys) expect([key, press(key, held)]).toEqual([key, true]);
    for (const key of ['r', '5', 'Enter', 'ArrowLeft', 'Escape', '+']) {
      expect([key, press(key)]).toEqual([key, false]);
    }
    expect(zooms).toEqual([[1, 1]]);
    expect(
      prevented(
        lockedContents(true).contents,
        'before-input-event',
        {},
        {
          type: 'keyDown',
          key: 'F12',
          control: false,
          meta: false,
          alt: false,
        },
      ),
    ).toBe(false);
  });

  it('refuses every permission, device and screen capture', () => {
    const answers: unknown[] = [];
    lockSession({
      setPermissionRequestHandler(handler) {
        for (const permission of ['media', 'hid', 'serial', 'usb', 'geolocation', 'openExternal']) {
          handler({}, permission, (granted) => void answers.push([permission, granted]));
        }
      },
      setPermissionCheckHandler: (handler) => void answers.push(handler()),
      setDevicePermissionHandler: (handler) => void answers.push(handler()),
      setDisplayMediaRequestHandler: (handler) => void answers.push(handler),
    } satisfies LockableSession);
    expect(answers).toEqual([
      ['media', false],
      ['hid', false],
      ['serial', false],
      ['usb', false],
      ['geolocation', false],
      ['openExternal', false],
      false,
      false,
      null,
    ]);
  });
});

describe('a page that dies', () => {
  it('is reloaded three times in five minutes, then stays down and says so', () => {
    let now = 0;
    const recover = recoveryPolicy(() => now);
    expect([recover(), recover(), recover(), recover()]).toEqual([
      'reload',
      'reload',
      'reload',
      'problem-page',
    ]);
    now = 5 * 60_000;
    expect(recover()).toBe('reload');
  });
});
