import { join } from 'node:path';
import { buildRenderer } from './build.mjs';
import { endWith, ensureInstalled, exitCode, nodeBinary, onStarterGone, root } from './setup.mjs';
import { spawn } from 'node:child_process';

/**
 * Runs one of the program's TypeScript modules, on a machine that may have an older Node.
 *
 * `node scripts/run.mjs [--page] MODULE ARGUMENTS`: `--page` builds the page first. Relative paths
 * among the arguments are meant from where the person stands.
 */
async function runModule(args) {
  const page = args[0] === '--page';
  const [module, ...rest] = page ? args.slice(1) : args;
  await ensureInstalled();
  if (page) await buildRenderer();
  const child = spawn(nodeBinary(), [join(root, module), ...rest], {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
  });
  // The terminal sends Ctrl+C to both; the module ends in order and this ends with it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  onStarterGone(() => child.kill('SIGTERM'));
  return exitCode(child);
}

await endWith(runModule);
