import { z } from 'zod';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { pairingPage } from './printer-pairing.ts';
import type { Contract } from './rpc.ts';
import { scannedCode, scanSource } from './scan.ts';

/** Most lines of a receipt: the longest basket, with quantity and a discount under each line. */
export const RECEIPT_LINES_MAX = 1000;

/** The receipt document on its way to a printer. Shape: `ReceiptDocument`. */
export const receiptDocument = z.strictObject({
  language: z.string().max(35),
  lines: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('text'),
          text: z.string().max(400),
          align: z.enum(['start', 'center', 'end']),
          size: z.enum(['normal', 'large', 'huge']),
          bold: z.boolean(),
        }),
        z.strictObject({
          kind: z.literal('pair'),
          start: z.string().max(200),
          end: z.string().max(100),
          size: z.enum(['normal', 'large', 'huge']),
          bold: z.boolean(),
          inverted: z.boolean(),
        }),
        z.strictObject({ kind: z.literal('rule') }),
        z.strictObject({ kind: z.literal('space') }),
        z.strictObject({
          kind: z.literal('qr'),
          content: z.string().min(1).max(300),
          caption: z.string().max(100).nullable(),
        }),
        z.strictObject({
          kind: z.literal('barcode'),
          symbology: z.enum(['ean13', 'code128']),
          content: z.string().min(1).max(48),
        }),
        z.strictObject({ kind: z.literal('cut') }),
      ]),
    )
    .max(RECEIPT_LINES_MAX),
  openDrawer: z.boolean(),
}) satisfies z.ZodType<ReceiptDocument>;

/**
 * Where a print job stands. `sent` = every byte handed over; `confirmed` = the printer answered that
 * it printed everything (GS ( H); `unconfirmed` = it was asked and did not say. Only a job that
 * failed before its first byte may be tried again without a person.
 */
export const printJobState = z.enum([
  'queued',
  'sending',
  'sent',
  'confirmed',
  'unconfirmed',
  'failed',
  'cancelled',
]);
export type PrintJobState = z.infer<typeof printJobState>;

/** Why a job failed or stayed unconfirmed; the renderer chooses the words. */
export const printProblem = z.enum([
  'unreachable',
  'permission',
  'busy',
  'paper-out',
  'cover-open',
  'offline',
  'printer-error',
  'no-answer',
  'connection-lost',
  'cannot-print-character',
]);
export type PrintProblem = z.infer<typeof printProblem>;

export const printJobReport = z.strictObject({
  jobId: z.string().max(64),
  state: printJobState,
  sentBytes: z.int().nonnegative(),
  totalBytes: z.int().nonnegative(),
  problem: printProblem.nullable(),
  /** For the log and the diagnostics page, never shown as is. */
  detail: z.string().max(300),
});
export type PrintJobReport = z.infer<typeof printJobReport>;

export const printerStatus = z.strictObject({
  /** The address as typed: `virtual`, `tcp://192.0.2.7:9100`, `serial:/dev/ttyUSB0`, `usb:/dev/usb/lp0`. */
  address: z.string().max(200),
  state: z.enum([
    'ready',
    'printing',
    'unreachable',
    'paper-out',
    'paper-low',
    'cover-open',
    'offline',
    'error',
  ]),
  problem: printProblem.nullable(),
  detail: z.string().max(300),
});
export type PrinterStatus = z.infer<typeof printerStatus>;

export const scannerStatus = z.strictObject({
  source: scanSource,
  address: z.string().max(200),
  state: z.enum(['ready', 'searching', 'unplugged', 'unavailable']),
  /** What to do next, as a code: the renderer has the sentence. */
  problem: z.enum(['missing-libusb', 'permission', 'busy', 'not-found', 'error']).nullable(),
  detail: z.string().max(300),
});
export type ScannerStatus = z.infer<typeof scannerStatus>;

/** Something plugged in that may be a printer or a scanner. */
export const foundDevice = z.strictObject({
  /** A serial port does not say which it is. */
  role: z.enum(['printer', 'scanner', 'either']),
  /** As it is typed behind `--printer` or `--scanner`. */
  address: z.string().max(200),
  /** In the device's own words. */
  name: z.string().min(1).max(100),
  /** Maker, model and serial number: finds the device again under another address; null = it has none. */
  identity: z.string().max(200).nullable(),
  problem: z.enum(['permission']).nullable(),
});
export type FoundDevice = z.infer<typeof foundDevice>;

/** What one scanner puts around its codes, remembered by the device's own name. */
export const scannerAffixes = z.strictObject({
  /** As in a scan: `hid:VENDOR:PRODUCT:SERIAL`, `serial:PATH`. */
  device: z.string().max(200),
  prefix: z.string().max(16),
  suffix: z.string().max(16),
  /** The sign it sends for GS; empty = GS itself. */
  groupSeparator: z.string().max(8),
});
export type ScannerAffixes = z.infer<typeof scannerAffixes>;

