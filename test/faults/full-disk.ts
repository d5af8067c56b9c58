import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noSmallDisk } from '#test/e2e/support/small-disk.ts';
import { openVerdict, type Fault } from './fault.ts';
import { withFolder } from './support/folder.ts';

const CHILD = join(import.meta.dirname, 'support', 'full-server-child.ts');
const DISK_MEBIBYTES = 200;
const STARTS_MAX = 600;

/** A disk that fills up under a server with the embedded database. */
export const fullDiskAtServer: Fault = {
  name: 'full-disk-server',
  promise:
    'a full disk under the embedded server: what was acknowledged is there, and with room again it goes on',
  full: 200,
  short: 25,
  missing: () => noSmallDisk,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const disk = join(folder, 'disk');
  const record = join(folder, 'record.txt');
  mkdirSync(disk);
  // A server that must be started again is: on the same disk, which only this namespace has.
  const script = `mount -t tmpfs -o size=${DISK_MEBIBYTES}m none "${disk}"
    for start in $(seq ${STARTS_MAX}); do
      "$0" "$@"; code=$?
      [ $code -eq 75 ] || exit $code
    done
    exit 1`;
  const child = spawn(
    'unshare',
    ['-m', 'sh', '-c', script, process.execPath, CHILD, disk, record, String(rounds)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = readFileSync(record, 'utf8').split('\n');
  const count = (start: string): number => lines.filter((line) => line.startsWith(start)).length;
  verdict.count('acknowledged pushes', count('ack '));
  verdict.count('times full', count('full'));
  verdict.expect(code === 0, `the server ended with ${code}: ${said.slice(-1000)}`);
  verdict.expect(count('full') > rounds / 2, 'the disk was not full often enough');
  verdict.expect(count('ack ') > rounds, 'too few entries were acknowledged to prove anything');
  for (const lost of lines.filter((line) => line.startsWith('lost '))) verdict.expect(false, lost);
  return verdict.outcome();
}
