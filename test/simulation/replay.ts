import { createHash } from 'node:crypto';
import type { MemberProfile } from '#contract/member.ts';
import { generateSigningKeys } from '#node/ed25519.ts';
import { createExecutor, type Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { DEMO_STORE, DEMO_TENANT, seedDemo } from '#server/demo/demo.ts';
import { signedCalls, type SignedCalls } from '#server/http/calls.ts';
import { pairingCodeHash } from '#server/pairing-code.ts';
import type { RequestingTill } from '#server/http/authenticate.ts';
import { NOON_MS, TODAY } from '#test/journal/support/test-till.ts';
import type { SimCall } from './messages.ts';
import { OLD_CARDS, TILLS } from './operation.ts';
import { readShop } from '#server/shop.ts';
import { PROGRAMME, RISK } from './server-rows.ts';
import type { ServerDeed } from './sim-server.ts';

/** The real server over a database, made to do what a simulated one did. */
interface Replay {
  readonly database: Database;
  /** Does one deed; returns what was answered where a till asked. */
  perform(deed: ServerDeed): Promise<unknown>;
}

/** The hash a database knows a simulated card by. */
function cardHash(card: string): string {
  return createHash('sha256').update(card).digest('hex');
}

function profileOf(member: string, card: string): MemberProfile {
  return {
    member,
    version: 1,
    market: 'TR',
    name: null,
    phone: null,
    phoneTakesSms: false,
    language: 'tr',
    identifiers: [{ kind: 'card', hash: cardHash(card), masked: '··' }],
    consents: [],
  };
}

/** Makes databases do deeds, and puts backups back: a backup is what had been done until then. */
export async function replayAll(
  open: () => Promise<Database>,
  openingPoints: number,
  deeds: readonly ServerDeed[],
  answered: (deed: ServerDeed, answer: unknown) => void,
): Promise<Database> {
  let replay = await startReplay(await open(), openingPoints);
  let done: ServerDeed[] = [];
  let backup: readonly ServerDeed[] = [];
  for (const deed of deeds) {
    if (deed.kind === 'backup') {
      backup = [...done];
    } else if (deed.kind === 'restore') {
      replay = await startReplay(await open(), openingPoints);
      done = [];
      for (const before of [...backup, deed]) {
        await replay.perform(before);
        done.push(before);
      }
    } else {
      answered(deed, await replay.perform(deed));
      done.push(deed);
    }
  }
  return replay.database;
}

/** A server with the simulation's tills and members, before anything has happened. */
async function startReplay(database: Database, openingPoints: number): Promise<Replay> {
  const executor = createExecutor({
    database,
    log: null,
    onBroken: (error) => {
      throw error;
    },
  });
  await seedDemo({ database, executor, nowMs: NOON_MS, identifierKey: '5a'.repeat(32) });
  const place = { tenant: DEMO_TENANT, store: DEMO_STORE };
  const config = await readShop(database, DEMO_TENANT, DEMO_STORE);
  if (config === null) throw new Error('The demo has no shop');
  const risky = { ...config, offlineRisk: [{ programme: PROGRAMME, ...RISK }] };
  await executor.execute<'shop'>({
    kind: 'shop',
    nowMs: NOON_MS,
    ...place,
    identifierKey: '5a'.repeat(32),
    config: risky,
  });
  const tills = new Map<string, RequestingTill>();
  for (let number = 1; number <= TILLS; number += 1) {
    const till = `till_${number}`;
    tills.set(till, await enrolTill(executor, till));
  }
  await openMembers(executor, openingPoints);
  const calls = signedCalls({ database, executor, nowMs: () => NOON_MS, newRef: () => 'unused' });
  return {
    database,
    async perform(deed) {
      if (deed.kind === 'restore') {
        const { epoch } = deed;
        return executor.execute<'restored'>({ kind: 'restored', tenant: DEMO_TENANT, epoch });
      }
      if (deed.kind === 'fence') {
        return executor.execute<'fence'>({
          kind: 'fence',
          nowMs: NOON_MS,
          tenant: DEMO_TENANT,
          till: deed.till,
          day: TODAY,
          by: ['manager_1', 'manager_2'],
        });
      }
      const till = deed.kind === 'call' ? tills.get(deed.till) : undefined;
      if (deed.kind !== 'call' || till === undefined) throw new Error(`Not replayed: ${deed.kind}`);
      return performCall(executor, calls, till, deed.call, deed.grant);
    },
  };
}

async function enrolTill(executor: Executor, till: string): Promise<RequestingTill> {
  const codeHash = pairingCodeHash(`CODE-${till}`);
  const { publicKey } = generateSigningKeys();
  const place = { tenant: DEMO_TENANT, store: DEMO_STORE };
  await executor.execute<'pairing'>({
    kind: 'pairing',
    ...place,
    codeHash,
    expiresAtMs: NOON_MS + 60_000,
  });
  await executor.execute<'enrol'>({
    kind: 'enrol',
    nowMs: NOON_MS,
    codeHash,
    till,
    publicKey,
    name: till,
  });
  return { ...place, till, inc: 1, state: 'active', publicKey };
}

async function openMembers(executor: Executor, points: number): Promise<void> {
  const members = Array.from({ length: OLD_CARDS }, (_, index) => `member_${index}`);
  await executor.execute<'opening'>({
    kind: 'opening',
    nowMs: NOON_MS,
    tenant: DEMO_TENANT,
    day: TODAY,
    tiers: { programme: PROGRAMME, since: '2026-01-01' },
    members: members.map((member) => ({
      member,
      market: 'TR',
      proof: 'presented',
      tier: null,
      tierProgress: 0,
    })),
    adjustments: members.map((member, index) => ({
      member,
      programme: PROGRAMME,
      version: 1,
      points,
      source: `opening-${index}`,
    })),
  });
  await executor.execute<'profile'>({
    kind: 'profile',
    nowMs: NOON_MS,
    tenant: DEMO_TENANT,
    till: 'till_1',
    day: TODAY,
    profiles: members.map((member, index) => profileOf(member, `card_${index}`)),
  });
}

async function performCall(
  executor: Executor,
  calls: SignedCalls,
  till: RequestingTill,
  call: SimCall,
  grant: string,
): Promise<unknown> {
  switch (call.name) {
    case 'hello':
      return calls.hello(till, { ...call.hello, app: 'simulation', wallMs: NOON_MS });
    case 'push': {
      const { texts, ...batch } = call.batch;
      const input = { ...batch, entries: [...texts], headSignature: '' };
      return executor.push(till, input, NOON_MS);
    }
    case 'grant': {
      const { name: _name, ...input } = call;
      return executor.execute<'grant'>({
        kind: 'grant',
        nowMs: NOON_MS,
        till: till.till,
        grant,
        input: { ...input, programme: PROGRAMME },
      });
    }
    case 'profile':
      return executor.execute<'profile'>({
        kind: 'profile',
        nowMs: NOON_MS,
        tenant: DEMO_TENANT,
        till: till.till,
        day: TODAY,
        profiles: call.profiles.map(({ member, card }) => profileOf(member, card)),
      });
    case 'find-sale':
      return calls['find-sale'](till, { receipt: call.receipt });
    case 'pull':
      return null;
  }
}
