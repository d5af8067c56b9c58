import { describe, expect, it } from 'vitest';
import { findAgain, type PluggedIn, type Sockets } from '#hardware/find-again.ts';

const plugged = (serial: PluggedIn): Sockets => ({
  serial: () => Promise.resolve(serial),
  usb: () => Promise.resolve([]),
});
const mine = { path: '/dev/ttyACM0', identity: '0c2e:0901:A1' };
const another = { path: '/dev/ttyACM1', identity: '0c2e:0901:B2' };
const find = (path: string, identity: string | null, serial: PluggedIn) =>
  findAgain('serial', path, identity, plugged(serial));

describe('a device that was chosen once', () => {
  it('is found by its serial number when it comes back under another name', async () => {
    const swapped = [
      { ...mine, path: '/dev/ttyACM1' },
      { ...another, path: '/dev/ttyACM0' },
    ];
    expect(await find('/dev/ttyACM0', mine.identity, swapped)).toBe('/dev/ttyACM1');
  });

  it('is not taken for another of its kind that has its old name', async () => {
    const taken = [{ ...another, path: '/dev/ttyACM0' }];
    expect(await find('/dev/ttyACM0', mine.identity, taken)).toBeNull();
  });

  it('is not there when nothing is at its name', async () => {
    expect(await find('/dev/regulars-nothing', mine.identity, [another])).toBeNull();
  });

  it('is whatever is at its name, where it has no serial number or nobody can be asked', async () => {
    expect(await find('/dev/ttyACM0', null, [another])).toBe('/dev/ttyACM0');
    expect(await find('/dev/null', mine.identity, [])).toBe('/dev/null');
    const silent = { ...plugged([]), serial: () => Promise.reject(new Error('no udevadm')) };
    expect(await findAgain('serial', '/dev/null', mine.identity, silent)).toBe('/dev/null');
  });
});
