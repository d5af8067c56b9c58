import type { VirtualPaper } from '#contract/device.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { svgOf } from '#hardware/virtual/svg.ts';
import { VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { assertNever } from '#loyalty/result.ts';
import type { PrinterAddress } from './address.ts';
import type { PrinterProfile } from './profile.ts';
import { serialTransport } from './serial.ts';
import { tcpTransport } from './tcp.ts';
import type { PrinterTiming } from './timing.ts';
import type { PrinterTransport } from './transport.ts';
import { usbTransport } from './usb-lp.ts';
import { virtualTransport, type VirtualWire } from './virtual-transport.ts';

const VIRTUAL_BUFFER_BYTES = 4_096;
const DOTS_PER_MM = 8;

/** The way to the printer at an address; null where the address says there is none. */
export function makeTransport(
  address: PrinterAddress,
  profile: PrinterProfile,
  timing: PrinterTiming,
  onStrip: (strip: PaperStrip) => void,
): PrinterTransport | null {
  switch (address.kind) {
    case 'none':
      return null;
    case 'virtual':
      return virtualTransport(virtualWire(profile, onStrip));
    case 'tcp':
      return tcpTransport(address, timing.connectTimeoutMs);
    case 'serial': {
      const { baudRate, flow } = profile.serial;
      return serialTransport({ path: address.path, baudRate: address.baudRate ?? baudRate, flow });
    }
    case 'usb':
      return usbTransport(address.path);
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
      },
    ),
    answer: () => undefined,
    room: () => undefined,
  };
  return wire;
}
