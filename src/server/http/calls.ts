import { normaliseCode } from '#loyalty/card.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { readPublicKey, verifyHeadHash } from '#node/ed25519.ts';
import { pairingCodeWithKey } from '#contract/server-key.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { SyncCall, SyncInput, SyncOutput } from '#contract/sync.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { PushInput } from '#server/commands/receive-push.ts';
import type { Database } from '#server/database/database.ts';
import { managerCallsOf } from '#server/manager/calls.ts';
import { memberDataCallsOf } from '#server/members/member-data-calls.ts';
import { pull } from '#server/members/pull.ts';
import { findVoucher } from '#server/facts/vouchers.ts';
import { findByIdentifier, type RecordView } from '#server/members/records.ts';
import { dayReport } from '#server/reports/day.ts';
import { findProgramme } from '#server/reports/find-programme.ts';
import { findSale, findTakenBack } from '#server/reports/find-sale.ts';
import { ownEntries } from '#server/reports/own-entries.ts';
import { newPairingCode, PAIRING_CODE_MS, pairingCodeHash } from '#server/pairing-code.ts';
import { changeProgrammes } from '#server/setup/set-up.ts';
import { changeStaff } from '#server/setup/staff.ts';
import { createShopCache, currentRules, readShop } from '#server/shop.ts';
import type { RequestingTill } from './authenticate.ts';
import { answerHello } from './hello.ts';
import type { LanDoor } from './lan.ts';

/** What the calls work on; time and references are given. */
export interface CallEnvironment {
  readonly database: Database;
  readonly executor: Executor;
  nowMs(): number;
  /** A new random reference, such as `till_k3…`. */
  newRef(kind: 'till' | 'grant'): string;
  /** The door on the shop's network, once it is open. */
  lan?(): Pick<LanDoor, 'port' | 'key'> | null;
}

/** Every call a till makes under its signature, by name. */
export type SignedCalls = {
  readonly [Call in Exclude<SyncCall, 'enrol' | 'set-up'>]: (
    till: RequestingTill,
    input: SyncInput<Call>,
  ) => Promise<SyncOutput<Call>>;
};

/** Takes a till in by its code. A key that is none is refused as a wrong code is: it pairs nobody. */
export async function enrol(
  environment: CallEnvironment,
  input: SyncInput<'enrol'>,
): Promise<SyncOutput<'enrol'>> {
  if (readPublicKey(input.publicKey) === null) return { outcome: 'refused', code: 'wrong-code' };
  return environment.executor.execute<'enrol'>({
    kind: 'enrol',
    nowMs: environment.nowMs(),
    codeHash: pairingCodeHash(input.code),
    till: environment.newRef('till'),
    publicKey: input.publicKey,
    name: input.name,
  });
}

/** Makes the calls. Each is validated by its contract before and after, by the caller. */
export function signedCalls(environment: CallEnvironment): SignedCalls {
  const { database, executor } = environment;
  const shops = createShopCache();
  const viewOf = async (till: RequestingTill): Promise<RecordView> => ({
    ...(await currentRules(database, shops, till)),
    nowMs: environment.nowMs(),
  });
  return {
    async hello(till, input) {
      const nowMs = environment.nowMs();
      const { answer, joins } = await database.transaction((db) =>
        answerHello(db, till.till, input, nowMs),
      );
      if (answer.outcome === 'fork') {
        await executor.execute<'quarantine'>({
          kind: 'quarantine',
          nowMs,
          till: till.till,
          at: answer.at,
        });
      }
      if (answer.outcome === 'acknowledged' && joins) {
        await executor.execute<'join'>({
          kind: 'join',
          till: till.till,
          epoch: answer.epoch,
          headSeq: input.headSeq,
          settled: input.settled,
        });
      }
      return answer;
    },
    async push(till, input: PushInput) {
      const key = readPublicKey(till.publicKey);
      if (key === null || !verifyHeadHash(input.headHash, input.headSignature, key)) {
        return { outcome: 'malformed', seq: input.from, detail: 'headSignature' };
      }
      return executor.push(till, input, environment.nowMs());
    },
    async profile(till, input) {
      const nowMs = environment.nowMs();
      return executor.execute<'profile'>({
        kind: 'profile',
        nowMs,
        tenant: till.tenant,
        till: till.till,
        day: businessDay(nowMs, await shopOf(database, till)),
        profiles: input.profiles,
      });
    },
    async grant(till, input) {
      const nowMs = environment.nowMs();
      const grant = environment.newRef('grant');
      return executor.execute<'grant'>({ kind: 'grant', nowMs, till: till.till, grant, input });
    },
    async 'invite-till'({ tenant, store }) {
      const code = newPairingCode();
      const expiresAtMs = environment.nowMs() + PAIRING_CODE_MS;
      const codeHash = pairingCodeHash(code);
      await executor.execute<'pairing'>({ kind: 'pairing', tenant, store, codeHash, expiresAtMs });
      const lan = environment.lan?.() ?? null;
      return {
        code: lan === null ? code : pairingCodeWithKey(code, lan.key),
        lanPort: lan?.port ?? null,
        expiresAtMs,
      };
    },
    programmes: (till, input) => changeProgrammes(environment, till, input),
    staff: (till, input) => changeStaff(environment, till, input),
    ...memberDataCallsOf(environment),
    async pull(till, input) {
      return pull(database, till, input, await viewOf(till));
    },
    async 'find-member'(till, input) {
      const view = await viewOf(till);
      return { record: await findByIdentifier(database, till.tenant, input.hash, view) };
    },
    async 'find-voucher'(till, input) {
      const voucher = await findVoucher(database, till.tenant, normaliseCode(input.code));
      if (voucher === null) return { outcome: 'refused', code: 'unknown-code' };
      return { outcome: 'found', voucher };
    },
    async 'find-programme'(till, input) {
      const { programme, version } = input;
      return { programme: await findProgramme(database, till.tenant, programme, version) };
    },
    async 'find-sale'(till, input) {
      const { receipt } = input;
      return {
        entries: [...(await findSale(database, till.tenant, receipt))],
        takenBack: [...(await findTakenBack(database, till.tenant, receipt))],
      };
    },
    async 'own-entries'(till, input) {
      const own = await ownEntries(database, till, input);
      if (own === null) throw new Error('A till that signed is not known');
      return own;
    },
    ...managerCallsOf(environment),
    async day(till, input) {
      const config = await shopOf(database, till);
      const nowMs = environment.nowMs();
      return dayReport(database, { ...input, tenant: till.tenant, config, nowMs });
    },
  };
}

async function shopOf(database: Database, till: RequestingTill): Promise<ShopConfig> {
  const config = await readShop(database, till.tenant, till.store);
  if (config === null) throw new Error('A till of a store that is not there');
  return config;
}
