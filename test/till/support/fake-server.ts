import { createHash } from 'node:crypto';
import type { VoucherRecord } from '#contract/facts.ts';
import type { MemberBalance, MemberRecord } from '#contract/member.ts';
import type { Change, Grant, SyncCall, SyncInput, TakenBack } from '#contract/sync.ts';
import { EMPTY_HEAD, readChain, type JournalHead } from '#journal/chain.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { Programme } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import type { LinkProblem, ServerLink } from '#till/ports.ts';

type Answer = Result<unknown, LinkProblem>;

/** A central server in a few lines: it takes journals, lists grants, and does what a test says besides. */
export interface FakeServer extends ServerLink {
  readonly calls: { readonly name: SyncCall; readonly input: unknown }[];
  readonly entries: StoredEntry[];
  readonly profiles: Map<string, number>;
  readonly members: Map<string, MemberRecord>;
  readonly changes: Change[];
  /** What a manager took by hand. */
  readonly takenBack: TakenBack[];
  readonly vouchers: VoucherRecord[];
  readonly programmes: Programme[];
  /** Grants as the server counts them open. */
  readonly open: Map<string, Grant>;
  /** Held grants the server asks back. */
  readonly recalled: Set<string>;
  /** Whether it lets tills hold points for later. */
  givesHeld: boolean;
  /** Which life of it this is; another number is a restore. */
  epoch: number;
  up: boolean;
  /** What its clock says; null = the same as the till's at its last HELLO. */
  nowMs: number | null;
  /** Answers instead of the server where it returns something. */
  intercept: ((name: SyncCall, input: unknown) => Answer | Promise<Answer> | null) | null;
  /** Called with each newly pushed entry. */
  onEntry: ((stored: StoredEntry) => void) | null;
  available: number;
  /** What members have, so that a grant's answer says what is left. */
  know(record: MemberRecord): void;
}

const DOWN: Answer = err({ code: 'unreachable', detail: 'no route' });