/** What one scan of the calibration QR taught about a scanner that sends bytes. */
export const scannerLesson = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('learned'),
    affixes: scannerAffixes,
    sendsIdentifier: z.boolean(),
    /** Codes with several GS1 elements cannot be told apart: a set-up code of the scanner mends it. */
    dropsGroupSeparator: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    device: z.string().max(200),
    reason: z.enum(['too-short', 'another-code', 'letters-changed', 'characters-lost']),
  }),
  /** Nobody scanned in time. */
  z.strictObject({ kind: z.literal('nothing') }),
]);
export type ScannerLesson = z.infer<typeof scannerLesson>;

/** The pole display: two lines of 20 characters that face the shopper. */
export const poleStatus = z.strictObject({
  /** `none`, `serial:PATH`, or `printer` for a display behind the printer. */
  address: z.string().max(200),
  state: z.enum(['none', 'ready', 'searching', 'unplugged', 'unavailable']),
  problem: z.enum(['permission', 'busy', 'not-found', 'error']).nullable(),
  detail: z.string().max(300),
});
export type PoleStatus = z.infer<typeof poleStatus>;

/** One line of it: `end` (an amount) is always shown, `start` gives way. */
export const poleLine = z.strictObject({ start: z.string().max(80), end: z.string().max(40) });
export type PoleLine = z.infer<typeof poleLine>;

/** Level of the contact that tells whether the cash drawer is open; which is which the drawer decides. */
export const drawerLevel = z.enum(['high', 'low']);
export type DrawerLevel = z.infer<typeof drawerLevel>;

/** What a hand has done to the virtual printer. */
export const virtualHand = z.strictObject({
  paper: z.enum(['ok', 'near-end', 'out']),
  coverOpen: z.boolean(),
  /** False = it takes no byte and answers nothing, as a printer that hangs. */
  reads: z.boolean(),
  drawerOpen: z.boolean(),
});
export type VirtualHand = z.infer<typeof virtualHand>;
/** What a hand does to it now; what is left out stays. */
export const virtualHandChange = virtualHand.partial();
export type VirtualHandChange = z.infer<typeof virtualHandChange>;

/** One paper strip of the virtual printer, as drawn after a cut. */
export const virtualPaper = z.strictObject({
  jobId: z.string().max(64).nullable(),
  svg: z.string().max(200_000),
  widthDots: z.int().positive(),
  heightDots: z.int().positive(),
});
export type VirtualPaper = z.infer<typeof virtualPaper>;

/** Till core ↔ device process. The device process holds no business data and writes no file. */
export const deviceContract = {
  calls: {
    /** Queues the document; the outcome arrives as `print-job` events and, last, as the output. */
    print: {
      input: z.strictObject({ jobId: z.string().min(1).max(64), document: receiptDocument }),
      output: printJobReport,
    },
    /** What is plugged in; networks are not searched. */
    find: { input: z.null(), output: z.array(foundDevice).max(64) },
    /** Prints a page that a person looks at to pair the printer; see `printer-pairing.ts`. */
    pairing: {
      input: z.strictObject({ jobId: z.string().min(1).max(64), page: pairingPage }),
      output: printJobReport,
    },
    status: {
      input: z.null(),
      output: z.strictObject({ printer: printerStatus, scanners: z.array(scannerStatus).max(16) }),
    },
    /** Good and error beeps where the scanner can make them; silently nothing elsewhere. */
    beep: {
      input: z.strictObject({ kind: z.enum(['good', 'error']) }),
      output: z.null(),
    },
    /**
     * Takes the next scan of a serial or HID scanner as the calibration QR and reads that scanner by it
     * from then on. That scan is no `scan` event, whatever it was.
     */
    learn: {
      input: z.strictObject({ timeoutMs: z.int().min(100).max(120_000) }),
      output: scannerLesson,
    },
    /** Asks the printer for the drawer's contact; null = it does not say. */
    drawer: { input: z.null(), output: z.strictObject({ level: drawerLevel.nullable() }) },
    /** Puts a hand on the virtual printer and says how it stands; null where the printer is a real one. */
    hand: { input: virtualHandChange, output: virtualHand.nullable() },
    /** Shows two lines on the pole display, now or as soon as it is there; silently nothing without one. */
    pole: {
      input: z.strictObject({ upper: poleLine, lower: poleLine }),
      output: poleStatus,
    },
  },
  events: {
    scan: z.strictObject({ code: scannedCode, source: scanSource, device: z.string().max(200) }),
    'print-job': printJobReport,
    printer: printerStatus,
    scanner: scannerStatus,
    pole: poleStatus,
    'virtual-paper': virtualPaper,
  },
} as const satisfies Contract;
