export { expect } from 'vitest';

/** A test as its file states it. */
export interface Collected {
  readonly name: string;
  readonly body: () => unknown;
}

type Body = (...args: unknown[]) => unknown;

const collected: Collected[] = [];
const suites: string[] = [];

/** The tests collected since the last call. */
export function takeCollected(): readonly Collected[] {
  return collected.splice(0);
}

/** A suite; stands in for vitest's. */
export function describe(name: string, body: () => void): void {
  suites.push(name);
  body();
  suites.pop();
}

function collect(name: string, body: () => unknown): void {
  collected.push({ name: [...suites, name].join(' > '), body });
}

/** A test, or one per row of a table; stands in for vitest's. */
export const it = Object.assign(collect, {
  each:
    (rows: readonly unknown[]) =>
    (name: string, body: Body): void => {
      rows.forEach((row, index) => {
        const args: readonly unknown[] = Array.isArray(row) ? row : [row];
        collect(`${name} (${index})`, () => body(...args));
      });
    },
});
