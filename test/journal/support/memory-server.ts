import { planPosting } from '#journal/posting.ts';
import { readBatch, type BatchRefusal, type PushBatch } from '#journal/posting-batch.ts';
import { GENESIS_HASH } from '#journal/chain.ts';
import {
  accountKey,
  ledgerKey,
  type AccountRow,
  type ClaimRow,
  type GrantRow,
  type HeldRow,
  type MemberRow,
  type OriginalRow,
  type SaleRow,
  type TerminalRow,
} from '#journal/posting-rows.ts';
import type { ExceptionWrite, LedgerWrite } from '#journal/posting-writes.ts';
import { NOON_MS, PROGRAMME, sha256Chain } from './test-till.ts';

/** The server's rows in plain maps: the plan's own meaning, without any SQL. */
export interface MemoryServer {
  readonly accounts: Map<string, AccountRow>;
  readonly ledger: Map<string, LedgerWrite>;
  readonly grants: Map<string, GrantRow>;
  readonly exceptions: Map<string, ExceptionWrite>;
  readonly members: Map<string, MemberRow>;
  readonly held: HeldRow[];
  addTill(till: string, more?: Partial<TerminalRow>): void;
  /** Issues a grant as the server does: out of what is available. */
  grant(grant: string, till: string, member: string, amount: number): boolean;
  push(till: string, batch: PushBatch): BatchRefusal | { outcome: 'acknowledged'; ackSeq: number };
  /** Everything, comparable: two equal texts are two equal states. */
  state(): string;
}

export function createMemoryServer(): MemoryServer {
  const terminals = new Map<string, TerminalRow>();
  const hashes = new Map<string, Map<number, string>>();
  const accounts = new Map<string, AccountRow>();
  const ledger = new Map<string, LedgerWrite>();
  const grants = new Map<string, GrantRow>();
  const exceptions = new Map<string, ExceptionWrite>();
  const members = new Map<string, MemberRow>();
  const sales = new Map<string, SaleRow>();
  const refunds = new Map<string, number>();
  const claims = new Map<string, ClaimRow>();
  const returns = new Set<string>();
  const held: HeldRow[] = [];

  const originals = (): Map<string, OriginalRow> => {
    const rows = new Map<string, OriginalRow>();
    for (const row of ledger.values()) {
      if (row.type !== 'earn' && row.type !== 'redeem') continue;
      const reversed = [...ledger.values()]
        .filter(
          (other) =>
            other.ofSource === row.source && other.ofType === row.type && other.owner === row.owner,
        )
        .reduce((sum, { points }) => sum + points, 0);
      rows.set(ledgerKey(row.owner, row.programme, row.type, row.source), {
        ...row,
        type: row.type,
        reversed,
      });
    }
    return rows;
  };

  return {
    accounts,
    ledger,
    grants,
    exceptions,
    members,
    held,
    addTill(till, more = {}) {
      terminals.set(till, {
        tenant: 'demo',
        store: 'moda',
        till,
        inc: 1,
        state: 'active',
        ackSeq: 0,
        ackHash: GENESIS_HASH,
        forkAt: null,
        epoch: 1,
        recoverThrough: 0,
        recovered: true,
        ...more,
      });
      hashes.set(till, new Map([[0, GENESIS_HASH]]));
    },
    grant(grant, till, member, amount) {
      const key = accountKey(member, PROGRAMME);
      const account = accounts.get(key);
      if (account === undefined || account.posted - account.granted < amount) return false;
      accounts.set(key, { ...account, granted: account.granted + amount });
      grants.set(grant, {
        grant,
        member,
        programme: PROGRAMME,
        till,
        inc: 1,
        amount,
        spent: 0,
        state: 'offered',
        purpose: 'sale',
        recalled: false,
      });
      return true;
    },
    push(till, batch) {
      const terminal = terminals.get(till);
      const known = hashes.get(till);
      if (terminal === undefined || known === undefined) return { outcome: 'fenced' };
      const read = readBatch({ terminal, epoch: 1, hashes: known }, batch, sha256Chain);
      if (!read.ok) return read.error;
      const plan = planPosting(
        {
          terminals: new Map([[till, terminal]]),
          programmes: new Set([PROGRAMME]),
          members,
          accounts,
          grants,
          sales,
          refunds,
          claims,
          originals: originals(),
          held,
          ledgerKeys: new Set(ledger.keys()),
          returns,
        },
        { entries: read.value, nowMs: NOON_MS },
      );
      const { writes } = plan;
      for (const { entry, hash } of writes.entries) known.set(entry.seq, hash);
      for (const row of writes.members) {
        const before = members.get(row.member);
        members.set(row.member, { status: 'active', owner: row.member, ...before, ...row });
      }
      for (const row of writes.sales) sales.set(row.tx, row);
      for (const row of writes.returns) {
        returns.add(row.tx);
        refunds.set(row.of, (refunds.get(row.of) ?? 0) + row.refundMinor);
      }
      for (const row of writes.claims) claims.set(row.of, row);
      for (const row of writes.ledger)
        ledger.set(ledgerKey(row.owner, row.programme, row.type, row.source), row);
      for (const row of writes.released) held.splice(held.indexOf(row), 1);
      held.push(...writes.held);
      for (const delta of writes.accounts) {
        const key = accountKey(delta.owner, delta.programme);
        const before = accounts.get(key) ?? {
          ...delta,
          posted: 0,
          pending: 0,
          held: 0,
          granted: 0,
        };
        accounts.set(key, {
          ...before,
          posted: before.posted + delta.posted,
          pending: before.pending + delta.pending,
          held: before.held + delta.held,
          granted: before.granted + delta.granted,
        });
      }
      for (const write of writes.grants) {
        const before = grants.get(write.grant);
        if (before !== undefined) grants.set(write.grant, { ...before, ...write });
      }
      for (const restored of writes.restored) grants.set(restored.grant, restored);
      for (const exception of plan.exceptions) exceptions.set(exception.id, exception);
      const head = writes.heads.get(till) ?? { seq: terminal.ackSeq, hash: terminal.ackHash };
      terminals.set(till, { ...terminal, ackSeq: head.seq, ackHash: head.hash });
      return { outcome: 'acknowledged', ackSeq: head.seq };
    },
    state() {
      const sorted = (rows: Iterable<readonly [string, unknown]>): unknown =>
        [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([
        sorted(accounts),
        sorted([...ledger].map(([key, { points, counted }]) => [key, [points, counted]] as const)),
        sorted(grants),
        sorted(members),
        sorted(sales),
        sorted(refunds),
        sorted(claims),
        held.map((row) => `${row.ofSource} ${row.source} ${row.points}`).toSorted(),
        [...terminals.values()].map(({ till, ackSeq, ackHash }) => [till, ackSeq, ackHash]),
      ]);
    },
  };
}
