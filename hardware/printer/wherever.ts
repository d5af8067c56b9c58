import { findAgain } from '#hardware/find-again.ts';
import { err } from '#loyalty/result.ts';
import type { PrinterTransport } from './transport.ts';

/**
 * A way to one device wherever it is plugged in: looked for by its serial number each time the line is
 * opened, because a device that comes back may have another path, and another device its old one.
 */
export function wherever(
  kind: 'serial' | 'usb',
  path: string,
  identity: string | null,
  transportAt: (path: string) => PrinterTransport,
): PrinterTransport {
  const usual = transportAt(path);
  if (identity === null) return usual;
  return {
    ...usual,
    async open() {
      const at = await findAgain(kind, path, identity);
      if (at !== null) return transportAt(at).open();
      const detail = `the device that was chosen is not plugged in (it was at ${path})`;
      return err({ problem: 'unreachable', detail });
    },
  };
}
