import { deviceContract } from '#contract/device.ts';
import { serve } from '#contract/rpc.ts';
import type { Channel } from '#contract/rpc.ts';
import { errorText } from '#node/log.ts';
import type { Log } from '#node/log.ts';
import { createPoleHost } from '#hardware/pole/create-pole-host.ts';
import { createScannerHost } from '#hardware/scanner/create-scanner-host.ts';
import type { ScannerHost } from '#hardware/scanner/create-scanner-host.ts';
import { findDevices } from './find-devices.ts';
import { createGuardedPrinter } from './guarded-printer.ts';
import type { CreatePrinter, PrinterPart } from './guarded-printer.ts';
import type { WorkerArguments } from './worker-arguments.ts';

export interface DeviceProcessOptions {
  readonly channel: Channel;
  readonly arguments: WorkerArguments;
  readonly createPrinter: CreatePrinter;
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** The running device process. */
export interface DeviceProcess {
  /** Something fell over that no driver caught: the scanners start anew, a print goes on. */
  recover(error: unknown): void;
  close(): Promise<void>;
}

/** Answers the till's device contract with the printer, the scanners and the pole display of the command line. */
export function startDeviceProcess(options: DeviceProcessOptions): DeviceProcess {
  const { log, nowMs } = options;
  const {
    printer: address,
    pairing,
    printerProfile,
    scanners: addresses,
    settings,
    affixes,
    identities,
  } = options.arguments;
  // The handlers run only after all parts below exist: frames arrive in later turns.
  const served = serve(
    deviceContract,
    options.channel,
    {
      print: ({ jobId, document }) => printer.print(jobId, document),
      find: async () => [...(await findDevices())],
      pairing: ({ jobId, page }) => printer.printPairing(jobId, page),
      status: () => ({ printer: printer.status(), scanners: [...scanners.statuses()] }),
      beep({ kind }) {
        scanners.beep(kind);
        return null;
      },
      drawer: async () => ({ level: await printer.drawer() }),
      hand: (change) => printer.hand(change),
      learn: ({ timeoutMs }) => scanners.learn(timeoutMs),
      pole(text) {
        pole.show(text);
        return pole.status();
      },
    },
    (error, method) => log.error('device-call-failed', { method, error: errorText(error) }),
  );
  const scanners: ScannerHost = createScannerHost(
    { addresses, settings, affixes, identities, nowMs },
    {
      onScan: (scan) => served.emit('scan', scan),
      onStatus: (status) => served.emit('scanner', status),
    },
  );
  const printer: PrinterPart = createGuardedPrinter(
    options.createPrinter,
    {
      address,
      pairing,
      identity: identities.get(address) ?? null,
      ...(printerProfile === null ? {} : { profile: printerProfile }),
    },
    {
      onJob: (report) => served.emit('print-job', report),
      onStatus: (status) => served.emit('printer', status),
      onPaper: (paper) => served.emit('virtual-paper', paper),
    },
    log,
  );
  const { pole: poleAddress, poleProfile } = options.arguments;
  const pole = createPoleHost(
    {
      address: poleAddress,
      identity: identities.get(poleAddress) ?? null,
      ...(poleProfile === null ? {} : { profile: poleProfile }),
      throughPrinter: (bytes) => printer.aside(bytes),
    },
    (status) => served.emit('pole', status),
  );
  return {
    recover(error) {
      log.error('driver-fell-over', { error: errorText(error) });
      scanners.restart(errorText(error).slice(0, 300));
    },
    async close() {
      await Promise.allSettled([printer.close(), pole.close(), scanners.close()]);
      served.close();
    },
  };
}
