import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { collectOutput, endProcess } from './collect-output.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const PIECE_BYTES = 4096;

/** Why no small disk can be had here; null where it can. */
export const noSmallDisk: string | null = ((): string | null => {
  if (process.getuid?.() !== 0) return 'a small disk needs root';
  const probe = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt'], {
    stdio: 'ignore',
  });
  return probe.status === 0 ? null : 'unshare -m with a tmpfs mount is not possible here';
})();

/** A till whose data folder is a small disk of its own, seen by no other process. */
export interface SmallDiskTill {
  readonly link: string;
  output(): string;
  /** Fills the disk to the last block. */
  fill(): void;
  /** Makes room again. */
  empty(): void;
  stop(): Promise<void>;
}

/** Starts the web shell with `mount` as its data folder, on a disk of so many mebibytes. */
export async function launchOnSmallDisk(
  mount: string,
  mebibytes: number,
  flags: readonly string[],
): Promise<SmallDiskTill> {
  mkdirSync(mount, { recursive: true });
  const program = [join(root, 'src/shell/web/main.ts'), '--data', mount, '--web', '--no-open'];
  const script = `mount -t tmpfs -o size=${mebibytes}m none "${mount}" && exec "$0" "$@"`;
  const child: ChildProcess = spawn(
    'unshare',
    ['-m', 'sh', '-c', script, process.execPath, ...program, ...flags],
    // The channel says nothing; it ends with this process, and the other one with it.
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  child.channel?.unref();
  const written = collectOutput(child, 'till on a small disk');
  const ready = await written.waitFor(/^Till ready at (\S+)$/m, READY_TIMEOUT_MS);
  // The mount is only in the till's own view of the files.
  const filler = join('/proc', String(child.pid), 'root', mount, 'filler');
  return {
    link: ready[1] ?? '',
    output: written.text,
    fill() {
      const file = openSync(filler, 'a');
      const piece = Buffer.alloc(PIECE_BYTES, 1);
      try {
        for (;;) writeSync(file, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    async stop() {
      await endProcess(child, 'SIGINT', STOP_TIMEOUT_MS);
    },
  };
}
