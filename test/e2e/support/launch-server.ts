import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { collectOutput, endProcess } from './collect-output.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 20_000;

/** The real central server with the demo shop, in a process of its own. */
export interface LaunchedServer {
  readonly url: string;
  /** Pass it to `launchServer` again, so that a till finds the server where it was. */
  readonly port: number;
  /** Enrols one till. */
  readonly pairingCode: string;
  readonly pid: number;
  output(): string;
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** Starts the server; `port` only to come back where it was before. */
export async function launchServer(options: {
  readonly dataFolder: string;
  readonly port?: number;
}): Promise<LaunchedServer> {
  const args = [
    '--data',
    options.dataFolder,
    '--port',
    String(options.port ?? 0),
    '--demo',
    '--pair',
  ];
  const child = spawn(process.execPath, [join(root, 'src/server/main.ts'), ...args], {
    cwd: root,
    // The channel says nothing; it ends with this process, and the other one with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.channel?.unref();
  const written = collectOutput(child, 'server');
  const [, line = '{}'] = await written.waitFor(/^(\{"ready".*\})$/m, READY_TIMEOUT_MS);
  const { ready, pairingCode } = JSON.parse(line) as { ready: string; pairingCode: string };
  return {
    url: ready,
    port: Number(new URL(ready).port),
    pairingCode,
    pid: child.pid ?? 0,
    output: written.text,
    async stop() {
      await endProcess(child, 'SIGTERM', STOP_TIMEOUT_MS);
    },
    async kill() {
      await endProcess(child, 'SIGKILL', STOP_TIMEOUT_MS);
    },
  };
}
