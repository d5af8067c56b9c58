import { runBounded } from './bounded-run.mjs';
import { buildElectron, buildRenderer } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureInstalled,
  makeFolder,
  root,
  runNode,
  say,
  SetupProblem,
  toolPath,
} from './setup.mjs';

/**
 * `npm test`: sets the checkout up, then everything CI checks.
 *
 * Every check runs even when an earlier one failed, so that one run tells all there is to tell.
 * Arguments go to vitest: `npm test -- test/shell`.
 */
const CHECKS = [
  { name: 'types', args: () => [toolPath('typescript', 'tsc'), '-b'] },
  { name: 'lint', args: () => [toolPath('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', args: () => [toolPath('oxfmt'), '--check'] },
  { name: 'unused code', args: () => [toolPath('knip'), '--no-progress'] },
];
const resultsPath = join(root, 'node_modules', '.cache', 'regulars', 'test-results.json');

async function test(vitestArgs) {
  await ensureInstalled();
  await ensureChromium();
  const failedChecks = [];
  for (const { name, run } of builds) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      say(error.message);
      failedChecks.push(name);
    }
  }
  for (const { name, args } of CHECKS) {
    say(`checking ${name}`);
    if ((await runNode(args())) !== 0) failedChecks.push(name);
  }
  say('running the tests');
  makeFolder(join(resultsPath, '..'));
  rmSync(resultsPath, { force: true });
  const vitestCode = await runBounded([toolPath('vitest'), 'run', ...vitestArgs], {
    resultsPath,
    env: {
      REGULARS_TEST_RESULTS: resultsPath,
      ...(failedChecks.includes(PAGE)
        ? {}
        : { REGULARS_TEST_PAGE: join(root, 'dist', 'renderer') }),
    },
  });
  return report(failedChecks, vitestCode);
}

const PAGE = 'renderer build';
const builds = [
  { name: PAGE, run: buildRenderer },
  { name: 'electron build', run: buildElectron },
];

/**
 * Says every skip with its reason, every failed check, and last the one line that counts.
 *
 * A run that was cut after it had written its results stands by them; one cut before has failed.
 */
function report(failedChecks, vitestCode) {
  const written = readResults();
  const results = written ?? { passed: 0, failed: 0, skips: [] };
  for (const { name, reason } of results.skips)
    process.stdout.write(`skipped: ${name}: ${reason}\n`);
  for (const name of failedChecks) process.stdout.write(`failed check: ${name}\n`);
  const ended = vitestCode === 0 || (vitestCode === null && written !== undefined);
  const broken = !ended && results.failed === 0 ? 1 : 0;
  if (broken === 1)
    process.stdout.write('failed check: the test run itself; the reason is above\n');
  const failed = results.failed + failedChecks.length + broken;
  const skipped = results.skips.length > 0 ? `, ${results.skips.length} skipped` : '';
  process.stdout.write(`${results.passed} passed, ${failed} failed${skipped}\n`);
  return failed === 0 ? 0 : 1;
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsPath, 'utf8'));
  } catch {
    return undefined;
  }
}

try {
  process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(error.message);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
