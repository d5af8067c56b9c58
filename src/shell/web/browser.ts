import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** In the order they are tried; `CHROMIUM_PATH` comes before all of them. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
];
const MAC_APPS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** What finding and opening a browser needs to know of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where users have no numbers. */
  readonly userId: number | null;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    userId: process.getuid?.() ?? null,
  };
}

/** Path of a Chromium that can show the till as an app; null where there is none. */
export function findChromium({ platform, env }: Machine): string | null {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const windows = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map(
      (path) => join(env[variable] ?? 'C:\\', path),
    ),
  );
  const candidates = [
    ...(env['CHROMIUM_PATH'] === undefined ? [] : [env['CHROMIUM_PATH']]),
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(platform === 'darwin' ? MAC_APPS : []),
    ...(platform === 'win32' ? windows : []),
  ];
  return candidates.find(isExecutable) ?? null;
}

/** True where a window can be seen at all. */
export function hasScreen({ platform, env }: Machine): boolean {
  if (platform !== 'linux') return true;
  return (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/** Chromium's arguments for a window that is the till and nothing else. */
export function chromiumArguments(
  link: string,
  profileFolder: string,
  kiosk: boolean,
  machine: Machine,
): readonly string[] {
  return [
    `--app=${link}`,
    // A profile of the till's own: no extensions, no history, no other cookies.
    `--user-data-dir=${profileFolder}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-pinch',
    '--overscroll-history-navigation=0',
    ...(kiosk ? ['--kiosk'] : []),
    // Chromium refuses to start as root with its sandbox; a shop does not run the till as root.
    ...(machine.platform === 'linux' && machine.userId === 0 ? ['--no-sandbox'] : []),
  ];
}

/** A browser that was opened for the till. */
export interface OpenedBrowser {
  readonly kind: 'chromium' | 'default-browser';
  /** Closes the till's own window; a person's default browser is left alone. */
  close(): void;
}

/**
 * Opens the link: Chromium as an app where there is one, else the default browser.
 *
 * Returns null where there is no screen to open it on.
 */
export function openBrowser(
  link: string,
  profileFolder: string,
  kiosk: boolean,
  machine: Machine,
): OpenedBrowser | null {
  if (!hasScreen(machine)) return null;
  const chromium = findChromium(machine);
  if (chromium !== null) {
    const child = start(chromium, chromiumArguments(link, profileFolder, kiosk, machine));
    return { kind: 'chromium', close: () => void child.kill('SIGTERM') };
  }
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [command, ...args] = openers[machine.platform] ?? ['xdg-open'];
  start(command, [...args, link]);
  return { kind: 'default-browser', close: () => undefined };
}

/** Detached: Ctrl+C is for the till, which closes its window when everything is saved. */
function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return child;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
