import { businessDay } from '#loyalty/business-day.ts';
import type { memberDataCalls } from '#contract/member-data.ts';
import type { ConsentRecord } from '#contract/member.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import { readShop } from '#server/shop.ts';
import { eraseMember, type ErasingEnvironment } from './erase.ts';
import { memberData } from './member-data.ts';

/** The till that asks. */
interface AskingTill {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
}

type DataCall = keyof typeof memberDataCalls;

/** What a person may ask of what is held about them, by name. */
export type MemberDataCalls = {
  readonly [Call in DataCall]: (
    till: AskingTill,
    input: SyncInput<Call>,
  ) => Promise<SyncOutput<Call>>;
};

/** Makes the calls. */
export function memberDataCallsOf(environment: ErasingEnvironment): MemberDataCalls {
  const { database, executor } = environment;
  return {
    async 'member-data'({ tenant }, { member }) {
      const data = await memberData(database, tenant, member, environment.nowMs());
      return data === null
        ? { outcome: 'refused', code: 'unknown-member' }
        : { outcome: 'found', data };
    },
    async 'erase-member'({ tenant, store }, { member, confirm, by }) {
      const config = await readShop(database, tenant, store);
      if (config === null) throw new Error('A till of a store that is not there');
      const day = businessDay(environment.nowMs(), config);
      return eraseMember(environment, { tenant, member, confirm, by, day });
    },
    async consent({ tenant, till }, { member, ...answer }) {
      const consent: ConsentRecord = { ...answer, atMs: environment.nowMs(), till };
      const noted = await executor.execute<'consent'>({ kind: 'consent', tenant, member, consent });
      if (noted.ok) return { outcome: 'recorded', consent };
      const code = noted.error.code === 'erased' ? 'already-erased' : 'unknown-member';
      return { outcome: 'refused', code };
    },
  };
}
