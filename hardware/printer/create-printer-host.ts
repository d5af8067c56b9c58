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
import { parsePrinterAddress } from './address.ts';
import { makeTransport, virtualPaperOf, type PrinterPlace } from './make-transport.ts';
import { paired } from './pairing.ts';
import { PrintQueue, type PrintQueueEvents } from './print-queue.ts';
import { DEFAULT_PROFILE, profileById } from './profile-catalogue.ts';
import type { PrinterProfile } from './profile.ts';
import { DEFAULT_TIMING, type PrinterTiming } from './timing.ts';
import { DETAIL_LENGTH_MAX } from './transport.ts';

/** What the device process hears from its printer. */
export interface PrinterHostEvents extends PrintQueueEvents {
  /** Paper of the virtual printer, after a cut. */
  onPaper(paper: VirtualPaper): void;
}

/** One printer, whatever it is and however it is reached. */
export interface PrinterHost {
  /**
   * Queues a receipt; resolves with the job's last report and never rejects for anything a printer may
   * do. Asked again for a job whose bytes went out, it answers with that job's report: a receipt is
   * never printed twice under one id.
   */
  print(jobId: string, document: ReceiptDocument): Promise<PrintJobReport>;
  /** Prints a page for pairing; ends like `print`. */
  printPairing(jobId: string, page: PairingPage): Promise<PrintJobReport>;
  /** Sends bytes that print nothing, for a display behind the printer; false when they did not go out. */
  aside(bytes: Uint8Array): Promise<boolean>;
  /** Asks for the level of the drawer's contact; null where the printer does not say. */
  drawer(): Promise<DrawerLevel | null>;
  /** Puts a hand on the virtual printer and says how it stands; null where it is a real one. */
  hand(change: VirtualHandChange): VirtualHand | null;
  /** What is known now; asks nothing. */
  status(): PrinterStatus;
  /** Ends open jobs honestly, lets go of the line, leaves no timer. May be called again. */
  close(): Promise<void>;
}

/** What a host is made of. */
export interface PrinterHostOptions {
  /** `virtual`, `none`, `tcp://HOST:PORT`, `serial:PATH`, `usb:PATH` or `windows:NAME`. */
  readonly address: string;
  /** Id of a printer profile; a generic 80 mm printer when left out. */
  readonly profile?: string;
  /** What pairing found out about this very printer. */
  readonly pairing?: PrinterPairing;
  /** Which device was chosen, by its serial number: it is found under another path, and no other is. */
  readonly identity?: string | null;
  /** Limits other than a shop's, for tests. */
  readonly timing?: Partial<PrinterTiming>;
}

const NOT_PAIRED: PrinterPairing = { codePage: null, columns: null };

/**
 * Makes the printer half of the device process.
 *
 * Returns at once and connects in the background. An address or profile that cannot be understood is a
 * printer in state `error` that says so, because the till must come up without it.
 */
export function createPrinterHost(
  options: PrinterHostOptions,
  events: PrinterHostEvents,
): PrinterHost {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const address = parsePrinterAddress(options.address);
  const known = options.profile === undefined ? DEFAULT_PROFILE : profileById(options.profile);
  if (!address.ok) return absentPrinter(options.address, 'error', address.error, events);
  if (known === null) {
    const detail = `no printer profile is called "${options.profile}"`;
    return absentPrinter(options.address, 'error', detail, events);
  }
  if (address.value.kind === 'none') return absentPrinter(options.address, 'offline', '', events);
  if (address.value.kind === 'windows' && process.platform !== 'win32') {
    const detail =
      'windows:NAME is a printer of Windows; here it is usb:PATH, serial:PATH or tcp://';
    return absentPrinter(options.address, 'error', detail, events);
  }
  const profile = paired(known, options.pairing ?? NOT_PAIRED);
  // A spooler passes nothing back: nothing may be waited for.
  const isDeaf = address.value.kind === 'windows';
  const reachable = isDeaf ? ({ ...profile, status: 'none', proof: 'none' } as const) : profile;
  const place = { address: address.value, identity: options.identity ?? null, machine: known };
  return presentPrinter(options.address, place, reachable, timing, events);
}

function presentPrinter(
  address: string,
  place: PrinterPlace,
  profile: PrinterProfile,
  timing: PrinterTiming,
  events: PrinterHostEvents,
): PrinterHost {
  const { transport, tear, hand } = makeTransport(place, profile, timing, (strip) => {
    events.onPaper(virtualPaperOf(strip, queue.activeJobId));
  });
  const queue = new PrintQueue({
    address,
    profile,
    timing,
    transport,
    events: {
      onJob(report) {
        if (report.state === 'confirmed' || report.state === 'sent') tear();
        events.onJob(report);
      },
      onStatus: (status) => events.onStatus(status),
    },
  });
  queue.start();
  return {
    print: (jobId, document) => queue.print(jobId, document),
    printPairing: (jobId, page) => queue.printPairing(jobId, page),
    aside: (bytes) => queue.aside(bytes),
    drawer: () => queue.drawer(),
    hand,
    status: () => queue.status(),
    close: () => queue.close(),
  };
}

/** No printer, or none that can be found: jobs fail before their first byte, so none is lost. */
function absentPrinter(
  address: string,
  state: 'offline' | 'error',
  detail: string,
  events: PrinterHostEvents,
): PrinterHost {
  const shown = detail.slice(0, DETAIL_LENGTH_MAX);
  const fail = (jobId: string): Promise<PrintJobReport> => {
    const report = {
      jobId,
      state: 'failed',
      sentBytes: 0,
      totalBytes: 0,
      problem: 'unreachable',
      detail: shown === '' ? 'no printer is set up' : shown,
    } as const satisfies PrintJobReport;
    events.onJob(report);
    return Promise.resolve(report);
  };
  return {
    print: fail,
    printPairing: fail,
    aside: () => Promise.resolve(false),
    drawer: () => Promise.resolve(null),
    hand: () => null,
    status: () => ({
      address: address.slice(0, 200),
      state,
      problem: state === 'error' ? 'unreachable' : null,
      detail: shown,
    }),
    close: () => Promise.resolve(),
  };
}
