import type { ServerGrant } from '#journal/held-grant.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import { SIM_LEASE_MS } from './hashing.ts';
import type { SimCall } from './messages.ts';
import { openAt, PROGRAMME, RISK, saveServerGrant, type ServerGrantRow } from './server-rows.ts';
import type { Committed, SimServer } from './sim-server.ts';

/** A grant as the server's answers name it. */
export function wireGrant(row: ServerGrantRow): ServerGrant {
  return {
    grant: row.grant,
    requestId: row.requestId,
    purpose: row.purpose,
    member: row.member,
    programme: row.programme,
    amount: row.amount,
    leaseMs: SIM_LEASE_MS,
  };
}

/** As the SQL sums it: accounts that fall short, and what risk grants hold or gave today. */
export function planRisk(
  server: SimServer,
  terminal: TerminalRow,
  call: Extract<SimCall, { name: 'grant' }>,
  ref: string,
): Committed {
  const { rows } = server;
  const { rules } = server.parts;
  const { till, inc } = terminal;
  const risks = [...rows.grants.values()].filter(({ purpose }) => purpose === 'risk');
  const planned = rules.planRiskGrant(
    {
      terminal,
      recovering: rules.isRecovering(rows.terminals.values(), rows.epoch),
      openAtTill: openAt(rows, till).length,
      caps: RISK,
      overdrawn: sumOf([...rows.accounts.values()], ({ granted, posted }) =>
        Math.max(0, granted - posted),
      ),
      outstanding: sumOf(risks, ({ state, amount, spent }) =>
        state === 'closed' ? 0 : amount - spent,
      ),
      givenToday: sumOf(risks, (row) =>
        row.till !== till ? 0 : row.state === 'closed' ? row.spent : row.amount,
      ),
    },
    call.want,
  );
  if (!planned.ok) {
    const outcome = { outcome: 'refused', code: planned.error.code } as const;
    return { answer: { name: 'grant', outcome }, apply: () => undefined };
  }
  const row: ServerGrantRow = {
    ...{ grant: ref, requestId: call.requestId, member: call.member, programme: PROGRAMME },
    ...{ till, inc, amount: planned.value.amount, spent: 0, state: 'offered' as const },
    ...{ purpose: call.purpose, recalled: false },
  };
  return {
    answer: { name: 'grant', outcome: { outcome: 'granted', grant: wireGrant(row) } },
    apply: () => {
      saveServerGrant(rows, row);
      rows.requests.set(`${till} ${call.requestId}`, ref);
    },
  };
}

function sumOf<Row>(all: readonly Row[], of: (row: Row) => number): number {
  return all.reduce((sum, row) => sum + of(row), 0);
}
