/** Where to look for a scanner, as typed behind `--scanner`. */
export type ScannerAddress =
  | { readonly kind: 'serial'; readonly path: string; readonly baudRate: number }
  | { readonly kind: 'hid' }
  /** Decoded in the page; the device process only lists it. */
  | { readonly kind: 'keyboard' }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly reason: string };

const BAUD_RATE_DEFAULT = 9_600;
const BAUD_RATES: ReadonlySet<number> = new Set([
  1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
]);
const SHAPES = 'serial:PATH, serial:PATH?baud=115200, hid, keyboard or none';

/** Reads an address. A wrong one becomes a status that says what is right, not an error. */
export function parseScannerAddress(text: string): ScannerAddress {
  if (text === 'hid' || text === 'keyboard' || text === 'none') return { kind: text };
  const serial = /^serial:([^?]{1,160})(?:\?baud=(\d{3,6}))?$/.exec(text);
  if (serial?.[1] === undefined)
    return { kind: 'wrong', reason: `not a scanner address; write ${SHAPES}` };
  const baudRate = serial[2] === undefined ? BAUD_RATE_DEFAULT : Number(serial[2]);
  if (!BAUD_RATES.has(baudRate))
    return { kind: 'wrong', reason: `no scanner speaks at ${baudRate} baud` };
  return { kind: 'serial', path: serial[1], baudRate };
}
