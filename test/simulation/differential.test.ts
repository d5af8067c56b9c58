import { expect, test } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { sha256Chain } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from '#test/server/support/databases.ts';
import { operationsOf, type Operation } from './operation.ts';
import { replayAll } from './replay.ts';
import type { ServerDeed } from './sim-server.ts';
import type { ServerRows } from './server-rows.ts';
import { OPENING_POINTS, simulate } from './simulate.ts';

/** The night's work is another command of the server. */
const NOT_REPLAYED: readonly Operation['kind'][] = ['expire'];

const SEEDS = [355, 371, 455];
const OPERATIONS = 120;

type Table = readonly string[];

/** The simulated server's rows as texts, sorted. */
function expected(rows: ServerRows): Record<string, Table> {
  const sorted = (list: readonly unknown[][]): Table =>
    list.map((row) => JSON.stringify(row)).toSorted();
  return {
    account: sorted(
      [...rows.accounts.values()]
        .filter(({ posted, pending, held, granted }) => posted || pending || held || granted)
        .map((row) => [row.owner, row.posted, row.pending, row.held, row.granted]),
    ),
    ledger: sorted(
      rows.ledger
        .filter(({ till }) => till !== '0')
        .map((row) => [row.member, row.type, row.source, row.points, row.till, row.seq]),
    ),
    grant: sorted(
      [...rows.grants.values()].map((row) => [
        row.grant,
        row.member,
        row.till,
        row.amount,
        row.spent,
        row.state,
        row.purpose,
        row.recalled,
      ]),
    ),
    member: sorted([...rows.members.values()].map((row) => [row.member, row.owner, row.status])),
    terminal: sorted(
      [...rows.terminals.values()].map((row) => [row.till, row.ackSeq, row.ackHash, row.state]),
    ),
    exception: sorted([...rows.exceptions.values()].map(({ id, code }) => [id, code])),
    sale: sorted([...rows.sales.values()].map((row) => [row.tx, row.member, row.receipt])),
    claim: sorted([...rows.claims.values()].map((row) => [row.of, row.member, row.till, row.seq])),
    sale_return: sorted(
      [...rows.refunds.values()]
        .flat()
        .map((row) => [row.tx, row.of, row.member, row.refundMinor, row.till, row.seq]),
    ),
    held: sorted(rows.held.map((row) => [row.ofSource, row.ofType, row.source, row.points])),
  };
}

async function found(database: Database): Promise<Record<string, Table>> {
  const ours = "not like 'sample-%'";
  const questions = {
    account: `select owner, posted, pending, held, granted from account
      where owner ${ours} and (posted, pending, held, granted) <> (0, 0, 0, 0)`,
    ledger: `select member, type, source, points, till, seq from ledger where till <> '0'`,
    grant: `select grant_ref, member, till, amount, spent, state, purpose, recalled from point_grant`,
    member: `select member, owner, status from member where member ${ours}`,
    terminal: `select till, ack_seq, ack_hash, state from terminal`,
    exception: `select id, code from posting_exception where code not in ('twin-merged', 'fork')`,
    sale: `select tx, member, receipt from sale`,
    claim: `select of_tx, member, till, seq from claim`,
    sale_return: `select tx, of_tx, member, refund_minor, till, seq from sale_return`,
    held: `select of_source, of_type, source, points from held_reversal`,
  };
  const tables: Record<string, Table> = {};
  for (const [name, question] of Object.entries(questions)) {
    const rows = await database.query(question);
    tables[name] = rows.map((row) => JSON.stringify(Object.values(row))).toSorted();
  }
  return tables;
}

/** What an answer says that a till acts on. */
function gist(answer: unknown): unknown {
  const shape = answer as {
    readonly outcome?: string;
    readonly code?: string;
    readonly ackSeq?: number;
    readonly grant?: { readonly grant: string; readonly amount: number };
    readonly openGrants?: { readonly hash: string; readonly recalled: readonly string[] };
  };
  const { outcome, code, ackSeq, grant, openGrants } = shape;
  return [
    outcome,
    code,
    ackSeq,
    grant?.grant,
    grant?.amount,
    openGrants?.hash,
    openGrants?.recalled,
  ];
}

await describeOnBoth('the simulated server and the real one', (open) => {
  test.each(SEEDS)(
    'come to the same rows and answers by what happened in seed %i',
    async (seed) => {
      const operations = operationsOf(seed, OPERATIONS).filter(
        ({ kind }) => !NOT_REPLAYED.includes(kind),
      );
      const { server, violation } = simulate(seed, operations, { rules: { chain: sha256Chain } });
      expect(violation).toBeNull();
      const compare = (deed: ServerDeed, answer: unknown): void => {
        const told = deed.kind === 'call' ? deed.answer : null;
        if (told?.name === 'word') expect(gist(answer)).toEqual(gist(told.word));
        if (told?.name === 'sale') {
          expect(answer).toEqual({ entries: told.entries.map(({ text }) => text), takenBack: [] });
        }
        if (told?.name === 'grant') expect(gist(answer)).toEqual(gist(told.outcome));
      };
      const database = await replayAll(open, OPENING_POINTS, server.deeds, compare);
      expect(await found(database)).toEqual(expected(server.rows));
    },
    120_000,
  );
});
