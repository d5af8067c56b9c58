import { describe, expect, it } from 'vitest';
import { parsePrinterAddress } from '#hardware/printer/address.ts';
import { parseScannerAddress } from '#hardware/scanner/address.ts';
import { addressOf, atSpeed, speedOf } from '#renderer/devices/address.ts';

const good: readonly (readonly [string, string])[] = [
  ['192.168.1.50', 'tcp://192.168.1.50:9100'],
  [' 192.168.1.50:9101 ', 'tcp://192.168.1.50:9101'],
  ['tcp://printer.shop.lan', 'tcp://printer.shop.lan:9100'],
  ['epson-TM20-1', 'tcp://epson-TM20-1:9100'],
  ['localhost:9100', 'tcp://localhost:9100'],
  ['/dev/ttyUSB0', 'serial:/dev/ttyUSB0'],
  ['/dev/usb/lp0', 'usb:/dev/usb/lp0'],
  ['COM3', 'serial:COM3'],
  ['serial:/dev/ttyS0?baud=19200', 'serial:/dev/ttyS0?baud=19200'],
  ['windows:Kasa 80', 'windows:Kasa 80'],
];

describe('an address as a person writes it', () => {
  it.each(good)('%s is %s, which the drivers understand', (typed, address) => {
    expect(addressOf(typed, 'printer')).toBe(address);
    expect(parsePrinterAddress(address)).toMatchObject({ ok: true });
  });

  it.each([
    '',
    ' ',
    '192.168.1',
    '192.168.1.500',
    '1.2.3.4:0',
    '1.2.3.4:70000',
    'printer',
    'http://x.example',
    'a b.c',
    '192.168.1.50/status',
    'x'.repeat(200),
  ])('“%s” is none', (typed) => expect(addressOf(typed, 'printer')).toBeNull());

  it('of a serial line has a speed, which can be changed and taken off', () => {
    const fast = atSpeed('serial:/dev/ttyUSB0', 115_200);
    expect(fast).toBe('serial:/dev/ttyUSB0?baud=115200');
    expect(parsePrinterAddress(fast)).toMatchObject({ ok: true, value: { baudRate: 115_200 } });
    expect([speedOf(fast), speedOf('serial:/dev/ttyUSB0'), speedOf('virtual')]).toEqual([
      115_200,
      null,
      null,
    ]);
    expect(atSpeed(fast, 9_600)).toBe('serial:/dev/ttyUSB0?baud=9600');
    expect(atSpeed(fast, null)).toBe('serial:/dev/ttyUSB0');
    expect(atSpeed('virtual', null)).toBe('virtual');
  });

  it('of a scanner or a pole is a port, never a place in the network', () => {
    expect(addressOf('/dev/ttyACM0', 'line')).toBe('serial:/dev/ttyACM0');
    expect(parseScannerAddress('serial:/dev/ttyACM0').kind).toBe('serial');
    for (const typed of ['192.168.1.50', '/dev/usb/lp0', 'windows:Kasa'])
      expect(addressOf(typed, 'line')).toBeNull();
  });
});
