import { describe, expect, it } from 'vitest';
import { faults } from '#test/faults/faults.ts';
import { needs } from '#test/support/needs.ts';

/** Bounds a run that hangs; says nothing about speed. */
const TIMEOUT_MS = 300_000;

/**
 * Which file tries which faults, in their number of rounds of `npm test`: files run side by side.
 * Each has some that mostly wait and some that mostly work.
 */
export const faultsOf = {
  processes: ['kill', 'hang', 'network', 'two-processes'],
  storage: [
    'power-cut-till',
    'power-cut-server',
    'bit-flips',
    'full-disk-server',
    'disk-errors',
    'hostile',
  ],
  postgres: ['postgres-restart', 'postgres-failover'],
} as const;

/** Tries the faults of a file. */
export function tryFaults(file: keyof typeof faultsOf): void {
  const names: readonly string[] = faultsOf[file];
  describe('a fault', () => {
    for (const fault of faults.filter(({ name }) => names.includes(name))) {
      it(
        `${fault.name}: ${fault.promise}`,
        { ...needs(fault.missing()), timeout: TIMEOUT_MS },
        async () => {
          const { broken } = await fault.run(fault.short);
          expect(broken).toEqual([]);
        },
      );
    }
  });
}
