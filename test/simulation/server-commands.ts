import { accountKey, type AccountRow } from '#journal/posting-rows.ts';
import type { LedgerWrite } from '#journal/posting-writes.ts';
import type { LotEntry } from '#loyalty/entry.ts';
import { replay } from '#loyalty/lots.ts';
import { NOON_MS, TODAY } from '#test/journal/support/test-till.ts';
import type { Committed, SimServer } from './sim-server.ts';
import {
  addLedgerRow,
  addToAccount,
  openAt,
  ownerOf,
  PROGRAMME,
  saveServerGrant,
  touch,
  type ServerRows,
} from './server-rows.ts';

const NOTHING: Committed = {
  answer: { name: 'profile', accepted: [] },
  apply: () => undefined,
};

/** Gives up a lost till by the word of two people. */
export function planFence(server: SimServer, till: string): Committed {
  const { rows, parts } = server;
  const terminal = rows.terminals.get(till);
  if (terminal === undefined) return NOTHING;
  const open = openAt(rows, till).map((grant) => ({
    ...grant,
    owner: ownerOf(rows, grant.member),
  }));
  const plan = parts.rules.planFence(
    { terminal, open },
    { by: ['manager_1', 'manager_2'], day: TODAY, atMs: NOON_MS },
  );
  if (!plan.ok) return NOTHING;
  const { grants, accounts, exceptions } = plan.value;
  return {
    ...NOTHING,
    apply: () => {
      for (const { grant, spent } of grants) {
        const row = rows.grants.get(grant);
        if (row !== undefined) saveServerGrant(rows, { ...row, spent, state: 'closed' });
      }
      for (const delta of accounts) addToAccount(rows, delta);
      for (const exception of exceptions) rows.exceptions.set(exception.id, exception);
      rows.terminals.set(till, { ...terminal, state: 'fenced', forkAt: null });
      touch(
        rows,
        accounts.map(({ owner }) => owner),
      );
      parts.judge.fenced(till, open);
    },
  };
}

/** Takes a grant back that is not spent: only a seeded bug does. */
export function planReclaim({ rows }: SimServer, ref: string): Committed {
  const grant = rows.grants.get(ref);
  if (grant === undefined || grant.state === 'closed') return NOTHING;
  const owner = ownerOf(rows, grant.member);
  return {
    ...NOTHING,
    apply: () => {
      saveServerGrant(rows, { ...grant, state: 'closed' });
      if (grant.purpose === 'risk') return;
      addToAccount(rows, { owner, programme: PROGRAMME, granted: grant.spent - grant.amount });
      touch(rows, [owner]);
    },
  };
}

/** Far enough for every lot with an end to have ended. */
const LATER_MS = NOON_MS + 86_400_000 * 400;

/** Lets what has ended expire, as far as it is available. */
export function planExpire(server: SimServer): Committed {
  const { rows, parts } = server;
  const writes = [...rows.accounts.values()].flatMap((account) => expiriesOf(server, account));
  return {
    ...NOTHING,
    apply: () => {
      for (const write of writes) {
        addLedgerRow(rows, write);
        addToAccount(rows, { owner: write.owner, programme: PROGRAMME, posted: write.points });
        touch(rows, [write.owner]);
      }
      parts.judge.expired(writes);
    },
  };
}

function expiriesOf(server: SimServer, account: AccountRow): readonly LedgerWrite[] {
  const { rows, parts } = server;
  const own = rows.ledger.filter(({ member }) => ownerOf(rows, member) === account.owner);
  const recovering = parts.rules.isRecovering(rows.terminals.values(), rows.epoch);
  let free = parts.rules.freeAtNight(account, recovering);
  const state = replay(own.map(lotEntry), LATER_MS);
  const ended = state.lots
    .filter(({ expiresAtMs }) => expiresAtMs !== null)
    .flatMap(({ id, open: left }) => {
      const points = Math.min(left, free);
      free -= points;
      return points > 0 ? [{ lot: id, points }] : [];
    });
  return ended.map(({ lot, points }, index) => ({
    till: '0',
    inc: 1,
    seq: rows.ledger.length + index + 1,
    day: TODAY,
    atMs: LATER_MS,
    member: account.owner,
    owner: account.owner,
    programme: PROGRAMME,
    version: 1,
    type: 'expire',
    source: `${lot}#${rows.ledger.length}`,
    points: -points,
    counted: true,
    effectiveAtMs: LATER_MS,
    expiresAtMs: null,
    basisMinor: null,
    allocatedMinor: null,
    valueMinor: null,
    grant: null,
    ofType: null,
    ofSource: null,
  }));
}

function lotEntry(row: LedgerWrite): LotEntry {
  return {
    id: `${row.type}:${row.source}`,
    type: row.type,
    amount: row.points,
    source: row.source,
    lotId: row.type === 'expire' ? row.source.slice(0, row.source.lastIndexOf('#')) : null,
    ofEntryId: row.ofType === null ? null : `${row.ofType}:${row.ofSource ?? ''}`,
    effectiveAtMs: row.effectiveAtMs,
    expiresAtMs: row.expiresAtMs,
  };
}

/** Gives the members their first points, as an operator does. */
export function open(rows: ServerRows, members: readonly string[], points: number): void {
  for (const [index, member] of members.entries()) {
    rows.members.set(member, {
      member,
      owner: member,
      status: 'active',
      provisional: false,
      enrolled: true,
    });
    rows.profiles.add(member);
    rows.identifiers.set(`card_${index}`, member);
    addLedgerRow(rows, {
      till: '0',
      inc: 1,
      seq: index + 1,
      day: TODAY,
      atMs: NOON_MS,
      member,
      owner: member,
      programme: PROGRAMME,
      version: 1,
      type: 'adjust',
      source: `opening-${index}`,
      points,
      counted: true,
      effectiveAtMs: NOON_MS,
      expiresAtMs: null,
      basisMinor: null,
      allocatedMinor: null,
      valueMinor: null,
      grant: null,
      ofType: null,
      ofSource: null,
    });
    rows.accounts.set(accountKey(member, PROGRAMME), {
      owner: member,
      programme: PROGRAMME,
      posted: points,
      pending: 0,
      held: 0,
      granted: 0,
    });
    rows.versions.set(accountKey(member, PROGRAMME), 1);
    touch(rows, [member]);
  }
}
