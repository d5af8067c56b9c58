import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createLog } from '#node/log.ts';
import { hashesOf } from '#test/server/support/archived.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { openShopServer, type WireTill } from '#test/server/support/shop-server.ts';

/**
 * A server whose disk fills up again and again: `full-server-child.ts DISK RECORD ROUNDS`.
 *
 * Each round fills the disk nearly whole, pushes until that fails, makes room and pushes again. The
 * record, on another disk, has a line per acknowledged entry and per round. Ends with 75 where only a
 * new process can go on, as the shell's server would; the last one looks for everything recorded.
 */
const START_AGAIN = 75;
const PIECE_BYTES = 4096;
const FREE_BYTES_MAX = 400_000;
const PUSHES_MAX = 400;
const [disk = '', record = '', rounds = '0'] = process.argv.slice(2);
const filler = join(disk, 'filler');
const note = (line: string): void => appendFileSync(record, `${line}\n`);
const noted = (): string[] => (existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []);
let round = noted().filter((line) => line === 'round').length;
let acknowledged = 0;

rmSync(filler, { force: true });
const log = createLog({ write: () => undefined, nowMs: () => Date.now() });
const opened = await openEmbedded(join(disk, 'server'), log);
const newRef = (kind: string): string =>
  `${kind}_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
const server = await openShopServer(opened.database, { log: opened.log, deps: { newRef } });
const till = await server.join();
let number = process.pid * 100_000;
till.journal.append(txOf((number += 1)), body.enrol(`m-${till.till}`));

while (round < Number(rounds)) {
  round += 1;
  note('round');
  fillBut(Math.random() * FREE_BYTES_MAX);
  let pushes = 0;
  while (pushes < PUSHES_MAX && (await pushOne(till))) pushes += 1;
  note(pushes < PUSHES_MAX ? 'full' : 'never full');
  rmSync(filler, { force: true });
  if (!(await pushOne(till))) {
    // A database that ended has nothing to close; that must not keep the process.
    await opened.close().catch(() => undefined);
    process.exit(START_AGAIN);
  }
}
await lookForAll();
await server.app.close();
await opened.close();

async function pushOne({ journal }: WireTill): Promise<boolean> {
  const from = acknowledged + 1;
  if (journal.entries.length < from || journal.entries.length < 2) {
    const tx = txOf((number += 1));
    journal.append(tx, body.sale(number, `m-${till.till}`), body.earn(`m-${till.till}`, tx, 1));
  }
  try {
    const answer = await till.push(from);
    if (answer.outcome !== 'acknowledged') throw new Error(answer.outcome);
    acknowledged = answer.durableSeq;
    note(`ack ${till.till} ${answer.durableSeq} ${answer.ackHash}`);
    return true;
  } catch {
    return false;
  }
}

async function lookForAll(): Promise<void> {
  const acks = noted().flatMap((line) => {
    const [what, name = '', seq = '', hash = ''] = line.split(' ');
    return what === 'ack' ? [{ name, seq, hash }] : [];
  });
  for (const [name, own] of Map.groupBy(acks, (ack) => ack.name)) {
    const known = await hashesOf(opened.database, name);
    for (const { seq, hash } of own)
      if (known.get(Number(seq)) !== hash) note(`lost ${name} ${seq}`);
  }
}

/** Fills the disk up to so many bytes. */
function fillBut(freeBytes: number): void {
  const { bavail, bsize } = statfsSync(disk);
  const file = openSync(filler, 'w');
  const piece = Buffer.alloc(PIECE_BYTES, 1);
  try {
    for (let left = bavail * bsize - freeBytes; left > 0; left -= PIECE_BYTES) {
      writeSync(file, piece);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}
