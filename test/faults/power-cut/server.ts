import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '#node/log.ts';
import { hashesOf } from '#test/server/support/archived.ts';
import { unpackTexts } from '#server/posting/archive.ts';
import { openCommandLog } from '#server/commands/command-log.ts';
import type { Command } from '#server/commands/command.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { openVerdict, type Fault, type Verdict } from '#test/faults/fault.ts';
import { expectFolded } from '#test/faults/support/books.ts';
import { withFolder } from '#test/faults/support/folder.ts';
import { eachCut, type Cut } from './cuts.ts';
import { noStrace, traceRun } from './strace.ts';

const CHILD = join(import.meta.dirname, '..', 'support', 'posting-child.ts');
const BATCHES_MIN = 60;
const BATCHES_MAX = 300;
/** Every so many cuts the whole server is built again from its log; it takes a second or two. */
const REBUILD_EVERY = 15;

/** The power goes while a server with the embedded database takes entries. */
export const powerCutAtServer: Fault = {
  name: 'power-cut-server',
  promise:
    'a power cut at any moment at the embedded server: its log has every acknowledged entry, and the database is built again from it',
  full: 300,
  short: 25,
  missing: noStrace,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const root = join(folder, 'disk');
  mkdirSync(root);
  const directory = join(root, 'server');
  const commands = join(directory, 'commands.db');
  const keys = join(directory, 'member-keys.db');
  const acknowledgements = join(folder, 'acknowledged.txt');
  const batches = Math.max(BATCHES_MIN, Math.min(BATCHES_MAX, rounds));
  const operations = traceRun({
    module: CHILD,
    arguments: [directory, acknowledgements, String(batches)],
    folder,
    // PGlite asks the disk for nothing, so after a cut nothing of it may be believed: it is left out.
    only: [
      ...[root, directory, commands, `${commands}-wal`, `${commands}-journal`],
      ...[keys, `${keys}-journal`, acknowledgements],
    ],
  });
  verdict.count('file operations', operations.length);
  let cuts = 0;
  await eachCut(
    { operations, root, acknowledgements, scratch: join(folder, 'cuts'), count: rounds },
    async (cut) => {
      verdict.count('cuts');
      await lookAtLog(verdict, cut);
      if (cuts % REBUILD_EVERY === 0) await lookAtServer(verdict, cut);
      cuts += 1;
    },
  );
  return verdict.outcome();
}

interface Acknowledged {
  readonly till: string;
  readonly seq: number;
  readonly hash: string;
}

function lastAcknowledged({ acknowledged }: Cut): Acknowledged {
  const [till = '', seq = '0', hash = ''] = (acknowledged.at(-1) ?? '').split(' ');
  return { till, seq: Number(seq), hash };
}

async function lookAtLog(verdict: Verdict, cut: Cut): Promise<void> {
  const { seq } = lastAcknowledged(cut);
  try {
    const log = openCommandLog(join(cut.folder, 'server', 'commands.db'));
    let taken = 0;
    for (const { text } of log.after(0)) {
      const command = JSON.parse(text) as Command;
      if (command.kind !== 'push') continue;
      for (const { from, packed } of command.pushes) {
        taken = Math.max(taken, from + unpackTexts(packed).length - 1);
      }
    }
    log.close();
    verdict.expect(taken >= seq, `entry ${seq} was acknowledged, the log ends at ${taken}`);
  } catch (error) {
    verdict.expect(false, `the log does not open: ${String(error)}`);
  }
}

async function lookAtServer(verdict: Verdict, cut: Cut): Promise<void> {
  const { till, seq, hash } = lastAcknowledged(cut);
  const log = createLog({ write: () => undefined, nowMs: () => Date.now() });
  const opened = await openEmbedded(join(cut.folder, 'server'), log);
  try {
    const { database } = opened;
    const known = await hashesOf(database, till);
    verdict.count('servers built again');
    verdict.expect(known.get(seq) === hash, `entry ${seq} was acknowledged and is not there`);
    await expectFolded(verdict, database);
  } finally {
    await opened.close();
  }
}
