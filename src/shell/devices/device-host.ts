import type { z } from 'zod';
import {
  deviceContract,
  type PoleLine,
  type PoleStatus,
  type VirtualHandChange,
} from '#contract/device.ts';
import type { DeviceRoles } from '#contract/device-setup.ts';
import type { PairingPage } from '#contract/printer-pairing.ts';
import { connect, CallError, type CallTimer, type Connected } from '#contract/rpc.ts';
import { err, ok, type Err, type Result } from '#loyalty/result.ts';
import type { DeviceEvent, Devices, Log } from '#till/ports.ts';
import { childChannel, type Child, type SpawnChild } from '#shell/child.ts';
import { keepRunning, type RestartPolicy, type Supervised } from '#shell/supervise.ts';
import { deviceArguments } from './device-arguments.ts';

export interface DeviceHostOptions {
  readonly spawn: SpawnChild;
  /** Path of the device process's module. */
  readonly modulePath: string;
  readonly roles: DeviceRoles;
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
/** The devices' screen waits eight seconds for its own answer. */
const BENCH_TIMEOUT_MS = 6000;
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
  /** What only the devices' own screen asks; `gone` when the process is not there or too slow. */
  readonly bench: DeviceBench;
  onPole(listener: (status: PoleStatus) => void): () => void;
  /** True while a receipt is on its way. */
  isPrinting(): boolean;
  /** Starts the process anew with other devices; resolves when the new one has been started. */
  change(roles: DeviceRoles): Promise<void>;
  /** Stops it for good. */
  stop(): Promise<void>;
}

type Gone = { readonly code: 'gone' };
type DeviceCalls = typeof deviceContract.calls;
type Answer<Name extends keyof DeviceCalls> = Promise<
  Result<z.output<DeviceCalls[Name]['output']>, Gone>
>;

/** Calls of the device contract beside those the till's core makes. */
export interface DeviceBench {
  find(): Answer<'find'>;
  pairing(jobId: string, page: PairingPage): Answer<'pairing'>;
  learn(timeoutMs: number): Answer<'learn'>;
  drawer(): Answer<'drawer'>;
  hand(change: VirtualHandChange): Answer<'hand'>;
  pole(text: { readonly upper: PoleLine; readonly lower: PoleLine }): Answer<'pole'>;
}

interface Calls extends Connected<typeof deviceContract> {
  /** Ends the process without asking; it is started again. */
  kill(): void;
}

/** Runs the drivers in a process of their own: a driver that crashes takes no sale with it. */
export function startDeviceHost(options: DeviceHostOptions): DeviceHost {
  const { log, monoMs } = options;
  const listeners = new Set<(event: DeviceEvent) => void>();
  const poles = new Set<(status: PoleStatus) => void>();
  const hears: Hears = {
    device: (event) => {
      for (const listener of listeners) listener(event);
    },
    pole: (status) => {
      for (const listener of poles) listener(status);
    },
  };
  let calls: Calls | null = null;
  let printing = 0;
  let stopped = false;

  const run = (roles: DeviceRoles): Supervised =>
    keepRunning({
      name: 'devices',
      start: () => options.spawn(options.modulePath, deviceArguments(roles), 'Regulars devices'),
      onStart(child) {
        calls = connectChild(child, hears);
        hears.device({ kind: 'started' });
      },
      onEnd() {
        calls?.close();
        calls = null;
        hears.device({ kind: 'stopped' });
      },
      log,
      monoMs,
      restart: options.restart,
    });
  let supervised = run(options.roles);
  let changing = Promise.resolve();

  const devices = devicesOver(() => calls, listeners, log, options.pulse ?? PULSE);
  return {
    devices: {
      ...devices,
      async print(jobId, document) {
        printing += 1;
        return devices.print(jobId, document).finally(() => (printing -= 1));
      },
    },
    bench: benchOver(() => calls, log),
    onPole(listener) {
      poles.add(listener);
      return () => void poles.delete(listener);
    },
    isPrinting: () => printing > 0,
    change(roles) {
      changing = changing.then(async () => {
        await supervised.stop();
        if (!stopped) supervised = run(roles);
      });
      return changing;
    },
    async stop() {
      stopped = true;
      await changing;
      await supervised.stop();
    },
  };
}

/** Who is told what the device process says unasked. */
interface Hears {
  device(event: DeviceEvent): void;
  pole(status: PoleStatus): void;
}

function benchOver(calls: () => Calls | null, log: Log): DeviceBench {
  const ask = async <Value>(
    method: string,
    make: (call: Calls['call']) => Promise<Value>,
    timeoutMs = BENCH_TIMEOUT_MS,
  ): Promise<Result<Value, Gone>> => {
    const now = calls();
    if (now === null) return err({ code: 'gone' });
    try {
      return ok(await inTime(make(now.call), timeoutMs));
    } catch (error) {
      return gone(error, log, method);
    }
  };
  return {
    find: () => ask('find', (call) => call.find(null)),
    pairing: (jobId, page) =>
      ask('pairing', (call) => call.pairing({ jobId, page }), CALL_TIMEOUT_MS),
    learn: (timeoutMs) =>
      ask('learn', (call) => call.learn({ timeoutMs }), timeoutMs + BENCH_TIMEOUT_MS),
    drawer: () => ask('drawer', (call) => call.drawer(null)),
    hand: (change) => ask('hand', (call) => call.hand(change)),
    pole: (text) => ask('pole', (call) => call.pole(text)),
  };
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

function connectChild(child: Child, hears: Hears): Calls {
  const tell = hears.device;
  const calls = connect(deviceContract, childChannel(child), callTimer(CALL_TIMEOUT_MS));
  calls.on('scan', ({ code, source }) => tell({ kind: 'scan', code, source }));
  calls.on('print-job', (report) => tell({ kind: 'print-job', report }));
  calls.on('printer', (status) => tell({ kind: 'printer', status }));
  calls.on('scanner', (status) => tell({ kind: 'scanner', status }));
  calls.on('virtual-paper', (paper) => tell({ kind: 'paper', paper }));
  calls.on('pole', (status) => hears.pole(status));
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
