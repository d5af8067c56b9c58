import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Device } from 'node-hid';
import type { FoundDevice } from '#contract/device.ts';
import { hidLabel, isHidPosScanner } from './scanner/hid.ts';
import { loadNodeHid, type HidLibrary } from './scanner/hid-library.ts';
import { makerOf } from './scanner/hid-makers.ts';
import { findSerialPorts, type SerialPortFound } from './scanner/serial-ports.ts';
import { findUsbPrinters, USB_PRINTER_PLACES, type UsbPrinterPlaces } from './usb-printers.ts';

/** Where to look; arguments, so that tests have a machine of their own. */
export interface DevicePlaces extends UsbPrinterPlaces {
  readonly serialPorts: () => Promise<readonly SerialPortFound[]>;
  readonly loadHidLibrary: () => Promise<HidLibrary>;
}

const THIS_MACHINE: DevicePlaces = {
  ...USB_PRINTER_PLACES,
  serialPorts: findSerialPorts,
  loadHidLibrary: loadNodeHid,
};

const DEVICES_MAX = 64;
const NAME_LENGTH_MAX = 100;
const USAGE_PAGE_DESKTOP = 0x01;
const USAGE_KEYBOARD = 0x06;

/**
 * What is plugged into this machine and may be a printer or a scanner, with the address to type.
 *
 * Never fails: what cannot be looked at is not listed. Networks are not searched; a shop knows its
 * printer's address, and a scan of its network is nobody's business.
 */
export async function findDevices(
  places: DevicePlaces = THIS_MACHINE,
): Promise<readonly FoundDevice[]> {
  const found = await Promise.all([
    usbPrinters(places),
    serialDevices(places),
    hidScanners(places),
  ]);
  return found.flat().slice(0, DEVICES_MAX);
}

async function usbPrinters(places: DevicePlaces): Promise<FoundDevice[]> {
  const found = await findUsbPrinters(places);
  return Promise.all(
    found.map(async ({ path, words, identity }): Promise<FoundDevice> => {
      const mayUse = await access(path, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      );
      return {
        role: 'printer',
        address: `usb:${path}`,
        name: nameOf(words, basename(path)),
        identity,
        problem: mayUse ? null : 'permission',
      };
    }),
  );
}

async function serialDevices({ serialPorts }: DevicePlaces): Promise<FoundDevice[]> {
  const ports = await serialPorts().catch(() => []);
  return ports
    .filter(({ identity }) => identity !== null)
    .map(({ path, identity }) => ({
      role: 'either',
      address: `serial:${path}`,
      name: nameOf((identity ?? '').replace(/^by-id:/, ''), path),
      identity,
      problem: null,
    }));
}

/** Scanners in HID POS mode, and those of known makers that type. */
async function hidScanners({ loadHidLibrary }: DevicePlaces): Promise<FoundDevice[]> {
  const devices = await loadHidLibrary()
    .then((library) => library.devicesAsync())
    .catch((): readonly Device[] => []);
  return devices.flatMap((device): FoundDevice[] => {
    const maker = makerOf(device.vendorId);
    const name = nameOf(`${device.manufacturer ?? maker ?? ''} ${device.product ?? ''}`, 'scanner');
    if (isHidPosScanner(device)) {
      return [{ role: 'scanner', address: 'hid', name, identity: hidLabel(device), problem: null }];
    }
    const types = device.usagePage === USAGE_PAGE_DESKTOP && device.usage === USAGE_KEYBOARD;
    if (!types || maker === null) return [];
    return [{ role: 'scanner', address: 'keyboard', name, identity: null, problem: null }];
  });
}

/** A device's own words are a stranger's: printable, short, or the fallback. */
function nameOf(words: string, fallback: string): string {
  const clean = words
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, NAME_LENGTH_MAX);
  return clean === '' ? fallback.slice(0, NAME_LENGTH_MAX) : clean;
}
