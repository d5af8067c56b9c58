import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runTillToEnd } from '#test/e2e/support/launch-till.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-take-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a data folder that cannot be used', () => {
  const paths: [string, () => string][] = [
    [
      'a file',
      () => {
        writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file');
      },
    ],
    [
      'a folder whose lock nobody can open',
      () => {
        mkdirSync(join(folder, 'data', 'instance.lock'), { recursive: true });
        return join(folder, 'data');
      },
    ],
    ['a name too long', () => join(folder, 'x'.repeat(300))],
  ];

  it.each(paths)('as it is %s, is told in words', async (_what, make) => {
    const dataFolder = make();
    const { code, output } = await runTillToEnd({ dataFolder });
    expect(code).toBe(1);
    expect(output).toContain('The data folder cannot be used. The till cannot write in it.');
    expect(output).toContain(dataFolder);
    expect(output).not.toContain('    at ');
  });
});
