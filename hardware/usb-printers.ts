import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A USB printer as Linux' own driver has it. */
export interface UsbPrinterFound {
  readonly path: string;
  /** Maker and model in its own words; empty where it has none. */
  readonly words: string;
  /** `usb:VENDOR:PRODUCT:SERIAL`; null without a serial number: then nothing tells it from its like. */
  readonly identity: string | null;
}

/** Where Linux keeps them: the devices, and what the kernel says of them. */
export interface UsbPrinterPlaces {
  readonly printerFolder: string;
  readonly printerClass: string;
}

/** This machine's. */
export const USB_PRINTER_PLACES: UsbPrinterPlaces = {
  printerFolder: '/dev/usb',
  printerClass: '/sys/class/usbmisc',
};

const WORD_LENGTH_MAX = 64;

/** The USB printers that are plugged in; never fails. */
export async function findUsbPrinters({
  printerFolder,
  printerClass,
}: UsbPrinterPlaces = USB_PRINTER_PLACES): Promise<readonly UsbPrinterFound[]> {
  const names = await readdir(printerFolder).catch(() => []);
  return Promise.all(
    names
      .filter((name) => /^lp\d{1,3}$/.test(name))
      .toSorted()
      .map(async (name): Promise<UsbPrinterFound> => {
        // Not joined: `device` is a link, and `..` means its target's folder.
        const usb = `${join(printerClass, name, 'device')}/..`;
        const read = (file: string): Promise<string> => textIn(`${usb}/${file}`);
        const serial = await read('serial');
        return {
          path: join(printerFolder, name),
          words: `${await read('manufacturer')} ${await read('product')}`.trim(),
          identity:
            serial === ''
              ? null
              : `usb:${await read('idVendor')}:${await read('idProduct')}:${serial}`,
        };
      }),
  );
}

async function textIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().slice(0, WORD_LENGTH_MAX);
}
