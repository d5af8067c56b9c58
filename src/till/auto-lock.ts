import { usualStaffRules } from '#contract/staff.ts';
import { activeStaff, signedIn } from './staff.ts';
import type { Core } from './core.ts';
import { signOut } from './sign-in.ts';

const MINUTE_MS = 60_000;
/** How often it is looked at; what is done at the till looks itself. */
const LOOK_EVERY_MS = 5000;

/** Somebody did something here: the wait begins anew. */
export function touched(core: Core): void {
  core.activeAtMs = core.ports.clock.monoMs();
}

/**
 * Locks the till where nobody has touched it for as long as the store says. The open sale stays as it is.
 *
 * Not while somebody works here who has no PIN: anybody could unlock it with a tap, so a lock would
 * only stand in the way.
 */
export function lockIfIdle(core: Core): void {
  const { autoLockMinutes } = core.config.staffRules ?? usualStaffRules;
  const idleMs = core.ports.clock.monoMs() - core.activeAtMs;
  if (idleMs >= autoLockMinutes * MINUTE_MS && isKnownByPin(core)) signOut(core, 'idle');
}

/** Looks again and again whether the till is idle. Returns the function that stops the watch. */
export function watchIdle(core: Core): () => void {
  const { timer } = core.ports;
  const look = (): void => {
    lockIfIdle(core);
    cancel = timer.after(LOOK_EVERY_MS, look);
  };
  let cancel = timer.after(LOOK_EVERY_MS, look);
  return () => cancel();
}

function isKnownByPin(core: Core): boolean {
  const acting = signedIn(core);
  const person = activeStaff(core.config).find(({ cashier }) => cashier === acting?.cashier);
  return person !== undefined && person.pin !== null;
}
