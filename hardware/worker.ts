import { createLog } from '#node/log.ts';
import { createPrinterHost } from '#hardware/printer/create-printer-host.ts';
import { startDeviceProcess } from './device-process.ts';
import { hostChannel } from './host-channel.ts';
import { parseWorkerArguments } from './worker-arguments.ts';

/**
 * The device process: all drivers, apart from the till, so that one that crashes takes no sale with
 * it. Started by the shell; ends with it, at SIGTERM, or at the message `{ kind: 'stop' }`.
 */

const EXIT_USAGE = 64;
const EXIT_SOFTWARE = 70;
const RECOVERIES_MAX = 5;
const RECOVERY_WINDOW_MS = 60_000;
const CLOSE_TIMEOUT_MS = 3_000;

const log = createLog({
  write: (line) => void process.stderr.write(line),
  nowMs: () => Date.now(),
  fields: { process: 'devices' },
});

const parsed = parseWorkerArguments(process.argv.slice(2));
const channel = hostChannel(process);
if (!parsed.ok || channel === null) {
  const reason = parsed.ok ? 'start it from the till: it needs a process to talk to' : parsed.error;
  log.error('cannot-start', { reason });
  process.exit(EXIT_USAGE);
}

const devices = startDeviceProcess({
  channel,
  arguments: parsed.value,
  createPrinter: createPrinterHost,
  log,
  nowMs: () => performance.now(),
});

let ending = false;
const end = (code: number): void => {
  if (ending) return;
  ending = true;
  // A driver that hangs in its native part must not keep the process.
  setTimeout(() => process.exit(code), CLOSE_TIMEOUT_MS).unref();
  void devices.close().finally(() => process.exit(code));
};

/** A driver threw where nobody could catch it. Some of that is survived; a row of it is not. */
const recoveriesMs: number[] = [];
const recover = (error: unknown): void => {
  const nowMs = performance.now();
  recoveriesMs.push(nowMs);
  while (nowMs - (recoveriesMs[0] ?? nowMs) > RECOVERY_WINDOW_MS) recoveriesMs.shift();
  devices.recover(error);
  if (recoveriesMs.length > RECOVERIES_MAX) end(EXIT_SOFTWARE);
};

channel.onEnd(() => end(0));
process.on('SIGTERM', () => end(0));
// Ctrl+C reaches the whole process group; the shell ends its children in order.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', recover);
process.on('unhandledRejection', recover);
