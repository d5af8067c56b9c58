import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Collected, takeCollected } from './collect.ts';

/**
 * Runs the engine's tests in this process, for one seeded fault after the other.
 *
 * Stryker seeds the faults, keeps the time and counts; it has a runner of its own for vitest, which
 * starts a worker for every fault. The engine is pure: without that its tests answer ten times as
 * fast. Suites and tests are collected by `collect.ts`, `expect` is vitest's.
 */

/** What faulty code and this runner share in one process; Stryker defined it. */
interface Shared {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: unknown;
}

interface FaultRun {
  readonly activeMutant: { readonly id: string };
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
  readonly mutantActivation: 'runtime' | 'static';
}

interface TestOutcome {
  readonly id: string;
  readonly name: string;
  readonly timeSpentMs: number;
  readonly failureMessage: string | null;
}

const SEED = 20_261_122;
const TESTS = 'test/loyalty';

const shared: Shared = {};
Object.assign(globalThis, { __stryker__: shared });

/** Every mutant meets the same baskets: a survivor of one run is a survivor of the next. */
fc.configureGlobal({ seed: SEED, endOnFailure: true });

let round = 0;
let sandbox = '';

/** Tests get our collecting `it`; code that is loaded anew gets an address of its own. */
registerHooks({
  resolve(specifier, context, next) {
    const inside = sandbox !== '' && context.parentURL?.startsWith(sandbox) === true;
    if (inside && specifier === 'vitest') {
      return { url: new URL('./collect.ts', import.meta.url).href, shortCircuit: true };
    }
    const found = next(specifier, context);
    const own = found.url.startsWith(sandbox) && !found.url.includes('/node_modules/');
    return inside && own ? { ...found, url: `${found.url}?round=${round}` } : found;
  },
});

class QuickRunner {
  static readonly inject = [] as const;
  #tests: readonly Collected[] = [];
  /** Whether the loaded code was loaded with a fault in it. */
  #spoilt = true;
  readonly #tookMs = new Map<string, number>();

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<unknown> {
    shared.mutantCoverage = { static: {}, perTest: {} };
    await this.#load();
    const tests: unknown[] = [];
    for (const test of this.#tests) {
      const outcome = await this.#run(test);
      tests.push({ ...outcome, status: outcome.failureMessage === null ? 0 : 1 });
    }
    const { mutantCoverage } = shared;
    return { status: 'complete', tests, mutantCoverage };
  }

  async mutantRun(asked: FaultRun): Promise<unknown> {
    const startMs = performance.now();
    const isStatic = asked.mutantActivation === 'static';
    shared.activeMutant = isStatic ? asked.activeMutant.id : undefined;
    shared.hitLimit = asked.hitLimit;
    shared.hitCount = asked.hitLimit === undefined ? undefined : 0;
    try {
      if (isStatic || this.#spoilt) await this.#load();
    } catch (error) {
      return killed('loading', String(error), 0, startMs);
    } finally {
      this.#spoilt = isStatic;
    }
    shared.activeMutant = asked.activeMutant.id;
    let count = 0;
    for (const test of this.#chosen(asked.testFilter)) {
      count += 1;
      const { id, failureMessage } = await this.#run(test);
      if (shared.hitLimit !== undefined && (shared.hitCount ?? 0) > shared.hitLimit) {
        return { status: 'timeout', reason: 'it went round too often' };
      }
      if (failureMessage !== null) return killed(id, failureMessage, count, startMs);
    }
    return { status: 'survived', nrOfTests: count, duration: performance.now() - startMs };
  }

  /** The quick ones first: most faults are noticed by the first test they meet. */
  #chosen(filter: readonly string[] | undefined): readonly Collected[] {
    const wanted = filter === undefined ? null : new Set(filter);
    const took = ({ name }: Collected): number => this.#tookMs.get(name) ?? 0;
    return this.#tests
      .filter(({ name }) => wanted === null || wanted.has(name))
      .toSorted((left, right) => took(left) - took(right));
  }

  async #load(): Promise<void> {
    round += 1;
    sandbox = `${pathToFileURL(process.cwd()).href}/`;
    takeCollected();
    shared.currentTestId = undefined;
    for (const file of readdirSync(TESTS).filter((name) => name.endsWith('.test.ts'))) {
      await import(`${pathToFileURL(join(process.cwd(), TESTS, file)).href}?round=${round}`);
    }
    this.#tests = takeCollected();
  }

  async #run(test: Collected): Promise<TestOutcome> {
    const startMs = performance.now();
    shared.currentTestId = test.name;
    let failureMessage: string | null = null;
    try {
      await test.body();
    } catch (error) {
      failureMessage = error instanceof Error ? error.message : String(error);
    }
    const timeSpentMs = performance.now() - startMs;
    this.#tookMs.set(test.name, timeSpentMs);
    return { id: test.name, name: test.name, timeSpentMs, failureMessage };
  }
}

function killed(by: string, failureMessage: string, nrOfTests: number, startMs: number): unknown {
  const duration = performance.now() - startMs;
  return { status: 'killed', killedBy: [by], failureMessage, nrOfTests, duration };
}

/** What Stryker loads. */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'quick', injectableClass: QuickRunner },
] as const;
