import { onTestFinished } from 'vitest';
import { textOf } from '#hardware/virtual/paper.ts';
import { EPSON_LIKE_80, VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { openPty, type Pty } from '#test/hardware/support/pty.ts';

/** A virtual printer at the far end of a pseudo-terminal. */
export interface PtyPrinter {
  readonly pty: Pty;
  readonly printer: VirtualPrinter;
  readonly receipts: string[];
  /** All bytes that came over the line. */
  readonly received: Buffer[];
  /** What it passed on to the display behind it. */
  readonly displayed: Buffer[];
  /** Pulses of the drawer; each opens it, and `printer.setMechanism` closes it. */
  readonly pulses: (2 | 5)[];
  /** Stops taking bytes from the line, as a printer that holds flow control does. */
  hold(on: boolean): void;
}

const READ_EVERY_MS = 2;

/**
 * Puts a virtual printer on a pty; the program under test opens `pty.path`. Ends with the test.
 *
 * Holds the line for good before it takes bytes of which `takes` says no.
 */
export function ptyPrinter(takes: (bytes: Buffer) => boolean = () => true): PtyPrinter {
  const pty = openPty();
  const receipts: string[] = [];
  const received: Buffer[] = [];
  const displayed: Buffer[] = [];
  const pulses: (2 | 5)[] = [];
  let held = false;
  const printer: VirtualPrinter = new VirtualPrinter(
    { ...EPSON_LIKE_80, bufferBytes: 1_000_000 },
    {
      onAnswer: (bytes) => pty.write(bytes),
      onStrip: (strip) => void receipts.push(textOf(strip)),
      onDrawer(pin) {
        pulses.push(pin);
        printer.setMechanism({ drawerPinHigh: false });
      },
      onDisplay: (bytes) => void displayed.push(Buffer.from(bytes)),
    },
  );
  const reading = setInterval(() => {
    if (held) return;
    const bytes = pty.read();
    if (bytes.length === 0) return;
    received.push(bytes);
    if (!takes(bytes)) {
      held = true;
      return;
    }
    printer.receive(bytes);
  }, READ_EVERY_MS);
  onTestFinished(() => {
    clearInterval(reading);
    pty.close();
  });
  return { pty, printer, receipts, received, displayed, pulses, hold: (on) => void (held = on) };
}
