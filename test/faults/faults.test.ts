import { describe, expect, it } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { faults } from './faults.ts';

/** Bounds a run that hangs; says nothing about speed. */
const TIMEOUT_MS = 300_000;

describe('a fault', () => {
  for (const fault of faults) {
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
