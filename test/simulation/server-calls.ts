import { accountKey, type GrantRow } from '#journal/posting-rows.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import type { OpenGrants, ServerWord } from '#journal/till-sync.ts';
import { NOON_MS } from '#test/journal/support/test-till.ts';
import type { SimAnswer, SimCall, SimChange } from './messages.ts';
import type { Rules } from './rules.ts';
import {
  addToAccount,
  applyPlan,
  mergeRows,
  openAt,
  ownerOf,
  postingRows,
  PROGRAMME,
  saveServerGrant,
  touch,
  type ServerGrantRow,
} from './server-rows.ts';
import { sha256Hex } from './hashing.ts';
import { planRisk, wireGrant } from './server-risk.ts';
import { findSale } from './server-sales.ts';
import type { Committed, SimServer } from './sim-server.ts';

const LIFE = 1_000_000_000;
const EMPTY_HASH = sha256Hex('');

function refusedWord(
  word: Exclude<ServerWord, { outcome: 'acknowledged' }>,
  apply: () => void = () => undefined,
): Committed {
  return { answer: { name: 'word', word, balances: [] }, apply };
}

export function planCall(server: SimServer, till: string, call: SimCall, grant: string): Committed {
  switch (call.name) {
    case 'hello':
      return planHello(server, till, call.hello);
    case 'push':
      return planPush(server, till, call.batch);
    case 'profile':
      return planProfiles(server, call.profiles);
    case 'grant':
      return planGrant(server, till, call, grant);
    case 'find-sale':
      return {
        get answer(): SimAnswer {
          return { name: 'sale', entries: findSale(server.rows, call.receipt) };
        },
        apply: () => undefined,
      };
    case 'pull':
      return { answer: answerPull(server, till, call.cursor), apply: () => undefined };
  }
}

function planHello(
  server: SimServer,
  till: string,
  hello: Extract<SimCall, { name: 'hello' }>['hello'],
): Committed {
  const { rows } = server;
  const terminal = rows.terminals.get(till);
  if (terminal === undefined) return refusedWord({ outcome: 'fenced' });
  const hash = hello.headSeq === 0 ? null : (rows.hashes.get(till)?.[hello.headSeq] ?? null);
  const refusal = server.parts.rules.checkHello({ terminal, epoch: rows.epoch }, hello, hash);
  if (refusal !== null) {
    return refusedWord(refusal, () => {
      if (refusal.outcome === 'fork') quarantine(server, till, refusal.at);
    });
  }
  const joined = server.parts.rules.joinLife(terminal, rows.epoch, hello);
  return {
    answer: { name: 'word', word: acknowledge(server, till, true), balances: [] },
    apply: () => {
      if (joined !== null) rows.terminals.set(till, { ...terminal, ...joined });
    },
  };
}

function readPushed(
  server: SimServer,
  till: string,
  batch: PushBatch,
): ReturnType<Rules['readBatch']> | null {
  const { rows } = server;
  const terminal = rows.terminals.get(till);
  const hashes = rows.hashes.get(till);
  if (terminal === undefined || hashes === undefined) return null;
  const known = new Map([[terminal.ackSeq, terminal.ackHash]]);
  if (batch.from <= terminal.ackSeq) {
    const last = Math.min(terminal.ackSeq, batch.from - 1 + batch.texts.length);
    for (let seq = batch.from - 1; seq <= last; seq += 1) known.set(seq, hashes[seq] ?? '');
  }
  return server.parts.rules.readBatch(
    { terminal, epoch: rows.epoch, hashes: known },
    batch,
    server.parts.rules.chain,
  );
}

