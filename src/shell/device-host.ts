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
  /** Id of a printer profile; null = the device process's default. */
  readonly printerProfile: string | null;
  readonly scanners: readonly string[];
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly monoMs: () => number;
  readonly restart?: RestartPolicy;
  readonly pulse?: PulsePolicy;
}

/**
 * Longest a call may stay open. A print takes as long as a person needs to bring paper; whether the
 * process still lives is asked while it waits.
 */
const CALL_TIMEOUT_MS = 30 * 60_000;
const STATUS_TIMEOUT_MS = 5000;
const PULSE: PulsePolicy = { everyMs: 10_000, answerWithinMs: STATUS_TIMEOUT_MS, missedMax: 3 };

/** When a device process that owes a print is held for dead: it answers nothing, several times. */
export interface PulsePolicy {
  readonly everyMs: number;
  readonly answerWithinMs: number;
  readonly missedMax: number;
}

/** The device process, kept running. */
export interface DeviceHost {
  readonly devices: Devices;
  /** Stops it for good. */
  stop(): Promise<void>;
}

interface Calls extends Connected<typeof deviceContract> {
  /** Ends the process without asking; it is started again. */
  kill(): void;
}

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

  const devices = devicesOver(() => calls, listeners, log, options.pulse ?? PULSE);
  return { devices, stop: () => supervised.stop() };
}

function devicesOver(
  calls: () => Calls | null,
  listeners: Set<(event: DeviceEvent) => void>,
  log: Log,
  pulse: PulsePolicy,
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
        const process_ = living();
        const printing = process_.call.print({ jobId, document: { ...document, lines } });
        return ok(await whileAlive(printing, process_, pulse, log));
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

/** Passes the answer on, and kills a process that has stopped answering anything: then it is `gone`. */
async function whileAlive<Value>(
  answer: Promise<Value>,
  process_: Calls,
  pulse: PulsePolicy,
  log: Log,
): Promise<Value> {
  let missed = 0;
  let asking = false;
  const feel = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const answered = await inTime(process_.call.status(null), pulse.answerWithinMs).then(
      () => true,
      () => false,
    );
    asking = false;
    missed = answered ? 0 : missed + 1;
    if (missed < pulse.missedMax) return;
    log.error('devices-hang', { missed });
    process_.kill();
  };
  const timer = setInterval(() => void feel(), pulse.everyMs);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}

function deviceArguments({ printer, printerProfile, scanners }: DeviceHostOptions): string[] {
  // `keyboard` is the page's own scanner: it needs no device.
  const addresses = scanners.filter((address) => address !== 'keyboard');
  return [
    ...['--printer', printer],
    ...(printerProfile === null ? [] : ['--printer-profile', printerProfile]),
    ...addresses.flatMap((address) => ['--scanner', address]),
  ];
}

function connectChild(child: Child, tell: (event: DeviceEvent) => void): Calls {
  const calls = connect(deviceContract, childChannel(child), callTimer(CALL_TIMEOUT_MS));
  calls.on('scan', ({ code, source }) => tell({ kind: 'scan', code, source }));
  calls.on('print-job', (report) => tell({ kind: 'print-job', report }));
  calls.on('printer', (status) => tell({ kind: 'printer', status }));
  calls.on('scanner', (status) => tell({ kind: 'scanner', status }));
  calls.on('virtual-paper', (paper) => tell({ kind: 'paper', paper }));
  return { ...calls, kill: () => child.kill() };
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
