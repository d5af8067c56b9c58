import { useTillState } from '#renderer/till/till-context.ts';

/** Names of those who work here, by reference; a reference nobody has any more stays as it is. */
export function usePeople(): (cashier: string) => string {
  const people = useTillState((state) => state.staff.people);
  return (cashier) => people.find((person) => person.cashier === cashier)?.name ?? cashier;
}