function planPush(server: SimServer, till: string, batch: PushBatch): Committed {
  const { rows } = server;
  const read = readPushed(server, till, batch);
  const terminal = rows.terminals.get(till);
  if (read === null || terminal === undefined) return refusedWord({ outcome: 'fenced' });
  if (!read.ok) {
    const { error } = read;
    return refusedWord(error, () => {
      if (error.outcome === 'fork') quarantine(server, till, error.at);
    });
  }
  if (read.value.length === 0) {
    return {
      answer: { name: 'word', word: acknowledge(server, till, false), balances: [] },
      apply: () => undefined,
    };
  }
  const plan = server.parts.rules.planPosting(postingRows(rows, terminal, read.value), {
    entries: read.value,
    nowMs: NOON_MS,
  });
  // The answer is what the commit makes of it; computed on a copy only where a bug answers early.
  const answer: { value: SimAnswer | null } = { value: null };
  const make = (): SimAnswer => ({
    name: 'word',
    word: acknowledge(server, till, false),
    balances: plan.writes.accounts.map(({ owner }) => balanceOf(server, owner)),
  });
  const head = plan.writes.heads.get(till) ?? { seq: terminal.ackSeq, hash: terminal.ackHash };
  const early = (): SimAnswer => ({
    name: 'word',
    word: {
      ...acknowledge(server, till, false),
      ackSeq: head.seq,
      ackHash: head.hash,
      durableSeq: head.seq,
    },
    balances: [],
  });
  return {
    get answer() {
      return answer.value ?? early();
    },
    apply: () => {
      applyPlan(rows, till, plan);
      server.parts.judge.posted(till, plan);
      answer.value = make();
    },
  };
}

function acknowledge(
  server: SimServer,
  till: string,
  withList: boolean,
): Extract<ServerWord, { outcome: 'acknowledged' }> {
  const { rows } = server;
  const terminal = rows.terminals.get(till);
  const ackSeq = terminal?.ackSeq ?? 0;
  return {
    outcome: 'acknowledged',
    epoch: rows.epoch,
    ackSeq,
    ackHash: terminal?.ackHash ?? '',
    durableSeq: ackSeq,
    openGrants: openGrants(server, till, withList),
  };
}

function openGrants(server: SimServer, till: string, withList: boolean): OpenGrants {
  const open = openAt(server.rows, till);
  return {
    count: open.length,
    hash: open.length === 0 ? EMPTY_HASH : sha256Hex(open.map(({ grant }) => grant).join('\n')),
    list: withList ? open.map(wireGrant) : null,
    recalled: open.filter(({ recalled }) => recalled).map(({ grant }) => grant),
  };
}

function planProfiles(
  server: SimServer,
  profiles: readonly { readonly member: string; readonly card: string }[],
): Committed {
  const { rows } = server;
  const known = profiles.filter(({ member }) => rows.members.has(member));
  return {
    answer: { name: 'profile', accepted: known.map(({ member }) => member) },
    apply: () => {
      for (const { member, card } of known) {
        if (rows.profiles.has(member)) continue;
        rows.profiles.add(member);
        takeCard(server, member, card);
        touch(rows, [member]);
      }
    },
  };
}

/** One card finds one member: see the server's `planProfiles`. */
function takeCard(server: SimServer, member: string, card: string): void {
  const { rows } = server;
  const owner = ownerOf(rows, member);
  const holder = rows.identifiers.get(card);
  if (holder === undefined) {
    rows.identifiers.set(card, owner);
    return;
  }
  const other = ownerOf(rows, holder);
  if (other === owner) return;
  const [mine, theirs] = [rows.members.get(owner), rows.members.get(other)];
  if (theirs?.provisional === true && mine?.provisional === false) mergeRows(rows, other, owner);
  else mergeRows(rows, owner, other);
}

