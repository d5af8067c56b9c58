import {
  CODES_MAX,
  HISTORY_MAX,
  type ChangeKind,
  type RewardRef,
  type Session,
  type SessionChange,
  type SessionLine,
} from './session-shape.ts';

/**
 * The sale after a change, with the way back from it.
 *
 * Only what the change touched is kept, so that a long sale costs no more to save. What comes after
 * a clearing begins anew: goods of the sale before must not come back to the next shopper.
 */
export function remembering(before: Session, after: Session, atMs: number): Session {
  const change = changeBetween(before, after, atMs);
  if (change === null) return { ...after, past: before.past };
  const begins = before.past.at(-1)?.what === 'cleared';
  const past = begins ? [change] : [...before.past, change].slice(-HISTORY_MAX);
  return { ...after, past };
}

/** What differs; null where nothing does that a person would take back. */
function changeBetween(before: Session, after: Session, atMs: number): SessionChange | null {
  const now = new Map(after.lines.map((line) => [line.id, line]));
  const there = new Set(before.lines.map(({ id }) => id));
  const lines = before.lines.flatMap((line, at) =>
    same(now.get(line.id), line) ? [] : [{ at, line }],
  );
  const added = after.lines.flatMap(({ id }) => (there.has(id) ? [] : [id]));
  const what = kindOf(before, after, { lines, added });
  if (what === null) return null;
  return {
    what: what.kind,
    name: what.name,
    atMs,
    lines,
    added,
    ...(before.member?.member === after.member?.member ? {} : { member: before.member }),
    rewards: before.rewards.map(refOf),
    codes: before.codes.map(({ text }) => text).slice(0, CODES_MAX),
  };
}

interface Kind {
  readonly kind: ChangeKind;
  readonly name: SessionChange['name'];
}

function kindOf(
  before: Session,
  after: Session,
  { lines, added }: Pick<SessionChange, 'lines' | 'added'>,
): Kind | null {
  const [newId] = added;
  const touched = lines[0]?.line;
  if (touched !== undefined && after.lines.length === 0) {
    return { kind: 'cleared', name: lines.length === 1 ? touched.name : null };
  }
  if (newId !== undefined) {
    return { kind: 'line-added', name: after.lines.find(({ id }) => id === newId)?.name ?? null };
  }
  if (touched !== undefined) {
    const stays = after.lines.some(({ id }) => id === touched.id);
    return { kind: stays ? 'line-changed' : 'line-removed', name: touched.name };
  }
  if (before.member?.member !== after.member?.member) {
    return { kind: after.member === null ? 'member-detached' : 'member-attached', name: null };
  }
  if (before.codes.length !== after.codes.length) {
    const [longer, shorter] =
      after.codes.length > before.codes.length ? [after, before] : [before, after];
    const text = longer.codes.find(
      (code) => !shorter.codes.some((other) => other.text === code.text),
    )?.text;
    const kind = longer === after ? 'code-entered' : 'code-removed';
    return { kind, name: text === undefined ? null : { en: text } };
  }
  if (before.rewards.length === after.rewards.length) return null;
  return {
    kind: after.rewards.length > before.rewards.length ? 'reward-applied' : 'reward-removed',
    name: null,
  };
}

function same(one: SessionLine | undefined, other: SessionLine): boolean {
  return (
    one !== undefined &&
    one.quantityMilli === other.quantityMilli &&
    one.unitPriceMinor === other.unitPriceMinor
  );
}

function refOf({ programme, reward, sku }: RewardRef): RewardRef {
  return { programme, reward, sku };
}

/** The lines as they were before a change. A line that left meanwhile by itself stays away. */
export function linesBefore(open: Session, change: SessionChange): Session['lines'] {
  const lines = open.lines.filter(({ id }) => !change.added.includes(id));
  for (const { at, line } of change.lines) {
    const index = lines.findIndex(({ id }) => id === line.id);
    if (index === -1) lines.splice(Math.min(at, lines.length), 0, line);
    else lines[index] = line;
  }
  return lines;
}
