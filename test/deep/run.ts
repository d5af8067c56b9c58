import { mutation } from './mutation.ts';
import { fuzz, memory, properties, wedge } from './properties.ts';
import type { Step } from './step.ts';

/**
 * `npm run test:deep [-- STEP [PART …]]`: what takes too long for every commit.
 *
 * Runs the steps in order, or only the named one; the parts narrow a step that has parts. Exit 1
 * where something failed.
 */
const steps: readonly Step[] = [properties, fuzz, wedge, memory, mutation];

const [wanted, ...parts] = process.argv.slice(2);
const chosen = steps.filter(({ name }) => wanted === undefined || name === wanted);
if (chosen.length === 0) {
  process.stderr.write(`No such step. There are: ${steps.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const step of chosen) {
  process.stdout.write(`\n${step.name}: ${step.about}\n`);
  const startMs = performance.now();
  const tally = await step.run(parts);
  const tookS = Math.round((performance.now() - startMs) / 1000);
  process.stdout.write(`${step.name} took ${tookS} s\n`);
  passed += tally.passed;
  failed += tally.failed;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
