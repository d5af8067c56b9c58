import type { HandlersOf } from '#contract/rpc.ts';
import { deviceRoles, type DevicesView } from '#contract/device-setup.ts';
import type { DeviceSetupContract } from '#contract/page.ts';
import { deviceMakes } from '#shell/devices/device-makes.ts';
import { paperSvg } from './receipt-fixture.ts';

const rulesFile = '/opt/Regulars/resources/70-regulars-devices.rules';

/** A till out of the box, with a few things plugged in. */
export function aDevicesView(change: Partial<DevicesView> = {}): DevicesView {
  return {
    roles: deviceRoles.parse({
      printer: { address: 'virtual' },
      scanners: [],
      affixes: [],
      pole: { address: 'none' },
    }),
    fixed: [],
    printer: { address: 'virtual', state: 'ready', problem: null, detail: '' },
    scanners: [],
    pole: null,
    lesson: null,
    trial: null,
    permission: {
      file: rulesFile,
      commands: [
        `sudo cp ${rulesFile} /etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger`,
        'sudo usermod -a -G dialout,lp "$USER"',
      ],
    },
    ...change,
  };
}

/** A shop where everything that can need a person does. */
export function aTroubledView(): DevicesView {
  const serial = 'serial:/dev/ttyACM0';
  return aDevicesView({
    roles: deviceRoles.parse({
      printer: {
        address: 'usb:/dev/usb/lp0',
        identity: 'usb:04b8:0e28:X3R7',
        profile: 'epson-tm-t20',
        pairing: { codePage: { page: 'cp857', number: 61 }, columns: 42 },
        drawerOpenLevel: 'low',
      },
      scanners: [{ address: serial }, { address: 'hid' }],
      affixes: [],
      pole: { address: 'serial:/dev/ttyUSB0' },
    }),
    printer: {
      address: 'usb:/dev/usb/lp0',
      state: 'unreachable',
      problem: 'permission',
      detail: 'EACCES: permission denied',
    },
    scanners: [
      {
        source: 'serial',
        address: serial,
        state: 'unavailable',
        problem: 'permission',
        detail: '',
      },
      {
        source: 'hid',
        address: 'hid',
        state: 'unavailable',
        problem: 'missing-libusb',
        detail: '',
      },
    ],
    pole: {
      address: 'serial:/dev/ttyUSB0',
      state: 'unavailable',
      problem: 'permission',
      detail: '',
    },
    trial: {
      what: 'receipt',
      report: {
        jobId: 'trial-1',
        state: 'unconfirmed',
        sentBytes: 900,
        totalBytes: 900,
        problem: 'no-answer',
        detail: '',
      },
    },
    lesson: {
      kind: 'learned',
      affixes: { device: serial, prefix: '#', suffix: '', groupSeparator: '' },
      sendsIdentifier: true,
      dropsGroupSeparator: true,
    },
  });
}

/** The shell's part of the page's contract, as a till out of the box answers it. */
export function someDevices(): HandlersOf<DeviceSetupContract> {
  const done = { outcome: 'done' } as const;
  return {
    'devices.view': () => aDevicesView(),
    'devices.find': () => [
      {
        role: 'printer',
        address: 'usb:/dev/usb/lp0',
        name: 'EPSON TM-T20III',
        identity: 'usb:04b8:0e28:X3R7',
        problem: null,
      },
      {
        role: 'either',
        address: 'serial:/dev/ttyUSB0',
        name: '0403:6001:A5069RR4',
        identity: '0403:6001:A5069RR4',
        problem: null,
      },
      {
        role: 'scanner',
        address: 'hid',
        name: 'Honeywell Voyager 1450g',
        identity: 'hid:0c2e:0b07:1',
        problem: null,
      },
    ],
    'devices.makes': () => deviceMakes,
    'devices.choose': () => done,
    'devices.learn': () => null,
    'devices.forget-scanners': () => done,
    'devices.try': () => done,
    'devices.drawer': () => ({ level: 'high' }),
    'devices.hand': () => ({ paper: 'ok', coverOpen: false, reads: true, drawerOpen: false }),
    'devices.paper': ({ after }) =>
      after === 0
        ? { number: 1, paper: { jobId: null, svg: paperSvg, widthDots: 384, heightDots: 560 } }
        : null,
    'devices.report': () => ({
      outcome: 'done',
      file: '/var/lib/regulars/reports/regulars-2026-11-22T04-50-00.txt',
    }),
  };
}
