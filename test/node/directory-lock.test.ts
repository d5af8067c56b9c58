import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLocked, lockDirectory } from '#node/directory-lock.ts';

let parent = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'regulars-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

/** Another process that takes the lock, forgets what it was given, and lives until it is killed. */
async function holder(directory: string) {
  const script = `
    import { isLocked, lockDirectory } from '#node/directory-lock.ts';
    const said = isLocked(lockDirectory(process.argv[1])) ? 'locked' : 'held';
    setInterval(() => {}, 1000);
    setTimeout(() => {
      gc();
      process.stdout.write(said);
    }, 1);`;
  const options = ['--expose-gc', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, [...options, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString() };
}

test('a second taker in the same process is refused and told by whom', () => {
  const first = lockDirectory(join(parent, 'data'));
  expect(isLocked(first)).toBe(true);
  expect(lockDirectory(join(parent, 'data'))).toEqual({ heldByPid: process.pid });
  if (isLocked(first)) first.release();
  const third = lockDirectory(join(parent, 'data'));
  expect(isLocked(third)).toBe(true);
  if (isLocked(third)) third.release();
});

test('a live process keeps its lock, even one it lost sight of, and its death frees it at once', async () => {
  const directory = join(parent, 'data');
  const { child, said } = await holder(directory);
  expect(said).toBe('locked');
  expect(lockDirectory(directory)).toEqual({ heldByPid: child.pid });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const mine = lockDirectory(directory);
  expect(isLocked(mine)).toBe(true);
  expect(readFileSync(`${directory}.lock-pid`, 'utf8')).toBe(`${process.pid}\n`);
  if (isLocked(mine)) mine.release();
});

test('two directories are two locks', () => {
  const locks = ['a', 'b'].map((name) => lockDirectory(join(parent, name)));
  expect(locks.map(isLocked)).toEqual([true, true]);
  for (const lock of locks) if (isLocked(lock)) lock.release();
});