function planGrant(
  server: SimServer,
  till: string,
  call: Extract<SimCall, { name: 'grant' }>,
  ref: string,
): Committed {
  const { rows } = server;
  const { rules, judge } = server.parts;
  const nothing = (code: string, recall: readonly string[] = []): Committed => ({
    answer: { name: 'grant', outcome: { outcome: 'refused', code } },
    apply: () => {
      for (const grant of recall) {
        const row = rows.grants.get(grant);
        if (row !== undefined) saveServerGrant(rows, { ...row, recalled: true });
      }
    },
  });
  const terminal = rows.terminals.get(till);
  if (terminal === undefined) return nothing('fenced');
  const before = rows.grants.get(rows.requests.get(`${till} ${call.requestId}`) ?? '');
  if (before !== undefined) {
    if (before.state === 'closed') return nothing('closed');
    const outcome = { outcome: 'granted', grant: wireGrant(before) } as const;
    return { answer: { name: 'grant', outcome }, apply: () => undefined };
  }
  if (call.purpose === 'risk') return planRisk(server, terminal, call, ref);
  const member = rows.members.get(call.member) ?? null;
  const owner = member?.owner ?? call.member;
  const planned = rules.planGrant(
    {
      terminal,
      member,
      account: rows.accounts.get(accountKey(owner, PROGRAMME)) ?? null,
      openAtTill: openAt(rows, till).length,
      open: [...rows.open]
        .flatMap((open): GrantRow[] => {
          const row = rows.grants.get(open);
          return row !== undefined && ownerOf(rows, row.member) === owner ? [row] : [];
        })
        .toSorted((a, b) => (a.grant < b.grant ? -1 : 1)),
      recovering: rules.isRecovering(rows.terminals.values(), rows.epoch),
    },
    { ...call, programme: PROGRAMME },
  );
  if (!planned.ok) return nothing(planned.error.code, planned.error.recall);
  const row: ServerGrantRow = {
    grant: ref,
    requestId: call.requestId,
    member: call.member,
    programme: PROGRAMME,
    till,
    inc: terminal.inc,
    amount: planned.value.amount,
    spent: 0,
    state: 'offered',
    purpose: call.purpose,
    recalled: false,
  };
  return {
    answer: { name: 'grant', outcome: { outcome: 'granted', grant: wireGrant(row) } },
    apply: () => {
      saveServerGrant(rows, row);
      rows.requests.set(`${till} ${call.requestId}`, ref);
      addToAccount(rows, { owner, programme: PROGRAMME, granted: row.amount });
      touch(rows, [owner]);
      judge.granted(owner);
      if (server.parts.ports.serverReclaims) server.reclaimLater(ref);
    },
  };
}

function balanceOf(
  server: SimServer,
  owner: string,
): {
  readonly member: string;
  readonly posted: number;
  readonly available: number;
  readonly version: number;
} {
  const key = accountKey(owner, PROGRAMME);
  const account = server.rows.accounts.get(key);
  const posted = account?.posted ?? 0;
  return {
    member: owner,
    posted,
    available: posted - (account?.granted ?? 0),
    version: server.rows.versions.get(key) ?? 0,
  };
}

function answerPull(server: SimServer, till: string, cursor: number | null): SimAnswer {
  const { rows } = server;
  const life = rows.epoch * LIFE;
  const from = cursor === null || Math.floor(cursor / LIFE) !== rows.epoch ? 0 : cursor - life;
  const changes: { place: number; change: SimChange }[] = [];
  if (rows.place > from) {
    for (const merge of rows.merges) {
      if (merge.place > from) {
        const { place, ...pair } = merge;
        changes.push({ place, change: { kind: 'merge', ...pair } });
      }
    }
    for (const [subject, place] of rows.feed) {
      if (place > from) changes.push({ place, change: recordOf(server, subject) });
    }
  }
  return {
    name: 'pull',
    changes: changes.toSorted((a, b) => a.place - b.place).map(({ change }) => change),
    cursor: life + rows.place,
    epoch: rows.epoch,
    openGrants: openGrants(server, till, false),
  };
}

function recordOf(server: SimServer, member: string): SimChange {
  const { rows } = server;
  const owner = ownerOf(rows, member);
  const { posted, available, version } = balanceOf(server, member);
  return {
    kind: 'member',
    member,
    mergedInto: owner === member ? null : owner,
    cards: [...rows.identifiers].flatMap(([card, of]) => (of === member ? [card] : [])),
    balance: rows.accounts.has(accountKey(member, PROGRAMME))
      ? { posted, available, version }
      : null,
  };
}

function quarantine(server: SimServer, till: string, at: number): void {
  const terminal = server.rows.terminals.get(till);
  if (terminal?.state !== 'active') return;
  server.rows.terminals.set(till, { ...terminal, state: 'forked', forkAt: at });
  server.parts.judge.quarantined(till);
}
