import type { ProgrammeFacts } from '#contract/facts.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { touchFacts } from '#server/members/feed.ts';
import { remeasure } from './remeasure.ts';
import { tieredOf } from '#server/members/tier-rules.ts';
import { askedOfMembers, askedOfProgrammes, budgeted } from './asked.ts';
import { recountUses } from './recount.ts';
import { EVERYBODY } from './use-fold.ts';
import { readUses } from './uses.ts';

/** Budgets and shared limits of the programmes that have any. */
export async function sharedFacts(
  db: ReadableDb,
  tenant: string,
  programmes: readonly Programme[],
): Promise<readonly ProgrammeFacts[]> {
  const asked = askedOfProgrammes(programmes);
  const concerned = new Set([...budgeted(programmes), ...asked.map(({ programme }) => programme)]);
  const given = await givenOf(db, tenant, [...concerned]);
  const uses = (await readUses(db, tenant, [EVERYBODY], asked)).get(EVERYBODY) ?? [];
  return [...concerned].toSorted().map((programme) => ({
    programme,
    givenPoints: given.get(programme) ?? 0,
    uses: uses.filter((use) => use.programme === programme),
  }));
}

/** Points that programmes with a budget gave so far. */
export async function givenOf(
  db: ReadableDb,
  tenant: string,
  programmes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (programmes.length === 0) return new Map();
  const rows = await db.query<{ programme: string; points: number }>(
    'select programme, points from programme_given where tenant = $1 and programme = any($2::text[])',
    [tenant, programmes],
  );
  return new Map(rows.map(({ programme, points }) => [programme, points]));
}

/**
 * Counts anew what the new programmes ask and the old ones did not: windows, shared limits, budgets.
 *
 * Reads the whole ledger where it must; a shop changes its programmes rarely.
 */
export async function recountFor(
  db: WritableDb,
  tenant: string,
  before: readonly Programme[],
  after: readonly Programme[],
): Promise<void> {
  for (const programme of tieredOf(after)) {
    const old = tieredOf(before).find(({ id }) => id === programme.id);
    const same = old?.tierSettings.window.kind === programme.tierSettings.window.kind;
    if (!same) await remeasure(db, tenant, programme);
  }
  const asked = (programmes: readonly Programme[]): string =>
    JSON.stringify([askedOfMembers(programmes), askedOfProgrammes(programmes), groups(programmes)]);
  if (asked(before) !== asked(after)) await recountUses(db, tenant, after);
  const limited = budgeted(after);
  await db.execute('delete from programme_given where tenant = $1', [tenant]);
  if (limited.length > 0) {
    await db.execute(
      `insert into programme_given (tenant, programme, points)
       select $1, programme, sum(points)::bigint from ledger
       where tenant = $1 and type = 'earn' and programme = any($2::text[]) group by programme`,
      [tenant, limited],
    );
  }
  await touchFacts(db, tenant);
}

/** Which rules share their counters. */
function groups(programmes: readonly Programme[]): readonly string[] {
  return programmes.flatMap(({ id, rules }) =>
    rules.flatMap((rule) =>
      rule.limitGroup === null ? [] : [`${id} ${rule.id} ${rule.limitGroup}`],
    ),
  );
}
