import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { triesChangeOf, WHOLE_TILL } from '#till/pin-tries.ts';
import { removeFolders, type TestTill } from './support/a-till.ts';
import { signIn, withPins, WRONG } from './support/staff.ts';

afterAll(removeFolders);

const pins = { ada: '2718', ben: '3141', sue: '1618', max: '1414' } as const;
/** What a test's till takes to start, on its own clock. */
const START_MS = 10;
const names = Object.keys(pins) as (keyof typeof pins)[];

type Step =
  | { readonly do: 'right' | 'wrong'; readonly who: keyof typeof pins }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'set-clock'; readonly days: number }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wrong'), who: fc.constantFrom(...names) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wrong'), who: fc.constant('ada') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('right'), who: fc.constantFrom(...names) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set-clock'), days: fc.nat(900) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
);

/** The counts as the journal alone says them. */
function folded(till: TestTill): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of till.entries()) {
    const change = triesChangeOf(entry);
    if (change?.kind === 'wrong') {
      for (const whose of [change.of, WHOLE_TILL]) counts.set(whose, (counts.get(whose) ?? 0) + 1);
    }
    if (change?.kind === 'right' && change.all) counts.clear();
    if (change?.kind === 'right') {
      counts.delete(change.of);
      counts.delete(WHOLE_TILL);
    }
  }
  return counts;
}

const waitOf = (till: TestTill, who: string): number =>
  till.state().staff.people.find(({ cashier }) => cashier === who)?.waitMs ?? -1;

describe('whatever is tried at a till', () => {
  test('no PIN is looked at while its name waits, and the counts are what the journal says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        let till = await withPins();
        for (const one of steps) {
          if (one.do === 'pass') await till.time.advance(one.seconds * 1000);
          else if (one.do === 'set-clock') {
            const before = names.map((who) => waitOf(till, who));
            till.time.setWall(till.time.clock.wallMs() + one.days * 86_400_000);
            expect(names.map((who) => waitOf(till, who))).toEqual(before);
          } else if (one.do === 'restart') {
            const before = names.map((who) => waitOf(till, who));
            await till.close();
            till = await till.restart();
            // A wait begins anew; none is shorter for it.
            for (const [at, who] of names.entries()) {
              expect(waitOf(till, who)).toBeGreaterThanOrEqual((before[at] ?? 0) - START_MS);
            }
          } else {
            const waits = waitOf(till, one.who) > 0;
            const journal = till.bodies().length;
            const pin = one.do === 'right' ? pins[one.who] : WRONG;
            const answer = await signIn(till, one.who, pin);
            expect(answer.outcome === 'done').toBe(one.do === 'right' && !waits);
            expect(till.bodies().length).toBe(waits ? journal : journal + 1);
            if (answer.outcome === 'done') await till.call['sign-in.lock'](null);
          }
          expect(till.database.read.pinTries()).toEqual(folded(till));
        }
        await till.close();
      }),
      { numRuns: 20 },
    );
  });
});
