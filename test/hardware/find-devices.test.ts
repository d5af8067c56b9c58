import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { foundDevice } from '#contract/device.ts';
import { findDevices, type DevicePlaces } from '#hardware/find-devices.ts';

const nothing = {
  printerFolder: '/regulars-nowhere',
  printerClass: '/regulars-nowhere',
  serialPorts: () => Promise.resolve([]),
  loadHidLibrary: () => Promise.reject(new Error('libusb-1.0.so.0: cannot open')),
} satisfies DevicePlaces;

const hid = (vendorId: number, usagePage: number, usage: number, product: string) => ({
  vendorId,
  productId: 1,
  path: '/dev/hidraw0',
  release: 1,
  interface: 0,
  usagePage,
  usage,
  product,
});

describe('looking for devices', () => {
  it('names a USB printer in its own words and by the address to type', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-find-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const usb = join(folder, 'usb1');
    await mkdir(join(usb, 'interface'), { recursive: true });
    await mkdir(join(folder, 'class', 'lp0'), { recursive: true });
    await mkdir(join(folder, 'dev'));
    await writeFile(join(usb, 'manufacturer'), 'EPSON\n');
    await writeFile(join(usb, 'product'), 'TM-T20\u0007III\n');
    await writeFile(join(usb, 'idVendor'), '04b8\n');
    await writeFile(join(usb, 'idProduct'), '0e28\n');
    await writeFile(join(usb, 'serial'), 'X3R7001234\n');
    await symlink(join(usb, 'interface'), join(folder, 'class', 'lp0', 'device'));
    for (const name of ['lp0', 'lp1', 'hiddev0']) await writeFile(join(folder, 'dev', name), '');
    const found = await findDevices({
      ...nothing,
      printerFolder: join(folder, 'dev'),
      printerClass: join(folder, 'class'),
    });
    expect(found).toEqual([
      {
        role: 'printer',
        address: `usb:${join(folder, 'dev', 'lp0')}`,
        name: 'EPSON TM-T20 III',
        identity: 'usb:04b8:0e28:X3R7001234',
        problem: null,
      },
      {
        role: 'printer',
        address: `usb:${join(folder, 'dev', 'lp1')}`,
        name: 'lp1',
        identity: null,
        problem: null,
      },
    ]);
  });

  it('lists serial adapters, scanners, and scanners that type, and no other keyboard', async () => {
    const devices = [
      hid(0x0c2e, 0x8c, 0x02, 'Voyager'),
      hid(0x05e0, 0x01, 0x06, 'DS2208'),
      hid(0x046d, 0x01, 0x06, 'K120'),
    ];
    const found = await findDevices({
      ...nothing,
      serialPorts: () =>
        Promise.resolve([
          { path: '/dev/ttyUSB0', identity: 'by-id:usb-FTDI_FT232R-if00' },
          { path: '/dev/ttyS0', identity: null },
        ]),
      loadHidLibrary: () =>
        Promise.resolve({
          devicesAsync: () => Promise.resolve(devices),
          open: () => Promise.reject(new Error('not asked for')),
        }),
    });
    expect(found.map(({ role, address, name }) => [role, address, name])).toEqual([
      ['either', 'serial:/dev/ttyUSB0', 'usb-FTDI_FT232R-if00'],
      ['scanner', 'hid', 'Honeywell Voyager'],
      ['scanner', 'keyboard', 'Zebra DS2208'],
    ]);
    for (const each of found) expect(foundDevice.safeParse(each).success).toBe(true);
  });

  it('finds nothing where nothing can be looked at, and never fails', async () => {
    const failing = { ...nothing, serialPorts: () => Promise.reject(new Error('no udevadm')) };
    expect(await findDevices(failing)).toEqual([]);
    expect(Array.isArray(await findDevices())).toBe(true);
  });
});
