import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian's package puts what is loaded in front of the C library. */
const PRELOADED = ['/usr/lib/fiu/fiu_run_preload.so', '/usr/lib/fiu/fiu_posix_preload.so'];
const APT_TIMEOUT_MS = 60_000;

/** What a disk may answer, as libfiu names the call and Linux numbers the error. */
export const diskErrors = {
  'fsync EIO': 'name=posix/io/sync/fsync,failinfo=5',
  'write EIO': 'name=posix/io/rw/pwrite,failinfo=5',
  'write ENOSPC': 'name=posix/io/rw/pwrite,failinfo=28',
} as const;

let asked: string | null | undefined;

/** Why no disk can be made to fail; null where it can. As root on Debian libfiu is installed, once. */
export function noFiu(): string | null {
  if (asked === undefined) asked = findFiu();
  return asked;
}

function findFiu(): string | null {
  if (process.platform !== 'linux') return 'needs libfiu, which is for Linux';
  if (PRELOADED.every((path) => existsSync(path))) return null;
  if (process.getuid?.() === 0) {
    const options = {
      stdio: 'ignore',
      timeout: APT_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'fiu-utils'];
    if (spawnSync('apt-get', install, options).status !== 0) {
      spawnSync('apt-get', ['update', '-qq'], options);
      spawnSync('apt-get', install, options);
    }
    if (PRELOADED.every((path) => existsSync(path))) return null;
  }
  return 'needs libfiu (Debian: fiu-utils), which is not here or cannot be installed';
}

/** The environment of a process whose disk fails so often; `probability` from 0 to 1. */
export function failingDisk(
  error: keyof typeof diskErrors,
  probability: number,
): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: PRELOADED.join(' '),
    FIU_ENABLE: `enable_random ${diskErrors[error]},probability=${probability}`,
  };
}
