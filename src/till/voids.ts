import type { Message } from '#contract/till-state.ts';
import { ok, type Result } from '#loyalty/result.ts';
import { commit, saveSession, setSession, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';
import { grossMinor, type Session } from './session.ts';

/**
 * The open sale's next value where goods may have left it, or come back by an undo: that is journalled
 * with it, since whoever runs the shop wants to know what was rung up and taken off again. Where it
 * cannot be written the sale stays as it was.
 */
export function setSessionWithVoids(core: Core, next: Session): Result<null, Message> {
  const before = core.counter.session;
  const lines = before.lines.length - next.lines.length;
  const amountMinor = totalOf(before) - totalOf(next);
  if (lines === 0 && amountMinor === 0) {
    setSession(core, next);
    return ok(null);
  }
  const written = commit(core, (writes) => {
    saveSession(writes, next);
    appendEntries(core, writes, core.ports.ids.uuid(), [{ kind: 'void', lines, amountMinor }]);
  });
  if (!written.ok) return written;
  core.counter.session = next;
  core.changed();
  core.followUp();
  return ok(null);
}

function totalOf({ lines }: Session): number {
  return lines.reduce((sum, line) => sum + grossMinor(line), 0);
}
