import type { VirtualHand, VirtualHandChange, VirtualPaper } from '#contract/device.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { svgOf } from '#hardware/virtual/svg.ts';
import { layHand } from '#hardware/virtual/hand.ts';
import { VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { assertNever } from '#loyalty/result.ts';
import type { PrinterAddress } from './address.ts';
import type { PrinterProfile } from './profile.ts';
import { serialTransport } from './serial.ts';
import { tcpTransport } from './tcp.ts';
import type { PrinterTiming } from './timing.ts';
import type { PrinterTransport } from './transport.ts';
import { wherever } from './wherever.ts';
import { usbTransport } from './usb-lp.ts';
import { virtualTransport, type VirtualWire } from './virtual-transport.ts';
import { windowsSpoolerTransport } from './windows-spooler.ts';

const VIRTUAL_BUFFER_BYTES = 4_096;
const DOTS_PER_MM = 8;

/** The way to the printer at an address, and the hand that tears paper off where that is nobody else's. */
export interface MadeTransport {
  readonly transport: PrinterTransport;
  /** Tears the virtual printer's paper, so that a receipt without a cut is seen; nothing elsewhere. */
  tear(): void;
  /** Puts a hand on the virtual printer and says how it stands; null where there is none. */
  hand(change: VirtualHandChange): VirtualHand | null;
}

/** Where a printer is, and which one, where its serial number is known. */
export interface PrinterPlace {
  readonly address: Exclude<PrinterAddress, { kind: 'none' }>;
  readonly identity: string | null;
  /** The model as it is, whatever pairing says of it: what a virtual printer is built like. */
  readonly machine: PrinterProfile;
}

/** Makes the way to a printer. */
export function makeTransport(
  { address, identity, machine }: PrinterPlace,
  profile: PrinterProfile,
  timing: PrinterTiming,
  onStrip: (strip: PaperStrip) => void,
): MadeTransport {
  const real = { tear: () => undefined, hand: () => null };
  switch (address.kind) {
    case 'virtual': {
      const wire = virtualWire(machine, onStrip);
      return {
        transport: virtualTransport(wire),
        tear: () => wire.printer.tear(),
        hand: (change) => layHand(wire.printer, change),
      };
    }
    case 'tcp':
      return { transport: tcpTransport(address, timing.connectTimeoutMs), ...real };
    case 'serial': {
      const { baudRate, flow } = profile.serial;
      const settings = { baudRate: address.baudRate ?? baudRate, flow };
      const transport = wherever('serial', address.path, identity, (path) =>
        serialTransport({ ...settings, path }),
      );
      return { transport, ...real };
    }
    case 'usb':
      return {
        transport: wherever('usb', address.path, identity, usbTransport),
        ...real,
      };
    case 'windows':
      return { transport: windowsSpoolerTransport(address.name), ...real };
    default:
      return assertNever(address, 'makeTransport');
  }
}

/** A strip as the contract carries it. */
export function virtualPaperOf(strip: PaperStrip, jobId: string | null): VirtualPaper {
  return { jobId, ...svgOf(strip) };
}

/** A virtual printer of a profile: its width, its paper, its code page numbers. */
export function virtualWire(
  profile: PrinterProfile,
  onStrip: (strip: PaperStrip) => void,
): VirtualWire {
  const pages = Object.entries(profile.codePages) as [CodePageName, number][];
  const wire: VirtualWire = {
    printer: new VirtualPrinter(
      {
        widthDots: profile.widthDots,
        paperWidthDots: profile.paperMm * DOTS_PER_MM,
        codePages: new Map(pages.map(([name, number]) => [number, name])),
        bufferBytes: VIRTUAL_BUFFER_BYTES,
      },
      {
        onAnswer: (bytes) => wire.answer(bytes),
        onRoom: () => wire.room(),
        onStrip,
        onDrawer: () => wire.printer.setMechanism({ drawerPinHigh: false }),
      },
    ),
    answer: () => undefined,
    room: () => undefined,
  };
  return wire;
}
