import { FIGURES_DAYS_MAX } from '#contract/manager-figures.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { readShop } from '#server/shop.ts';
import type { ManagerCalls, ManagerEnvironment } from './calls.ts';
import type { FigureDays } from './figure-days.ts';
import { readLoyalty } from './loyalty.ts';
import { readGroup } from './member-groups.ts';
import { readStaff } from './staff.ts';

type FigureCalls = Pick<
  ManagerCalls,
  'manager.staff' | 'manager.kudos' | 'manager.loyalty' | 'manager.group'
>;

/** Rows of one page of a group. */
const GROUP_PAGE = 50;

/** The manager's calls about staff and about how loyal members are. */
export function figureCallsOf({ database, executor, nowMs }: ManagerEnvironment): FigureCalls {
  return {
    async 'manager.staff'({ tenant }, { ask }) {
      return { outcome: 'answered', answer: await readStaff(database, tenant, spanOf(ask)) };
    },
    async 'manager.kudos'({ tenant, store }, { by, ask }) {
      const config = await readShop(database, tenant, store);
      if (config === null) throw new Error('A till of a store that is not there');
      const { id, cashier, reason } = ask;
      if (!config.cashiers.some((one) => one.cashier === cashier)) return refused('unknown-staff');
      if (cashier === by) return refused('kudos-self');
      const atMs = nowMs();
      const day = businessDay(atMs, config);
      const given = { tenant, id, cashier, reason, by, day, nowMs: atMs };
      await executor.execute<'kudos'>({ kind: 'kudos', ...given });
      return { outcome: 'answered', answer: null };
    },
    async 'manager.loyalty'(till, { ask }) {
      return { outcome: 'answered', answer: await readLoyalty(database, till, spanOf(ask)) };
    },
    async 'manager.group'(till, { ask }) {
      const after = /^[0-9]{1,9}$/.test(ask.cursor ?? '') ? Number(ask.cursor) : 0;
      const page = { after, limit: GROUP_PAGE + 1 };
      const rows = await readGroup(database, till, ask.group, spanOf(ask), page);
      const next = rows.length > GROUP_PAGE ? String(after + GROUP_PAGE) : null;
      return { outcome: 'answered', answer: { rows: rows.slice(0, GROUP_PAGE), next } };
    },
  };
}

/** Days in order, and no more than a report spans: the last ones. */
function spanOf({ from, through }: FigureDays): FigureDays {
  const earliest = addDays(through, 1 - FIGURES_DAYS_MAX);
  if (from > through) return { from: through, through };
  return { from: from < earliest ? earliest : from, through };
}

function refused(code: string) {
  return { outcome: 'refused', refusal: { code, params: {} } } as const;
}