/** Makes one. */
export function fakeServer(): FakeServer {
  let head: JournalHead = EMPTY_HEAD;
  let grants = 0;
  let greetedAtMs = 0;
  const requests = new Map<string, Grant>();
  const accounts = new Map<string, MemberBalance>();

  /** The account a grant came from, with that taken out of it. */
  const takeOut = ({ member, programme, amount }: Grant): MemberBalance | null => {
    const key = `${member} ${programme}`;
    const account = accounts.get(key);
    if (account === undefined) return null;
    const { available, version } = account;
    const left = { ...account, available: available - amount, version: version + 1 };
    accounts.set(key, left);
    return left;
  };

  const openGrants = (withList: boolean): unknown => {
    const refs = [...server.open.keys()].toSorted();
    return {
      count: refs.length,
      hash: createHash('sha256').update(refs.join('\n')).digest('hex'),
      list: withList ? [...server.open.values()] : null,
      recalled: [...server.recalled],
    };
  };
  const acknowledged = (withList: boolean): unknown => ({
    outcome: 'acknowledged',
    epoch: server.epoch,
    ackSeq: head.seq,
    ackHash: head.hash,
    durableSeq: head.seq,
    balances: [],
    openGrants: openGrants(withList),
    serverTimeMs: server.nowMs ?? greetedAtMs,
  });

  const post = (stored: StoredEntry): void => {
    const { body } = stored.entry;
    server.entries.push(stored);
    if (body.kind === 'grant-close') server.open.delete(body.grant);
    server.onEntry?.(stored);
  };

  const answer = (name: SyncCall, input: unknown): unknown => {
    switch (name) {
      case 'hello': {
        const { epochSeen, wallMs } = input as SyncInput<'hello'>;
        greetedAtMs = wallMs;
        if (epochSeen !== server.epoch) return { outcome: 'epoch', epoch: server.epoch };
        return acknowledged(true);
      }
      case 'push': {
        const batch = input as SyncInput<'push'>;
        if (batch.from > head.seq + 1) return { outcome: 'gap', expected: head.seq + 1 };
        const texts = batch.entries.slice(head.seq + 1 - batch.from);
        const chain = readChain(texts, head, chainHash);
        if (!chain.ok) return { outcome: 'malformed', seq: head.seq + 1, detail: chain.error.code };
        for (const stored of chain.value) {
          post(stored);
          head = { seq: stored.entry.seq, hash: stored.hash };
        }
        return acknowledged(false);
      }
      case 'profile': {
        const { profiles } = input as SyncInput<'profile'>;
        for (const { member, version } of profiles) server.profiles.set(member, version);
        return { accepted: profiles.map(({ member, version }) => ({ member, version })) };
      }
      case 'pull': {
        const { cursor, limit } = input as SyncInput<'pull'>;
        const from = Number(cursor ?? 0);
        const changes = server.changes.slice(from, from + limit);
        const next = from + changes.length;
        return {
          changes,
          cursor: String(next),
          more: next < server.changes.length,
          epoch: server.epoch,
          openGrants: openGrants(false),
        };
      }
      case 'find-member': {
        const { hash } = input as SyncInput<'find-member'>;
        const record = [...server.members.values()].find(({ identifiers }) =>
          identifiers.some((identifier) => identifier.hash === hash),
        );
        return { record: record ?? null };
      }
      case 'grant': {
        const { requestId, member, programme, want, purpose } = input as SyncInput<'grant'> & {
          readonly purpose: Grant['purpose'];
        };
        const known = requests.get(requestId);
        if (known !== undefined) return { outcome: 'granted', grant: known, balance: null };
        if (purpose === 'held' && !server.givesHeld) {
          return { outcome: 'refused', code: 'not-enough', available: server.available };
        }
        if (want > server.available) {
          return { outcome: 'refused', code: 'not-enough', available: server.available };
        }
        grants += 1;
        const grant: Grant = {
          grant: `g${grants}`,
          requestId,
          member,
          programme,
          amount: want,
          purpose,
          till: 'till1',
          inc: 1,
          leaseMs: 900_000,
        };
        requests.set(requestId, grant);
        server.open.set(grant.grant, grant);
        return { outcome: 'granted', grant, balance: takeOut(grant) };
      }
      case 'find-sale': {
        const { receipt } = input as SyncInput<'find-sale'>;
        const sale = server.entries.find(
          ({ entry }) => entry.body.kind === 'sale' && entry.body.receipt === receipt,
        );
        const tx = sale?.entry.tx;
        const later = server.entries.flatMap(({ entry }) =>
          'of' in entry.body && entry.body.of === tx ? [entry.tx] : [],
        );
        const entries = server.entries.filter(
          ({ entry }) => entry.tx === tx || later.includes(entry.tx),
        );
        return { entries: entries.map(({ text }) => text), takenBack: server.takenBack };
      }
      case 'find-programme': {
        const { programme, version } = input as SyncInput<'find-programme'>;
        const found = server.programmes.find(
          (known) => known.id === programme && known.version === version,
        );
        return { programme: found ?? null };
      }
      case 'find-voucher': {
        const { code } = input as SyncInput<'find-voucher'>;
        const voucher = server.vouchers.find((known) => known.code === code);
        return voucher === undefined
          ? { outcome: 'refused', code: 'unknown-code' }
          : { outcome: 'found', voucher };
      }
      default:
        return null;
    }
  };

  const server: FakeServer = {
    calls: [],
    entries: [],
    profiles: new Map(),
    takenBack: [],
    vouchers: [],
    programmes: [],
    members: new Map(),
    changes: [],
    open: new Map(),
    recalled: new Set(),
    givesHeld: false,
    epoch: 1,
    up: true,
    nowMs: null,
    intercept: null,
    onEntry: null,
    available: 1000,
    know({ member, balances }) {
      for (const balance of balances)
        accounts.set(`${member} ${balance.programme}`, { member, ...balance });
    },
    async call(name, input) {
      // What crosses the wire is JSON: nothing else may arrive or come back.
      const sent: unknown = JSON.parse(JSON.stringify(input));
      server.calls.push({ name, input: sent });
      const scripted = server.intercept?.(name, sent) ?? null;
      if (scripted !== null) return scripted;
      if (!server.up) return DOWN;
      return ok(JSON.parse(JSON.stringify(answer(name, sent))));
    },
  };
  return server;
}
