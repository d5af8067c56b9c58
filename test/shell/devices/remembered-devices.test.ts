import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceRoles, type DeviceRoles } from '#contract/device-setup.ts';
import { deviceArguments } from '#shell/devices/device-arguments.ts';
import { rememberDevices } from '#shell/devices/remembered-devices.ts';
import { parseFlags, type Flags } from '#shell/flags.ts';
import { parseWorkerArguments } from '#hardware/worker-arguments.ts';
import { rememberingLog } from '#test/shell/support/quiet-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-devices-'));
  file = join(folder, 'devices.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function flags(...typed: string[]): Flags {
  const parsed = parseFlags(typed);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
const open = (...typed: string[]) => rememberDevices(file, flags(...typed), rememberingLog());
const chosen: DeviceRoles = deviceRoles.parse({
  printer: {
    address: 'usb:/dev/usb/lp0',
    identity: 'usb:04b8:0e28:X3R7',
    profile: 'epson-tm-t20',
    pairing: { codePage: { page: 'cp857', number: 61 }, columns: 42 },
    drawerOpenLevel: 'low',
  },
  scanners: [{ address: 'serial:/dev/ttyACM0', identity: '0c2e:0901:A1' }, { address: 'keyboard' }],
  affixes: [{ device: 'serial:/dev/ttyACM0', prefix: '#', suffix: '', groupSeparator: '' }],
  pole: { address: 'serial:/dev/ttyUSB0', profile: 'aures-ocd-300' },
});

describe('the devices of a till', () => {
  it('are the virtual printer and no other, until somebody chooses', () => {
    expect(deviceArguments(open().roles())).toEqual(['--printer', 'virtual']);
  });

  it('survive a restart, and reach the device process as it reads them', () => {
    expect(open().change(chosen)).toBe(true);
    const again = open().roles();
    expect(again).toEqual(chosen);
    const parsed = parseWorkerArguments(deviceArguments(again));
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        printer: 'usb:/dev/usb/lp0',
        printerProfile: 'epson-tm-t20',
        pairing: chosen.printer.pairing,
        pole: 'serial:/dev/ttyUSB0',
        poleProfile: 'aures-ocd-300',
        scanners: ['serial:/dev/ttyACM0'],
        affixes: chosen.affixes,
      },
    });
    const identities = parsed.ok ? parsed.value.identities : new Map();
    expect([...identities]).toEqual([
      ['usb:/dev/usb/lp0', 'usb:04b8:0e28:X3R7'],
      ['serial:/dev/ttyACM0', '0c2e:0901:A1'],
    ]);
  });

  it('give way to the command line, which is never remembered', () => {
    open().change(chosen);
    const given = open('--printer', 'tcp://192.0.2.7:9100', '--scanner', 'hid', '--pole', 'none');
    expect(given.fixed).toEqual(['printer', 'scanners', 'pole']);
    expect(given.roles()).toMatchObject({
      printer: { address: 'tcp://192.0.2.7:9100', identity: null },
      scanners: [{ address: 'hid' }],
      pole: { address: 'none' },
    });
    // What is learnt meanwhile about the printer is kept, its address is not.
    const learnt = { ...given.roles().printer, drawerOpenLevel: 'high' } as const;
    given.change({ ...given.roles(), printer: learnt });
    expect(open().roles()).toEqual({
      ...chosen,
      printer: { ...chosen.printer, drawerOpenLevel: 'high' },
    });
  });

  it.each(['{', '{"printer":7}', JSON.stringify({ ...chosen, more: true }), ''])(
    'that cannot be understood cost no start and are left where they are: %s',
    (text) => {
      writeFileSync(file, text);
      expect(open().roles().printer.address).toBe('virtual');
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('stay what they were when the disk refuses them', () => {
    mkdirSync(file);
    const remembered = open();
    expect(remembered.change(chosen)).toBe(false);
    expect(remembered.roles().printer.address).toBe('virtual');
  });
});
