import type { Programme } from '#loyalty/programme.ts';
import { EVERYBODY, NOBODY, type UseChange } from './use-fold.ts';
import type { AskedUse } from './uses.ts';

interface Limited {
  readonly id: string;
  readonly limits: Programme['rules'][number]['limits'];
  readonly conditions: Programme['rules'][number]['conditions'];
}

function limitedOf(programme: Programme): Limited[] {
  return [
    ...programme.rules.map(({ id, limitGroup, limits, conditions }) => ({
      id: limitGroup ?? id,
      limits,
      conditions,
    })),
    ...programme.rewards,
    { id: '', limits: programme.caps.limits, conditions: [] },
  ];
}

function unique(asked: readonly AskedUse[]): AskedUse[] {
  return [...new Map(asked.map((use) => [`${use.programme} ${use.id}`, use])).values()];
}

/** Counters of a member that the shop's limits, caps and intervals ask for. */
export function askedOfMembers(programmes: readonly Programme[]): readonly AskedUse[] {
  return unique(
    programmes.flatMap((programme) => [
      ...limitedOf(programme)
        .filter(({ limits }) => limits.some(({ of, per }) => of === 'member' && per !== 'sale'))
        .map(({ id }) => ({ programme: programme.id, id })),
      // An interval looks at the rule itself, whatever group its limits share.
      ...[...programme.rules, ...programme.rewards]
        .filter(({ conditions }) => conditions.some(({ kind }) => kind === 'interval'))
        .map(({ id }) => ({ programme: programme.id, id })),
    ]),
  );
}

/** Counters that all members share: limits of the programme, and how often it may be used at all. */
export function askedOfProgrammes(programmes: readonly Programme[]): readonly AskedUse[] {
  return unique(
    programmes.flatMap((programme) => [
      ...(programme.mostUses === null ? [] : [{ programme: programme.id, id: '' }]),
      ...limitedOf(programme)
        .filter(({ limits }) => limits.some(({ of, per }) => of === 'programme' && per !== 'sale'))
        .map(({ id }) => ({ programme: programme.id, id })),
    ]),
  );
}

/**
 * Of all uses those that somebody asks for: of their members, and of all together.
 *
 * What nobody asks for is not counted; a new limit has it counted from the history.
 */
export function keptUses(
  uses: readonly UseChange[],
  programmes: readonly Programme[],
): readonly UseChange[] {
  const mine = byProgramme(askedOfMembers(programmes));
  const shared = byProgramme(askedOfProgrammes(programmes));
  const has = (asked: typeof mine, { programme, id }: AskedUse): boolean =>
    asked.get(programme)?.has(id) === true;
  return [
    ...uses.filter((use) => use.owner !== NOBODY && has(mine, use)),
    ...uses.filter((use) => has(shared, use)).map((use) => ({ ...use, owner: EVERYBODY })),
  ];
}

function byProgramme(asked: readonly AskedUse[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...Map.groupBy(asked, ({ programme }) => programme)].map(([programme, own]) => [
      programme,
      new Set(own.map(({ id }) => id)),
    ]),
  );
}

/** Programmes that may give only so many points. */
export function budgeted(programmes: readonly Programme[]): readonly string[] {
  return programmes.filter(({ caps }) => caps.budgetPoints !== null).map(({ id }) => id);
}
