import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '#shell/data-folder.ts';
import {
  databaseProblem,
  enrolProblem,
  lostFileProblem,
  serverProblem,
} from '#shell/start-problem.ts';
import { runningElsewhere, sampleCardLines } from '#shell/web/messages.ts';

const damage = { code: 'corrupted', detail: 'not a database' } as const;
const unrepaired = [
  { code: 'repair-needs-server', damage, detail: 'unreachable' },
  { code: 'repair-refused', damage, state: 'forked' },
  { code: 'entries-lost', fromSeq: 12, toSeq: 14 },
  { code: 'end-unknown' },
  { code: 'not-the-servers', seq: 12 },
] as const;

describe('what a person is told', () => {
  it('says for every unusable database what happened, what to do, and that nothing was changed', () => {
    const problems = [
      databaseProblem({ code: 'locked', heldByPid: 7 }, '/data'),
      databaseProblem({ code: 'newer-version', found: 9, known: 3 }, '/data'),
      databaseProblem({ code: 'edited-migration', number: 2 }, '/data'),
      databaseProblem({ code: 'corrupted', detail: 'not a database' }, '/data'),
      databaseProblem({ code: 'chain-broken', seq: 12 }, '/data'),
      databaseProblem({ code: 'rolled-back', anchorSeq: 12, headSeq: 9 }, '/data'),
      databaseProblem({ code: 'other-till', till: 'till-9', inc: 1 }, '/data'),
      databaseProblem({ code: 'database-gone' }, '/data'),
      databaseProblem({ code: 'disk-full' }, '/data'),
      databaseProblem({ code: 'no-access', detail: 'EACCES' }, '/data'),
      ...unrepaired.map((problem) => databaseProblem(problem, '/data')),
      lostFileProblem('enrolment.json', '/data'),
      lostFileProblem('key ring', '/data'),
      serverProblem('held', '', '/data'),
      serverProblem('other', '', '/data'),
    ];
    for (const { title, what, next, detail } of problems) {
      expect(title).not.toBe('');
      expect(what).toMatch(/\.$/);
      expect(next.length).toBeGreaterThanOrEqual(2);
      expect(next).toContain('Nothing in the data folder was changed.');
      expect(detail).toContain('/data');
    }
    expect(problems[0]?.what).toContain('process 7');
    expect(problems[5]?.what).toContain('entry 9');
    expect(problems[5]?.what).toContain('entry 12');
  });

  it('says what a till needs to be enrolled', () => {
    const unreachable = { code: 'unreachable', detail: 'ECONNREFUSED' } as const;
    const problems = [
      enrolProblem({ code: 'bad-code' }, 'https://192.0.2.7:7443'),
      enrolProblem({ code: 'wrong-key' }, 'https://192.0.2.7:7443'),
      enrolProblem({ code: 'no-code' }, 'https://example.com'),
      enrolProblem({ code: 'refused', reason: 'code-used' }, 'https://example.com'),
      enrolProblem({ code: 'no-server', problem: unreachable }, 'https://example.com'),
    ];
    expect(problems.map(({ next }) => next.length)).toEqual([2, 2, 2, 2, 2]);
    expect(problems[1]?.what).toContain('Nothing was sent');
    expect(problems[3]?.what).toContain('code-used');
    expect(problems[4]?.detail).toBe('https://example.com: unreachable ECONNREFUSED');
  });

  it('names the running till’s link to whoever may read it', () => {
    const path = mkdtempSync(join(tmpdir(), 'regulars-messages-'));
    const folder = dataFolder(path);
    expect(runningElsewhere(folder, null)).toBe(
      `A till is already running on ${path}. Use its window, or stop it first.`,
    );
    writeFileSync(folder.link, 'http://127.0.0.1:1/open?token=a\n');
    expect(runningElsewhere(folder, 7)).toBe(
      `A till is already running on ${path} (process 7). Open it at http://127.0.0.1:1/open?token=a`,
    );
    rmSync(path, { recursive: true });
  });

  it('lists cards to try, and nothing where there are none', () => {
    expect(sampleCardLines([])).toBe('');
    expect(sampleCardLines([{ number: '2900000010017', name: 'Ayşe Kaya' }])).toBe(
      'Cards to try:\n  2900000010017  Ayşe Kaya\n',
    );
  });
});
