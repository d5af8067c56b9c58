import { deviceContract } from '#contract/device.ts';
import { connect, CallError, type CallTimer, type Connected } from '#contract/rpc.ts';
import { err, ok, type Err } from '#loyalty/result.ts';
import type { DeviceEvent, Devices, Log } from '#till/ports.ts';
import { childChannel, type Child, type SpawnChild } from './child.ts';
import { keepRunning, type RestartPolicy } from './supervise.ts';

export interface DeviceHostOptions {
  readonly spawn: SpawnChild;
  /** Path of the device process's module. */
  readonly modulePath: string;
  readonly printer: string;
  readonly scanners: readonly string[];
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly monoMs: () => number;
  readonly restart?: RestartPolicy;
}

/** A slow printer may take this long for one receipt before the call is given up. */
const PRINT_TIMEOUT_MS = 180_000;
const STATUS_TIMEOUT_MS = 5000;

/** The device process, kept running. */
export interface DeviceHost {
  readonly devices: Devices;
  /** Stops it for good. */
  stop(): Promise<void>;
}

type Calls = Connected<typeof deviceContract>;

/** Runs the drivers in a process of their own: a driver that crashes takes no sale with it. */
export function startDeviceHost(options: DeviceHostOptions): DeviceHost {
  const { log, monoMs } = options;
  const listeners = new Set<(event: DeviceEvent) => void>();
  const tell = (event: DeviceEvent): void => {
    for (const listener of listeners) listener(event);
  };
  let calls: Calls | null = null;

  const supervised = keepRunning({
    name: 'devices',
    start: () => options.spawn(options.modulePath, deviceArguments(options), 'Regulars devices'),
    onStart(child) {
      calls = connectChild(child, tell);
      tell({ kind: 'started' });
    },
    onEnd() {
      calls?.close();
      calls = null;
      tell({ kind: 'stopped' });
    },
    log,
    monoMs,
    restart: options.restart,
  });

  return { devices: devicesOver(() => calls, listeners, log), stop: () => supervised.stop() };
}

function devicesOver(
  calls: () => Calls | null,
  listeners: Set<(event: DeviceEvent) => void>,
  log: Log,
): Devices {
  const living = (): Calls => {
    const now = calls();
    if (now === null) throw new CallError('closed', 'device process');
    return now;
  };
  return {
    async print(jobId, document) {
      try {
        const lines = [...document.lines];
        return ok(await living().call.print({ jobId, document: { ...document, lines } }));
      } catch (error) {
        return gone(error, log, 'print');
      }
    },
    async status() {
      try {
        return ok(await inTime(living().call.status(null), STATUS_TIMEOUT_MS));
      } catch (error) {
        return gone(error, log, 'status');
      }
    },
    beep(kind) {
      // A beep that nobody hears is no reason to tell anybody.
      calls()
        ?.call.beep({ kind })
        .catch(() => undefined);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function deviceArguments({ printer, scanners }: DeviceHostOptions): string[] {
  // `keyboard` is the page's own scanner: it needs no device.
  const addresses = scanners.filter((address) => address !== 'keyboard');
  return ['--printer', printer, ...addresses.flatMap((address) => ['--scanner', address])];
}

function connectChild(child: Child, tell: (event: DeviceEvent) => void): Calls {
  const calls = connect(deviceContract, childChannel(child), callTimer(PRINT_TIMEOUT_MS));
  calls.on('scan', ({ code, source }) => tell({ kind: 'scan', code, source }));
  calls.on('print-job', (report) => tell({ kind: 'print-job', report }));
  calls.on('printer', (status) => tell({ kind: 'printer', status }));
  calls.on('scanner', (status) => tell({ kind: 'scanner', status }));
  calls.on('virtual-paper', (paper) => tell({ kind: 'paper', paper }));
  return calls;
}

function callTimer(timeoutMs: number): CallTimer {
  return (onTimeout) => {
    const timer = setTimeout(onTimeout, timeoutMs);
    return () => clearTimeout(timer);
  };
}

/** The channel waits as long as a print may take; a status is wanted sooner. */
function inTime<Value>(answer: Promise<Value>, timeoutMs: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = callTimer(timeoutMs)(() => reject(new CallError('timeout', 'status')));
    answer.then(resolve, reject).finally(cancel);
  });
}

/** The process is not there, or did not answer in time: for the caller that is the same. */
function gone(error: unknown, log: Log, method: string): Err<{ readonly code: 'gone' }> {
  if (!(error instanceof CallError)) throw error;
  log.warn('device-call-failed', { method, code: error.code, detail: error.detail });
  return err({ code: 'gone' });
}
