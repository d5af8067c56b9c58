/** A maker of scanners, by its USB vendor numbers. */
export interface ScannerMaker {
  readonly name: string;
  readonly vendorIds: readonly number[];
  /**
   * Feature report that turns a scanner that types into a HID POS scanner until it loses power; null
   * where only a set-up code from its manual does that.
   */
  readonly switchToHidPos: readonly [reportId: number, value: number] | null;
}

/**
 * The makers whose scanners speak HID POS.
 *
 * Source: USB vendor numbers; the switch is usage 8C:03 in Honeywell's report descriptor, as
 * @point-of-sale/webhid-barcode-scanner sends it to both of its vendor numbers.
 */
export const SCANNER_MAKERS = [
  { name: 'Honeywell', vendorIds: [0x0c2e, 0x23d0], switchToHidPos: [0xfe, 0x01] },
  { name: 'Zebra', vendorIds: [0x05e0], switchToHidPos: null },
  { name: 'Datalogic', vendorIds: [0x05f9], switchToHidPos: null },
] as const satisfies readonly ScannerMaker[];

/** The report that makes this maker's scanner stop typing; null where there is none. */
export function hidPosSwitchOf(vendorId: number): Buffer | null {
  const report = scannerMaker(vendorId)?.switchToHidPos ?? null;
  return report === null ? null : Buffer.from(report);
}

/** Who made a device, if it is a maker of scanners. */
export function makerOf(vendorId: number): string | null {
  return scannerMaker(vendorId)?.name ?? null;
}

function scannerMaker(vendorId: number): ScannerMaker | undefined {
  const makers: readonly ScannerMaker[] = SCANNER_MAKERS;
  return makers.find((each) => each.vendorIds.includes(vendorId));
}
