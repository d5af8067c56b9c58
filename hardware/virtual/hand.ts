import type { VirtualHand, VirtualHandChange } from '#contract/device.ts';
import type { Mechanism } from './mechanism.ts';
import type { VirtualPrinter } from './virtual-printer.ts';

/** Dots of a fresh roll: about 80 m at 8 dots a millimetre. */
const FULL_ROLL_DOTS = 640_000;
/** So little that the sensor sees the end of the roll coming, and receipts still come out. */
const LOW_ROLL_DOTS = 799;

/** Does to a virtual printer what a hand can do, and says how it stands then. */
export function layHand(printer: VirtualPrinter, change: VirtualHandChange): VirtualHand {
  if (change.paper === 'ok') printer.loadPaper(FULL_ROLL_DOTS);
  if (change.paper === 'near-end') printer.loadPaper(LOW_ROLL_DOTS);
  const { coverOpen, reads, drawerOpen } = change;
  printer.setMechanism({
    ...(change.paper === 'out' ? { paper: 'out' as const } : {}),
    ...(coverOpen === undefined ? {} : { coverOpen }),
    ...(reads === undefined ? {} : { asleep: !reads }),
    ...(drawerOpen === undefined ? {} : { drawerPinHigh: !drawerOpen }),
  });
  return handOf(printer.mechanism);
}

function handOf({ paper, coverOpen, asleep, drawerPinHigh }: Mechanism): VirtualHand {
  return { paper, coverOpen, reads: !asleep, drawerOpen: !drawerPinHigh };
}
