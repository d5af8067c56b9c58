import { checkHello } from '#journal/posting-batch.ts';
import { joinLife } from '#journal/recovery.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { hashesBetween } from '#server/posting/archive.ts';
import { openGrantsOf } from '#server/posting/grants.ts';
import { loadTerminal } from '#server/posting/load.ts';

/** The answer, and whether the till joins the server's present life with it. */
export interface HelloAnswer {
  readonly answer: SyncOutput<'hello'>;
  readonly joins: boolean;
}

/** What the server has for a number of a till's journal, if anything. */
async function hashAt(db: WritableDb, terminal: TerminalRow, seq: number): Promise<string | null> {
  if (seq === terminal.ackSeq) return terminal.ackHash;
  if (seq > terminal.ackSeq) return null;
  const only = { from: seq, to: seq };
  return (await hashesBetween(db, terminal.tenant, terminal, only, chainHash)).get(seq) ?? null;
}

/** Answers a HELLO: where this till's journal stands, and every grant it holds. */
export async function answerHello(
  db: WritableDb,
  till: string,
  input: SyncInput<'hello'>,
  nowMs: number,
): Promise<HelloAnswer> {
  const loaded = await loadTerminal(db, till);
  if (loaded === null) return { answer: { outcome: 'fenced' }, joins: false };
  const { terminal, epoch } = loaded;
  await db.execute(
    'update terminal set last_contact_ms = $3, app = $4 where tenant = $1 and till = $2',
    [terminal.tenant, terminal.till, nowMs, input.app],
  );
  const refusal = checkHello(loaded, input, await hashAt(db, loaded.terminal, input.headSeq));
  if (refusal !== null) return { answer: refusal, joins: false };
  const answer: SyncOutput<'hello'> = {
    outcome: 'acknowledged',
    epoch,
    ackSeq: terminal.ackSeq,
    ackHash: terminal.ackHash,
    durableSeq: terminal.ackSeq,
    balances: [],
    openGrants: await openGrantsOf(db, terminal, true),
    serverTimeMs: nowMs,
  };
  return { answer, joins: joinLife(terminal, epoch, input) !== null };
}
