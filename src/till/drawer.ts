import type { Message } from '#contract/till-state.ts';
import { ok, type Result } from '#loyalty/result.ts';
import { forgetApproval, permit } from './approvals.ts';
import { commit, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';
import { queuedJob } from './print-job.ts';
import { openShiftIfNeeded } from './shifts.ts';

/** Opens the cash drawer without a sale: a fact with a name under it, then a job that prints nothing. */
export function openDrawer(core: Core): Result<null, Message> {
  const permitted = permit(core, 'open-drawer');
  if (!permitted.ok) return permitted;
  const { ids } = core.ports;
  const tx = ids.uuid();
  const pulse = { language: core.config.language, lines: [], openDrawer: true } as const;
  const written = commit(core, (writes) => {
    openShiftIfNeeded(core, writes);
    appendEntries(core, writes, tx, [{ kind: 'drawer-open' }], { approver: permitted.value });
    writes.savePrintJob(queuedJob(ids.uuid(), tx, 'drawer', pulse));
  });
  if (!written.ok) return written;
  forgetApproval(core, 'open-drawer');
  core.changed();
  core.followUp();
  return ok(null);
}
