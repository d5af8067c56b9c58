import { checkHello } from '#journal/posting-batch.ts';
import { joinLife } from '#journal/recovery.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { openGrantsOf } from '#server/posting/grants.ts';
import { loadTerminal } from '#server/posting/load.ts';

/** The answer, and whether the till joins the server's present life with it. */
export interface HelloAnswer {
  readonly answer: SyncOutput<'hello'>;
  readonly joins: boolean;
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
  const known = await db.query<{ hash: string }>(
    `select encode(hash, 'hex') as hash from entry_key
     where tenant = $1 and till = $2 and inc = $3 and seq = $4`,
    [terminal.tenant, terminal.till, terminal.inc, input.headSeq],
  );
  const refusal = checkHello(loaded, input, known[0]?.hash ?? null);
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
