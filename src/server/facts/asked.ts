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
  const key = ({ programme, id }: AskedUse): string => `${programme} ${id}`;
  const mine = new Set(askedOfMembers(programmes).map(key));
  const shared = new Set(askedOfProgrammes(programmes).map(key));
  return [
    ...uses.filter((use) => use.owner !== NOBODY && mine.has(key(use))),
    ...uses.filter((use) => shared.has(key(use))).map((use) => ({ ...use, owner: EVERYBODY })),
  ];
}

/** Programmes that may give only so many points. */
export function budgeted(programmes: readonly Programme[]): readonly string[] {
  return programmes.filter(({ caps }) => caps.budgetPoints !== null).map(({ id }) => id);
}
