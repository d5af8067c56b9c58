import { z } from 'zod';
import { circumstancesReason, type Context, datesHold } from './context.ts';
import { pointCounters } from './earn-base.ts';
import { standingIn } from './member.ts';
import { programmesMax, rulesMax, type Programme } from './programme.ts';

/** Schema of `Counted`. */
export const countedField = z.strictObject({
  /** Rules whose circumstances (member, time, place, counters) held, as `programme/rule`. */
  held: z.array(z.string().max(100)).max(programmesMax * rulesMax),
  /** Tier of the member per programme, where it multiplied. */
  tiers: z.record(z.string().max(48), z.string().max(48)),
  /** Points that the limits of those rules had counted before, by `useKey`; left out where none. */
  used: z.record(z.string().max(128), z.int().positive()),
});

/**
 * All that earning read of the world around the basket, as it was: a return counts by it again.
 *
 * What the programme's own caps and budget left is not here: `points` of the earning is what they
 * let through, and no return leaves more than that.
 */
export type Counted = Readonly<z.infer<typeof countedField>>;

/** What a later return of these programmes' points goes by. */
export function countedNow(programmes: readonly Programme[], context: Context): Counted {
  const held: string[] = [];
  const tiers: Record<string, string> = {};
  const used: Record<string, number> = {};
  for (const programme of programmes) {
    const tier = context.member === null ? null : standingIn(context.member, programme.id).tier;
    if (tier !== null) tiers[programme.id] = tier;
    for (const rule of programme.rules) {
      const holds =
        rule.enabled &&
        rule.trigger.on === 'sale' &&
        datesHold(rule.dates, context.day) &&
        circumstancesReason(rule, programme, context) === null;
      if (!holds) continue;
      held.push(`${programme.id}/${rule.id}`);
      for (const key of pointCounters(rule, programme)) {
        const points = context.facts.uses[key]?.points ?? 0;
        if (points > 0) used[key] = points;
      }
    }
  }
  return { held, tiers, used };
}
