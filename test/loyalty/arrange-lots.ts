import fc from 'fast-check';
import type { LotEntry } from '#loyalty/entry.ts';

/** A day in milliseconds. */
export const dayMs = 86_400_000;

/** A row of one account. */
export function entry(id: string, amount: number, more: Partial<LotEntry> = {}): LotEntry {
  return {
    id,
    type: amount >= 0 ? 'earn' : 'redeem',
    amount,
    source: `source-${id}`,
    lotId: null,
    ofEntryId: null,
    effectiveAtMs: 0,
    expiresAtMs: null,
    ...more,
  };
}

/** Any history: credits with and without an end, debits, expiries, reversals of earlier entries. */
export const anyHistory = fc
  .array(
    fc.record({
      kind: fc.constantFrom('earn', 'earn', 'redeem', 'expire', 'reverse', 'adjust'),
      amount: fc.integer({ min: 1, max: 500 }),
      day: fc.integer({ min: 0, max: 60 }),
      lives: fc.constantFrom(null, 5, 30, 90),
      of: fc.nat({ max: 40 }),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const entries: LotEntry[] = [];
    for (const [index, step] of steps.entries()) {
      const id = `e${String(index).padStart(3, '0')}`;
      const effectiveAtMs = step.day * dayMs;
      const other = entries[step.of % Math.max(1, entries.length)];
      if (step.kind === 'earn' || step.kind === 'adjust') {
        const expiresAtMs = step.lives === null ? null : effectiveAtMs + step.lives * dayMs;
        entries.push(entry(id, step.amount, { type: step.kind, effectiveAtMs, expiresAtMs }));
      } else if (step.kind === 'redeem') entries.push(entry(id, -step.amount, { effectiveAtMs }));
      else if (other !== undefined && step.kind === 'expire') {
        entries.push(entry(id, -step.amount, { type: 'expire', lotId: other.id, effectiveAtMs }));
      } else if (other !== undefined) {
        const amount = -Math.sign(other.amount) * Math.min(step.amount, Math.abs(other.amount));
        entries.push(
          entry(id, amount, {
            type: 'reverse',
            ofEntryId: other.id,
            effectiveAtMs: Math.max(effectiveAtMs, other.effectiveAtMs),
          }),
        );
      }
    }
    return entries;
  });
