import { expect, it } from 'vitest';
import { faults } from './faults.ts';
import { faultsOf, tryFaults } from './support/try-faults.ts';

tryFaults('storage');

it('each fault is tried by one file', () => {
  const tried = Object.values(faultsOf).flat();
  expect(tried.toSorted()).toEqual(faults.map(({ name }) => name).toSorted());
});
