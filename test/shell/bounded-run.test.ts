import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '#test/support/needs.ts';

const run = promisify(execFile);
const bounded = join(import.meta.dirname, '..', '..', 'scripts', 'bounded-run.mjs');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-bounded-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What a run of this script under the bounds gives back, and the PID of the child it left. */
async function outcome(
  script: string,
  limits: { readonly runMs?: number; readonly endMs?: number } = {},
): Promise<{ code: number | null; childLives: boolean }> {
  const resultsPath = join(folder, 'results.json');
  const program = `
    const { runBounded } = await import(${JSON.stringify(bounded)});
    const code = await runBounded(['--input-type=module', '--eval', ${JSON.stringify(script)}, ${JSON.stringify(folder)}],
      { resultsPath: ${JSON.stringify(resultsPath)}, env: {}, ...${JSON.stringify(limits)} });
    const { readFileSync } = await import('node:fs');
    const pid = Number(readFileSync(${JSON.stringify(join(folder, 'pid'))}, 'utf8'));
    const lives = () => { try { return readFileSync('/proc/' + pid + '/stat', 'utf8').split(' ')[2] !== 'Z'; } catch { return false; } };
    for (let look = 0; lives() && look < 2000; look += 1) await new Promise((next) => setTimeout(next, 10));
    console.log(JSON.stringify({ code, childLives: lives() }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Awaited<ReturnType<typeof outcome>>;
}

const leavesChild = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const folder = process.argv[1];
  const child = spawn('sleep', ['60'], { stdio: 'inherit', detached: true });
  writeFileSync(folder + '/pid', String(child.pid));
  const results = () => writeFileSync(folder + '/results.json', '{}');`;

describe('a test run', needs(process.platform === 'linux' ? null : 'no /proc here'), () => {
  it('that ends leaves no process behind', async () => {
    const script = `${leavesChild} results(); child.unref(); process.exitCode = 3;`;
    expect(await outcome(script)).toEqual({ code: 3, childLives: false });
  });

  it('that does not end after its results is cut, and what it started with it', async () => {
    const script = `${leavesChild} results(); setInterval(() => {}, 1000);`;
    expect(await outcome(script, { endMs: 300 })).toEqual({ code: null, childLives: false });
  });

  it('that never writes results is cut at its limit', async () => {
    const script = `${leavesChild} setInterval(() => {}, 1000);`;
    expect(await outcome(script, { runMs: 5000 })).toEqual({ code: null, childLives: false });
  });
});
