import { z } from 'zod';
import {
  drawerLevel,
  foundDevice,
  poleStatus,
  printerStatus,
  printJobReport,
  scannerAffixes,
  scannerLesson,
  scannerStatus,
  virtualHand,
  virtualHandChange,
  virtualPaper,
} from './device.ts';
import { printerPairing } from './printer-pairing.ts';

/** Most scanners of one till. */
export const SCANNERS_MAX = 16;

const address = z.string().min(1).max(200);
/** Serial number in the device's own words; null = it has none, and its address decides. */
const identity = z.string().min(1).max(200).nullable().default(null);

/** The printer of a till and what pairing learnt about it. */
export const printerChoice = z.strictObject({
  address,
  identity,
  /** Id of a printer profile; null = the usual one. */
  profile: z.string().max(64).nullable().default(null),
  pairing: printerPairing.default({ codePage: null, columns: null }),
  /** Level of the drawer's contact while the drawer is open; null = not learnt, or it has none. */
  drawerOpenLevel: drawerLevel.nullable().default(null),
});
export type PrinterChoice = z.infer<typeof printerChoice>;

/** The display on a pole that faces the shopper. */
export const poleChoice = z.strictObject({
  address,
  identity,
  profile: z.string().max(64).nullable().default(null),
});
export type PoleChoice = z.infer<typeof poleChoice>;

/** Which device has which role at this till. */
export const deviceRoles = z.strictObject({
  printer: printerChoice,
  scanners: z.array(z.strictObject({ address, identity })).max(SCANNERS_MAX),
  /** What each scanner puts around its codes, by the scanner's own name. */
  affixes: z.array(scannerAffixes).max(SCANNERS_MAX),
  pole: poleChoice,
});
export type DeviceRoles = z.infer<typeof deviceRoles>;

/** A role whose device is given on the command line: this screen cannot change it. */
export const fixedRole = z.enum(['printer', 'scanners', 'pole']);
export type FixedRole = z.infer<typeof fixedRole>;

/** What is printed or shown to be looked at. The drawer is not: opening it is the till's, with a name. */
export const trial = z.enum(['code-pages', 'widths', 'receipt', 'pole']);
export type Trial = z.infer<typeof trial>;

/** Everything the devices' screen shows; asked for while it is open. */
export const devicesView = z.strictObject({
  roles: deviceRoles,
  fixed: z.array(fixedRole),
  /** Null while the device process is away. */
  printer: printerStatus.nullable(),
  scanners: z.array(scannerStatus).max(SCANNERS_MAX),
  pole: poleStatus.nullable(),
  /** Null = nobody asked for one yet. */
  lesson: z.union([z.literal('waiting'), scannerLesson]).nullable(),
  /** The last page that was printed from here, and how far it is. */
  trial: z.strictObject({ what: trial, report: printJobReport.nullable() }).nullable(),
  /** How a person of this machine lets the till use its devices; null where there is nothing to do. */
  permission: z
    .strictObject({
      /** The rules that are shipped. */
      file: z.string().max(500),
      commands: z.array(z.string().max(600)).max(4),
    })
    .nullable(),
});
export type DevicesView = z.infer<typeof devicesView>;

/** What cannot be done now: nothing was changed. */
export const deviceRefusal = z.enum([
  'given-on-command-line',
  /** Nobody is signed in. */
  'locked',
  'printing',
  'no-process',
  'not-saved',
]);
export type DeviceRefusal = z.infer<typeof deviceRefusal>;

const done = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  z.strictObject({ outcome: z.literal('refused'), reason: deviceRefusal }),
]);
export type DeviceDone = z.infer<typeof done>;

/** A make of device as data: what a list offers. */
const make = z.strictObject({ id: z.string().max(64), name: z.string().max(200) });
export type DeviceMake = z.infer<typeof make>;

/** Page ↔ shell: which devices this till has. The till's core knows nothing of it. */
export const deviceSetupCalls = {
  'devices.view': { input: z.null(), output: devicesView },
  /** Looks what is plugged in. */
  'devices.find': { input: z.null(), output: z.array(foundDevice).max(64) },
  'devices.makes': {
    input: z.null(),
    output: z.strictObject({ printers: z.array(make).max(200), poles: z.array(make).max(50) }),
  },
  /** Gives roles to devices, remembers it, and starts the drivers with them; what is left out stays. */
  'devices.choose': { input: deviceRoles.omit({ affixes: true }).partial(), output: done },
  /** The next scan of a serial or HID scanner is the calibration code; false ends the waiting. */
  'devices.learn': { input: z.strictObject({ on: z.boolean() }), output: z.null() },
  /** Forgets what was learnt about every scanner that sends bytes. */
  'devices.forget-scanners': { input: z.null(), output: done },
  'devices.try': { input: z.strictObject({ what: trial }), output: done },
  /** Level of the drawer's contact now; null = the printer does not say. */
  'devices.drawer': {
    input: z.null(),
    output: z.strictObject({ level: drawerLevel.nullable() }),
  },
  /** The virtual printer: what a hand does to it, and how it stands. Null = the printer is a real one. */
  'devices.hand': { input: virtualHandChange, output: virtualHand.nullable() },
  /** The next paper of the virtual printer after that number; null = there is none yet. */
  'devices.paper': {
    input: z.strictObject({ after: z.int().nonnegative() }),
    output: z.strictObject({ number: z.int().positive(), paper: virtualPaper }).nullable(),
  },
  /** Writes all that helps somebody who is not here into one file, with every long number masked. */
  'devices.report': {
    input: z.null(),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('done'), file: z.string().max(1000) }),
      z.strictObject({ outcome: z.literal('refused'), reason: z.string().max(300) }),
    ]),
  },
} as const;
