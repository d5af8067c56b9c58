import { err, ok, type Result } from '#loyalty/result.ts';

/** Where a printer is, taken apart. */
export type PrinterAddress =
  | { readonly kind: 'virtual' }
  | { readonly kind: 'none' }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baudRate: number | null }
  | { readonly kind: 'usb'; readonly path: string }
  /** A printer of Windows' own list, by the name it has there. */
  | { readonly kind: 'windows'; readonly name: string };

const TCP_PORT = 9_100;
const EXPECTED =
  'expected virtual, none, tcp://HOST:PORT, serial:PATH (or serial:PATH?baud=19200), usb:PATH or windows:NAME';

/** Reads a printer's address as a person types it; the refusal says what is expected instead. */
export function parsePrinterAddress(text: string): Result<PrinterAddress, string> {
  const address = text.trim();
  if (address === 'virtual' || address === 'none') return ok({ kind: address });
  const refusal = err(
    `the printer address "${address.slice(0, 120)}" is not understood: ${EXPECTED}`,
  );
  if (address.startsWith('tcp://')) return tcpAddress(address) ?? refusal;
  const serial = /^serial:([^?]+)(?:\?baud=([0-9]{3,7}))?$/.exec(address);
  if (serial?.[1] !== undefined) {
    return ok({
      kind: 'serial',
      path: serial[1],
      baudRate: serial[2] === undefined ? null : Number(serial[2]),
    });
  }
  const windows = /^windows:(.{1,120})$/.exec(address);
  if (windows?.[1] !== undefined) return ok({ kind: 'windows', name: windows[1] });
  const usb = /^usb:(.+)$/.exec(address);
  return usb?.[1] === undefined ? refusal : ok({ kind: 'usb', path: usb[1] });
}

function tcpAddress(address: string): Result<PrinterAddress, string> | null {
  const parts = /^tcp:\/\/(\[[0-9a-fA-F:.%]+\]|[^:/?#\s]+)(?::([0-9]{1,5}))?\/?$/.exec(address);
  const host = parts?.[1];
  const port = parts?.[2] === undefined ? TCP_PORT : Number(parts[2]);
  if (host === undefined || port < 1 || port > 65_535) return null;
  return ok({ kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port });
}
