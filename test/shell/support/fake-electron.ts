import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

/**
 * Electron's main-process modules as far as `main.ts` uses them, recording what is asked of them.
 *
 * `ready` comes only when `becomeReady` is called: like Electron, after the entry module has been
 * evaluated to its end.
 */
export const calls: [string, ...unknown[]][] = [];
const note =
  (name: string) =>
  (...args: unknown[]): void =>
    void calls.push([name, ...args]);

const ready = Promise.withResolvers<void>();
export const becomeReady = (): void => ready.resolve();

/** What Electron was given to call back. */
export const handlers: {
  protocol?: (request: Request) => Promise<Response>;
  openWindow?: () => { action: string };
} = {};

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  enableSandbox: note('app.enableSandbox'),
  requestSingleInstanceLock: () => true,
  whenReady: () => ready.promise,
  getPath: () => '/nowhere',
  exit: note('app.exit'),
  quit() {
    const event = { prevented: false, preventDefault: () => void (event.prevented = true) };
    app.emit('before-quit', event);
    if (!event.prevented) calls.push(['app.quit']);
  },
});

export const windows: BrowserWindow[] = [];

export class BrowserWindow extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), {
    id: windows.length + 1,
    frames: [] as string[],
    isDestroyed: () => false,
    send: (_channel: string, frame: string) => void this.webContents.frames.push(frame),
    setWindowOpenHandler: (handler: () => { action: string }) =>
      void (handlers.openWindow = handler),
    setVisualZoomLevelLimits: async () => undefined,
    reload: note('contents.reload'),
  });

  constructor(options: unknown) {
    super();
    calls.push(['new BrowserWindow', options]);
    windows.push(this);
  }

  async loadURL(url: string): Promise<void> {
    calls.push(['window.loadURL', url]);
    this.emit('ready-to-show');
  }

  close(): void {
    this.emit('closed');
  }

  showInactive(): void {
    calls.push(['window.showInactive']);
  }

  show(): void {
    calls.push(['window.show']);
  }

  focus(): void {
    calls.push(['window.focus']);
  }
}

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => ({ id: 1, bounds: { x: 0, y: 0, width: 1366, height: 768 } }),
  getAllDisplays: () => [
    screen.getPrimaryDisplay(),
    { id: 2, bounds: { x: 1366, y: 0, width: 1024, height: 600 } },
  ],
});

export const ipcMain = new EventEmitter();
export const Menu = { setApplicationMenu: note('Menu.setApplicationMenu') };
export const powerSaveBlocker = { start: note('powerSaveBlocker.start') };
export const crashReporter = { start: note('crashReporter.start') };
export const dialog = { showErrorBox: note('dialog.showErrorBox') };
export const protocol = {
  registerSchemesAsPrivileged: note('protocol.registerSchemesAsPrivileged'),
  handle(scheme: string, handler: (request: Request) => Promise<Response>) {
    calls.push(['protocol.handle', scheme]);
    handlers.protocol = handler;
  },
};
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => false,
  encryptStringAsync: async (text: string) => Buffer.from(text),
  decryptStringAsync: async (bytes: Buffer) => ({
    result: bytes.toString(),
    shouldReEncrypt: false,
  }),
  getSelectedStorageBackend: () => 'basic_text',
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: note('session.setPermissionRequestHandler'),
    setPermissionCheckHandler: note('session.setPermissionCheckHandler'),
    setDevicePermissionHandler: note('session.setDevicePermissionHandler'),
    setDisplayMediaRequestHandler: note('session.setDisplayMediaRequestHandler'),
  },
};
export const utilityProcess = {
  fork(modulePath: string, args: string[], options: { serviceName: string }) {
    calls.push(['utilityProcess.fork', options.serviceName]);
    const child = fork(modulePath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    return Object.assign(child, {
      postMessage: (message: object) => void (child.connected && child.send(message)),
    });
  },
};
