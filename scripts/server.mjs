import { join } from 'node:path';
import { ensureInstalled, root, runNode, say, SetupProblem } from './setup.mjs';

/**
 * `npm run server`: the central server on its own, for several tills.
 *
 * Arguments go to it: `npm run server -- --data DIR --port 8080 --demo --pair`.
 */
try {
  await ensureInstalled();
  // The terminal sends Ctrl+C to both; the server ends in order and this ends with it.
  process.on('SIGINT', () => {});
  process.exitCode = await runNode([join(root, 'src/server/main.ts'), ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(error.message);
  process.exitCode = 1;
}
