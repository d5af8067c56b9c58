import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFileAtomic } from '#node/files.ts';
import { createLog, redact } from '#node/log.ts';
import { readSecrets, writeSecrets } from '#node/secrets.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'regulars-files-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('files', () => {
  test('a replaced file holds the new bytes and leaves nothing beside it', () => {
    const path = join(parent, 'deep', 'file');
    writeFileAtomic(path, 'old');
    writeFileAtomic(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(parent, 'deep'))).toEqual(['file']);
  });

  test('a write that cannot be finished leaves the old file and no rest', () => {
    expect(() => writeFileAtomic(parent, 'a directory is in the way')).toThrow();
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('secrets', () => {
  test('come back as written, and only the owner may read the file', () => {
    const path = join(parent, 'secrets.json');
    expect(readSecrets(path)).toBeNull();
    writeSecrets(path, { key: 'value' });
    expect(readSecrets(path)).toEqual({ key: 'value' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a file that others can read is refused with the command that mends it', () => {
    const path = join(parent, 'secrets.json');
    writeSecrets(path, { key: 'value' });
    chmodSync(path, 0o644);
    expect(() => readSecrets(path)).toThrow(/chmod 600/);
  });

  test('a file that holds something else is refused', () => {
    const path = join(parent, 'secrets.json');
    writeFileSync(path, '{"key":{"nested":1}}', { mode: 0o600 });
    expect(() => readSecrets(path)).toThrow(/does not hold secrets/);
  });
});

describe('log', () => {
  test('a line is JSON with its time, level and fields', () => {
    const lines: string[] = [];
    const log = createLog({
      write: (line) => lines.push(line),
      nowMs: () => 0,
      fields: { role: 'server' },
    });
    log.warn('listening', { port: 80, ready: true });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        at: '1970-01-01T00:00:00.000Z',
        level: 'warn',
        event: 'listening',
        role: 'server',
        port: 80,
        ready: true,
      },
    ]);
  });

  test('no run of twelve or more digits survives, however it is grouped', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 }),
        fc.constantFrom('', ' ', '-', '.'),
        fc.string(),
        (before, digits, separator, after) => {
          const number = digits.join(separator);
          expect(redact(`${before.slice(0, 50)} ${number} ${after}`)).not.toContain(number);
        },
      ),
    );
  });

  test('a long number as a number is taken out too', () => {
    const lines: string[] = [];
    createLog({ write: (line) => lines.push(line), nowMs: () => 0 }).info('x', {
      card: 4_111_111_111_111_111,
    });
    expect(lines[0]).toContain('[redacted]');
  });
});
