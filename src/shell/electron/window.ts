import type { BrowserWindowConstructorOptions } from 'electron';
import { isPageUrl } from './page-address.ts';

/** What the window needs to know. */
export interface WindowSettings {
  readonly preloadPath: string;
  readonly kiosk: boolean;
  /** False in the installed program. */
  readonly developerTools: boolean;
}

/** Options of the till's one window. */
export function windowOptions(settings: WindowSettings): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 720,
    // Shown when painted: a cashier never sees a white flash.
    show: false,
    kiosk: settings.kiosk,
    autoHideMenuBar: true,
    title: 'Regulars',
    webPreferences: {
      preload: settings.preloadPath,
      // The page runs in the operating system's sandbox, without Node.
      sandbox: true,
      nodeIntegration: false,
      // The preload's objects and the page's are two worlds; the bridge is all that joins them.
      contextIsolation: true,
      // No web view: nothing is embedded in a till.
      webviewTag: false,
      // Developer tools are a way around every screen; they are not in the installed program.
      devTools: settings.developerTools,
      spellcheck: false,
    },
  };
}

interface Preventable {
  preventDefault(): void;
}

/** What is used of Electron's `WebContents` to lock it. */
export interface LockableContents {
  on(event: 'will-navigate', listener: (details: Preventable & { url: string }) => void): unknown;
  on(event: 'will-redirect', listener: (details: Preventable & { url: string }) => void): unknown;
  on(
    event: 'will-frame-navigate',
    listener: (details: Preventable & { url: string }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  on(event: 'before-input-event', listener: (event: Preventable, input: KeyInput) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void>;
}

/** What is looked at of Electron's `Input`. */
export interface KeyInput {
  readonly type: string;
  readonly key: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
}

/** Keeps the page where it is: no other address, no other window, no reload by a stray key. */
export function lockContents(contents: LockableContents, developerTools: boolean): void {
  const stay = (details: Preventable & { url: string }): void => {
    // A link in a product's name must not turn the till into a browser.
    if (!isPageUrl(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stay);
  // A redirect would be the same by another way.
  contents.on('will-redirect', stay);
  // Frames inside the page go nowhere either.
  contents.on('will-frame-navigate', stay);
  // A web view is a second browser with its own rights.
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // window.open and target=_blank: a till has one window.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('before-input-event', (event, input) => {
    if (isBrowserKey(input, developerTools)) event.preventDefault();
  });
  // Two fingers on a touch screen are an accident, not a wish to zoom.
  contents.setVisualZoomLevelLimits(1, 1).catch(() => undefined);
}

/** Keys that belong to a browser and not to a till: reload, zoom, history, print, developer tools. */
function isBrowserKey(input: KeyInput, developerTools: boolean): boolean {
  if (input.type !== 'keyDown') return false;
  const key = input.key.toLowerCase();
  if (key === 'f12' || (key === 'i' && (input.control || input.meta))) return !developerTools;
  if (key === 'f5' || key === 'f11' || key === 'browserback' || key === 'browserforward')
    return true;
  if (input.alt && (key === 'arrowleft' || key === 'arrowright')) return true;
  return (
    (input.control || input.meta) && ['r', 'w', 'n', 't', 'p', '+', '-', '=', '0'].includes(key)
  );
}

/** What is used of Electron's `Session`. */
export interface LockableSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setDisplayMediaRequestHandler(handler: null): void;
}

/** Refuses every permission a page can ask for: devices live in the device process, nothing here. */
export function lockSession(session: LockableSession): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  // WebHID, WebSerial and WebUSB.
  session.setDevicePermissionHandler(() => false);
  // No handler = no screen capture.
  session.setDisplayMediaRequestHandler(null);
}
