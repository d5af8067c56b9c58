import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { MIGRATIONS } from '#test/till/support/a-till.ts';
import { eachCut } from './power-cut/cuts.ts';
import { noStrace, traceRun } from './power-cut/strace.ts';
import { withFolder } from './support/folder.ts';

const CHILD = join(import.meta.dirname, 'support', 'updating-child.ts');
const ENTRIES = 30;
const CUTS = 10;

it(
  'a power cut after the program was updated: the copy from before is there, whole',
  needs(noStrace()),
  () =>
    withFolder(async (folder) => {
      const before = join(folder, 'migrations');
      cpSync(MIGRATIONS, before, { recursive: true });
      rmSync(join(before, '0003_counter.sql'));
      const root = join(folder, 'disk');
      mkdirSync(root);
      const acknowledgements = join(folder, 'acknowledged.txt');
      const operations = traceRun({
        module: CHILD,
        arguments: [join(root, 'till'), acknowledgements, before, String(ENTRIES)],
        folder,
        only: [],
      });
      const scratch = join(folder, 'cuts');
      await eachCut({ operations, root, acknowledgements, scratch, count: CUTS }, (cut) => {
        const path = join(cut.folder, 'till', 'backups', 'before-0003.db');
        const copy = new Database(path, { fileMustExist: true });
        expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
        expect(copy.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(ENTRIES);
        copy.close();
      });
    }),
);
