import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deviceContract } from '#contract/device.ts';
import type { PrintJobReport, ScannerStatus } from '#contract/device.ts';
import { connect } from '#contract/rpc.ts';
import type { Channel, Connected, EventPayload } from '#contract/rpc.ts';

export type Scan = EventPayload<typeof deviceContract, 'scan'>;

/** The real device process, started as the shell starts it. */
export interface DeviceWorker {
  readonly process: ChildProcess;
  readonly call: Connected<typeof deviceContract>['call'];
  readonly scans: readonly Scan[];
  readonly scannerStatuses: readonly ScannerStatus[];
  /** Everything that left the process: frames, and both outputs. */
  everything(): string;
  /** Waits until `done` holds; throws with everything that was seen. */
  until(done: () => boolean, timeoutMs?: number): Promise<void>;
  /** Resolves with the exit code. */
  exited(): Promise<number | null>;
  stop(): Promise<void>;
}

const WORKER = join(import.meta.dirname, '../../../hardware/worker.ts');

const CALL_TIMEOUT_MS = 30_000;
const PRINT_TRIES_MAX = 20;

/** Starts hardware/worker.ts with Node's fork. */
export function startDeviceWorker(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): DeviceWorker {
  const child = fork(WORKER, [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const seen: string[] = [];
  const scans: Scan[] = [];
  const scannerStatuses: ScannerStatus[] = [];
  child.on('message', (message) => seen.push(JSON.stringify(message)));
  child.stdout?.setEncoding('utf8').on('data', (text: string) => seen.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => seen.push(text));
  const exit = once(child, 'exit');

  const connected = connect(deviceContract, channelOf(child), (onTimeout) => {
    const timer = setTimeout(onTimeout, CALL_TIMEOUT_MS);
    return () => clearTimeout(timer);
  });
  connected.on('scan', (scan) => scans.push(scan));
  connected.on('scanner', (status) => scannerStatuses.push(status));

  return {
    process: child,
    call: connected.call,
    scans,
    scannerStatuses,
    everything: () => seen.join('\n'),
    async until(done, timeoutMs = 30_000) {
      const deadline = performance.now() + timeoutMs;
      while (!done()) {
        if (performance.now() > deadline)
          throw new Error(`not seen in ${timeoutMs} ms:\n${seen.join('\n')}`);
        await sleep(10);
      }
    },
    async exited() {
      const [code] = await exit;
      return typeof code === 'number' ? code : null;
    },
    async stop() {
      connected.close();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exit;
    },
  };
}

/**
 * Prints as a till does: a job of which nothing was sent is given again. A shop's limits hold in the real
 * process, and on a busy machine a printer's answer may come after them.
 */
export async function printed(
  { call }: DeviceWorker,
  job: Parameters<DeviceWorker['call']['print']>[0],
): Promise<PrintJobReport> {
  for (let tries = 1; ; tries += 1) {
    const report = await call.print(job);
    const unsent = report.state === 'failed' && report.sentBytes === 0;
    if (!unsent || tries === PRINT_TRIES_MAX) return report;
    await sleep(200);
  }
}

function channelOf(child: ChildProcess): Channel {
  return {
    send: (frame) => void (child.connected && child.send(frame)),
    onFrame(listener) {
      const onMessage = (message: unknown): void => {
        if (typeof message === 'string') listener(message);
      };
      child.on('message', onMessage);
      return () => void child.off('message', onMessage);
    },
  };
}
