import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { sampleCards } from '#server/demo/demo.ts';
import { databaseFiles } from '#sqlite/open.ts';
import { launchServer } from '#test/e2e/support/launch-server.ts';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { openTillSocket, type TillSocket } from '#test/e2e/support/till-socket.ts';

const SALES_PER_ROUND_MAX = 400;
/** The kill comes at any moment of the first few sales after the round's first. */
const KILL_SPREAD_MS = 80;
const FIRST_SALE_TRIES = 2000;
const CATCH_UP_TRIES = 300;
const CATCH_UP_PAUSE_MS = 200;

/** What the rounds came to; the promises are that `lost` is empty and the two totals are equal. */
export interface KillOutcome {
  readonly rounds: number;
  /** Sales whose settling was answered with "done". */
  readonly acknowledged: number;
  /** Acknowledged sales that are not in the till's journal exactly once. */
  readonly lost: readonly string[];
  readonly journal: Totals;
  readonly server: Totals;
}

export interface Totals {
  readonly sales: number;
  readonly totalMinor: number;
}

/**
 * Kills the process that holds the till's core with kill -9 while it settles, again and again.
 *
 * Every round settles as fast as it can until the kill; what was answered must be there afterwards,
 * in the till's file and, after the last round has caught up, in the server's ledger.
 */
export async function killWhileSettling(rounds: number): Promise<KillOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-kill-'));
  const dataFolder = join(folder, 'till');
  const server = await launchServer({ dataFolder: join(folder, 'server') });
  const flags = ['--server', server.url, '--pairing-code', server.pairingCode, '--printer', 'none'];
  const acknowledged: string[] = [];
  let till: LaunchedTill | null = null;
  try {
    for (let round = 0; round < rounds; round += 1) {
      till = await launchTill({ dataFolder, flags });
      const socket = await openTillSocket(till.link);
      const before = acknowledged.length;
      const settling = settleUntilClosed(socket, acknowledged, round);
      await firstSale(() => acknowledged.length > before);
      await sleep(Math.random() * KILL_SPREAD_MS);
      await till.kill();
      await settling;
      socket.end();
    }
    till = await launchTill({ dataFolder, flags });
    const socket = await openTillSocket(till.link);
    const atServer = await caughtUp(socket);
    socket.end();
    await till.stop();
    till = null;
    const file = join(dataFolder, 'till', databaseFiles.database);
    return {
      rounds,
      acknowledged: acknowledged.length,
      ...readJournal(file, acknowledged),
      server: atServer,
    };
  } finally {
    await till?.kill();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstSale(isSettled: () => boolean): Promise<void> {
  for (let count = 0; count < FIRST_SALE_TRIES && !isSettled(); count += 1) await sleep(2);
}

async function settleUntilClosed(
  socket: TillSocket,
  acknowledged: string[],
  round: number,
): Promise<void> {
  const card = sampleCards[round % sampleCards.length]?.number ?? '';
  try {
    for (let count = 0; count < SALES_PER_ROUND_MAX; count += 1) {
      if (count % 2 === 0) {
        const code = { kind: 'card', number: card, symbology: 'ean' } as const;
        await socket.call.scan({ code, source: 'keyboard' });
      }
      await socket.call['basket.add-amount']({ amountMinor: 100 + count, quantityMilli: 1000 });
      const { saleId } = (await socket.call.state(null)).basket;
      const outcome = await socket.call['sale.settle']({ saleId, tender: 'cash' });
      if (outcome.outcome === 'done') acknowledged.push(saleId);
    }
  } catch {
    // The kill: an open call fails as closed, and nothing was promised for it.
  }
}

/** Waits until the server has everything, then reads its day. */
async function caughtUp(socket: TillSocket): Promise<Totals> {
  for (let count = 0; count < CATCH_UP_TRIES; count += 1) {
    const { link } = await socket.call.state(null);
    if (link.state === 'online' && link.waiting === 0) {
      const day = await socket.call.day({ day: null });
      if (day.source === 'server')
        return { sales: day.totals.sales, totalMinor: day.totals.salesTotalMinor };
    }
    await sleep(CATCH_UP_PAUSE_MS);
  }
  throw new Error('The till did not catch up with the server in time.');
}

function readJournal(
  file: string,
  acknowledged: readonly string[],
): { readonly journal: Totals; readonly lost: readonly string[] } {
  const db = new Database(file, { readonly: true });
  const rows = db
    .prepare<[], { tx: string; totalMinor: number }>(
      `SELECT tx, json_extract(text, '$.body.totalMinor') AS totalMinor FROM journal WHERE kind = 'sale'`,
    )
    .all();
  db.close();
  const times = new Map<string, number>();
  for (const { tx } of rows) times.set(tx, (times.get(tx) ?? 0) + 1);
  return {
    journal: { sales: rows.length, totalMinor: rows.reduce((sum, row) => sum + row.totalMinor, 0) },
    lost: acknowledged.filter((tx) => times.get(tx) !== 1),
  };
}
