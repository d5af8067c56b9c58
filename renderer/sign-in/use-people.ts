import { useTillState } from '#renderer/till/till-context.ts';
import { useCounterUi } from '#renderer/cashier/use-counter.ts';
import type { PeopleMode } from './people.ts';

const locked: PeopleMode = { kind: 'locked' };

/** Why the page of names is shown, kept up to date; null while it is not. */
export function usePeopleMode(): PeopleMode | null {
  const isLocked = useTillState((state) => state.staff.signedIn === null);
  const why = useCounterUi((ui) => ui.people.why);
  return isLocked ? locked : why;
}
