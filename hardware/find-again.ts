import { access } from 'node:fs/promises';
import { findSerialPorts } from './scanner/serial-ports.ts';
import { findUsbPrinters } from './usb-printers.ts';

/** What is plugged in: where it is and what tells it from others of its kind. */
export type PluggedIn = readonly { readonly path: string; readonly identity: string | null }[];

/** Looks what is plugged in; arguments, so that tests have a machine of their own. */
export interface Sockets {
  readonly serial: () => Promise<PluggedIn>;
  readonly usb: () => Promise<PluggedIn>;
}

const THIS_MACHINE: Sockets = { serial: findSerialPorts, usb: findUsbPrinters };

/**
 * Where a device is now that was at `path` when it was chosen; null = it is not there.
 *
 * The same device under another name is found by its serial number. A different device that has taken
 * the old name is not it: a receipt must not go to a scanner. Where nothing is known, the name decides.
 */
export async function findAgain(
  kind: 'serial' | 'usb',
  path: string,
  identity: string | null,
  sockets: Sockets = THIS_MACHINE,
): Promise<string | null> {
  if (identity === null) return path;
  const found = await sockets[kind]().catch((): PluggedIn => []);
  const same = found.find((each) => each.identity === identity);
  if (same !== undefined) return same.path;
  const another = found.find((each) => each.path === path && each.identity !== null);
  if (another !== undefined) return null;
  return (await exists(path)) ? path : null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
