import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFile } from '#shell/log-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the log file', () => {
  it('turns over before it is too large, keeps four old files, and is for its owner only', () => {
    const path = join(folder, 'log', 'till.log');
    const write = logFile(path, () => undefined, 100);
    for (let line = 0; line < 100; line += 1) write(`${String(line).padStart(39, '0')}\n`);
    const files = readdirSync(join(folder, 'log')).toSorted();
    expect(files).toEqual(['till.log', 'till.log.1', 'till.log.2', 'till.log.3', 'till.log.4']);
    for (const file of files)
      expect(statSync(join(folder, 'log', file)).size).toBeLessThanOrEqual(100);
    expect(readFileSync(path, 'utf8')).toContain('99\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on where the last run stopped', () => {
    const path = join(folder, 'till.log');
    logFile(path, () => undefined, 100)(`${'a'.repeat(79)}\n`);
    logFile(path, () => undefined, 100)(`${'b'.repeat(79)}\n`);
    expect(readFileSync(path, 'utf8')).toBe(`${'b'.repeat(79)}\n`);
  });

  it('gives the line to the fallback when the disk does not take it', () => {
    const lines: string[] = [];
    const path = join(folder, 'gone', 'till.log');
    const write = logFile(path, (line) => void lines.push(line));
    rmSync(join(folder, 'gone'), { recursive: true });
    write('sale\n');
    expect(lines).toEqual(['sale\n']);
  });
});
