/** Longest display name, in UTF-16 units; the contract's bound. */
const LENGTH_MAX = 64;

/** `Ayşe Kaya` -> `Ayşe K.`: enough to greet, not enough to look somebody up. Null for no name. */
export function displayName(name: string | null): string | null {
  const words = (name ?? '')
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const first = words[0];
  if (first === undefined) return null;
  const last = words.length > 1 ? words.at(-1) : undefined;
  const initial = last === undefined ? undefined : [...last][0];
  const shown = initial === undefined ? first : `${first} ${initial.toLocaleUpperCase('und')}.`;
  return shown.length <= LENGTH_MAX
    ? shown
    : `${first.slice(0, LENGTH_MAX - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
