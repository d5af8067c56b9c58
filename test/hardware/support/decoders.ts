import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** One code as an independent decoder named it: `EAN-13`, `QR-Code`, `CODE-128` … */
export interface ReadCode {
  readonly type: string;
  readonly text: string;
}

const PROGRAMS = ['zbarimg', 'dmtxread'] as const;
const PACKAGES = ['zbar-tools', 'dmtx-utils'];
const INSTALL_TIMEOUT_MS = 150_000;
const READ_TIMEOUT_MS = 20_000;
const run = promisify(execFile);

/**
 * Puts the decoders in place where that can be done; else why not, for `needs`.
 *
 * zbar and libdmtx share no line with the printer, with bwip-js or with the project. Debian has both;
 * as root there they are installed, as Chromium is. Elsewhere the person is told.
 */
export async function decodersMissing(): Promise<string | null> {
  if (absent().length === 0) return null;
  const canInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (canInstall) await install();
  const still = absent();
  return still.length === 0
    ? null
    : `${still.join(' and ')} not found: install ${PACKAGES.join(' and ')} and run again`;
}

function absent(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return PROGRAMS.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/** With the lists there are; only when those are too old, with fresh ones. */
async function install(): Promise<void> {
  const options = {
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const packages = ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
  try {
    await run('apt-get', packages, options);
  } catch {
    await run('apt-get', ['update', '-qq'], options)
      .then(() => run('apt-get', packages, options))
      .catch(() => undefined);
  }
}

/** All bar codes and QR codes that zbar finds in a PNG. */
export async function readByZbar(png: Buffer): Promise<readonly ReadCode[]> {
  const printed = await outputFor(png, (file) =>
    run('zbarimg', ['--nodbus', '-q', file], { timeout: READ_TIMEOUT_MS }),
  );
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return { type: line.slice(0, colon), text: line.slice(colon + 1) };
    });
}

/** The Data Matrix that libdmtx finds in a PNG; empty where there is none. */
export function readByDmtx(png: Buffer): Promise<string> {
  return outputFor(png, (file) =>
    run('dmtxread', ['-N1', '-m15000', file], { timeout: READ_TIMEOUT_MS }),
  );
}

/** Both programs end with an error where they find nothing. */
async function outputFor(
  png: Buffer,
  read: (file: string) => Promise<{ readonly stdout: string }>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-codes-'));
  try {
    const file = join(folder, 'paper.png');
    await writeFile(file, png);
    return await read(file).then(
      ({ stdout }) => stdout,
      () => '',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
