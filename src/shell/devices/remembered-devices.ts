import { readFileSync } from 'node:fs';
import { deviceRoles, type DeviceRoles, type FixedRole } from '#contract/device-setup.ts';
import { writeFileAtomic } from '#node/files.ts';
import { errorText } from '#node/log.ts';
import type { Flags } from '#shell/flags.ts';
import type { Log } from '#till/ports.ts';

/** The devices of this till: as its folder remembers them, and as it works with them now. */
export interface RememberedDevices {
  /** What the till works with: the command line before what is remembered. */
  roles(): DeviceRoles;
  /** Roles that the command line gives. */
  readonly fixed: readonly FixedRole[];
  /** Remembers other roles, on stable storage; false where the disk refuses, and then nothing changed. */
  change(roles: DeviceRoles): boolean;
}

/** A till out of the box: the virtual printer, the keyboard's scanner, no pole. */
const USUAL: DeviceRoles = {
  printer: {
    address: 'virtual',
    identity: null,
    profile: null,
    pairing: { codePage: null, columns: null },
    drawerOpenLevel: null,
  },
  scanners: [],
  affixes: [],
  pole: { address: 'none', identity: null, profile: null },
};

/**
 * Reads which devices this till has.
 *
 * A file that cannot be understood costs the choice of devices, never the start: a till without its
 * printer still sells. It is left where it is until somebody chooses anew.
 */
export function rememberDevices(
  path: string,
  flags: Pick<Flags, 'printer' | 'printerProfile' | 'scanners' | 'pole' | 'poleProfile'>,
  log: Log,
): RememberedDevices {
  let remembered = readRoles(path, log);
  const fixed: FixedRole[] = [
    ...(flags.printer === null && flags.printerProfile === null ? [] : ['printer' as const]),
    ...(flags.scanners.length === 0 ? [] : ['scanners' as const]),
    ...(flags.pole === null && flags.poleProfile === null ? [] : ['pole' as const]),
  ];
  return {
    fixed,
    roles() {
      const { printer, scanners, pole } = remembered;
      const given = { identity: null } as const;
      return {
        ...remembered,
        printer: {
          ...printer,
          ...(flags.printer === null ? {} : { ...given, address: flags.printer }),
          ...(flags.printerProfile === null ? {} : { profile: flags.printerProfile }),
        },
        scanners:
          flags.scanners.length === 0
            ? scanners
            : flags.scanners.map((address) => ({ ...given, address })),
        pole: {
          ...pole,
          ...(flags.pole === null ? {} : { ...given, address: flags.pole }),
          ...(flags.poleProfile === null ? {} : { profile: flags.poleProfile }),
        },
      };
    },
    change(roles) {
      const kept: DeviceRoles = {
        printer: fixed.includes('printer')
          ? {
              ...remembered.printer,
              drawerOpenLevel: roles.printer.drawerOpenLevel,
              pairing: roles.printer.pairing,
            }
          : roles.printer,
        scanners: fixed.includes('scanners') ? remembered.scanners : roles.scanners,
        affixes: roles.affixes,
        pole: fixed.includes('pole') ? remembered.pole : roles.pole,
      };
      try {
        writeFileAtomic(path, `${JSON.stringify(kept, null, 2)}\n`);
      } catch (error) {
        log.error('devices-not-saved', { error: errorText(error) });
        return false;
      }
      remembered = kept;
      return true;
    },
  };
}

function readRoles(path: string, log: Log): DeviceRoles {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return USUAL;
  }
  try {
    return deviceRoles.parse(JSON.parse(text));
  } catch (error) {
    log.error('devices-unreadable', { error: errorText(error).slice(0, 300) });
    return USUAL;
  }
}
