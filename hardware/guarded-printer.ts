import type {
  DrawerLevel,
  PrinterStatus,
  PrintJobReport,
  VirtualHand,
  VirtualHandChange,
  VirtualPaper,
} from '#contract/device.ts';
import type { PairingPage, PrinterPairing } from '#contract/printer-pairing.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { errorText } from '#node/log.ts';
import type { Log } from '#node/log.ts';

/** The printer half, as the device process sees it. */
export interface PrinterPart {
  print(jobId: string, document: ReceiptDocument): Promise<PrintJobReport>;
  printPairing(jobId: string, page: PairingPage): Promise<PrintJobReport>;
  /** Bytes that print nothing, between jobs; false when they did not go out. */
  aside(bytes: Uint8Array): Promise<boolean>;
  /** Level of the drawer's contact; null = it does not say. */
  drawer(): Promise<DrawerLevel | null>;
  /** Puts a hand on the virtual printer; null where it is a real one. */
  hand(change: VirtualHandChange): VirtualHand | null;
  status(): PrinterStatus;
  close(): Promise<void>;
}

/** What the printer half tells unasked. */
export interface PrinterPartEvents {
  onJob(report: PrintJobReport): void;
  onStatus(status: PrinterStatus): void;
  onPaper(paper: VirtualPaper): void;
}

/** Which printer, as the command line says. */
export interface PrinterChoice {
  readonly address: string;
  /** Id of a profile; left out = the default one. */
  readonly profile?: string;
  /** Which device it is, by its serial number. */
  readonly identity?: string | null;
  /** What pairing found out about this very printer. */
  readonly pairing?: PrinterPairing;
}

/** Makes the printer half for one address. */
export type CreatePrinter = (options: PrinterChoice, events: PrinterPartEvents) => PrinterPart;

/**
 * Wraps the printer half so that what it throws becomes a status and a failed job: a bug in a driver
 * neither ends the process nor leaves a receipt waiting for an answer.
 */
export function createGuardedPrinter(
  create: CreatePrinter,
  choice: PrinterChoice,
  events: PrinterPartEvents,
  log: Log,
): PrinterPart {
  const { address } = choice;
  let printer: PrinterPart | null = null;
  let broken = '';
  let latest: PrintJobReport | null = null;
  const fail = (error: unknown): void => {
    broken = errorText(error).slice(0, 300);
    log.error('printer-fell-over', { error: broken });
    events.onStatus(brokenStatus(address, broken));
  };
  try {
    const onJob = (report: PrintJobReport): void => {
      latest = report;
      events.onJob(report);
    };
    printer = create(choice, { ...events, onJob });
  } catch (error) {
    fail(error);
  }
  const job = async (
    jobId: string,
    start: (printer: PrinterPart) => Promise<PrintJobReport>,
  ): Promise<PrintJobReport> => {
    try {
      if (printer !== null) return await start(printer);
    } catch (error) {
      fail(error);
    }
    return brokenReport(jobId, latest?.jobId === jobId ? latest : null, broken);
  };
  return {
    print: (jobId, document) => job(jobId, (part) => part.print(jobId, document)),
    printPairing: (jobId, page) => job(jobId, (part) => part.printPairing(jobId, page)),
    async aside(bytes) {
      try {
        return printer !== null && (await printer.aside(bytes));
      } catch (error) {
        fail(error);
        return false;
      }
    },
    async drawer() {
      try {
        return printer === null ? null : await printer.drawer();
      } catch (error) {
        fail(error);
        return null;
      }
    },
    hand(change) {
      try {
        return printer?.hand(change) ?? null;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    status() {
      try {
        if (printer !== null) return printer.status();
      } catch (error) {
        fail(error);
      }
      return brokenStatus(address, broken);
    },
    async close() {
      await printer?.close();
    },
  };
}

/** Only a job known to have sent nothing may count as failed: that is what lets it be tried again. */
function brokenReport(
  jobId: string,
  latest: PrintJobReport | null,
  detail: string,
): PrintJobReport {
  const sentBytes = latest?.sentBytes ?? 0;
  const totalBytes = latest?.totalBytes ?? 0;
  const state = sentBytes > 0 ? 'unconfirmed' : 'failed';
  return { jobId, state, sentBytes, totalBytes, problem: 'printer-error', detail };
}

function brokenStatus(address: string, detail: string): PrinterStatus {
  return { address, state: 'error', problem: 'printer-error', detail };
}
