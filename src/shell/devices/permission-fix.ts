import type { DevicesView } from '#contract/device-setup.ts';

const RULES_FOLDER = '/etc/udev/rules.d/';

/**
 * What to type so that the till may use its devices; null where the system asks for nothing.
 *
 * Linux gives USB printers, serial ports and HID devices to root alone. The rules give them to the
 * person at the desk; the group is for serial ports that are no USB devices.
 */
export function permissionFix(
  platform: NodeJS.Platform,
  rulesFile: string,
): DevicesView['permission'] {
  if (platform !== 'linux') return null;
  return {
    file: rulesFile,
    commands: [
      `sudo cp ${quoted(rulesFile)} ${RULES_FOLDER} && sudo udevadm control --reload && sudo udevadm trigger`,
      'sudo usermod -a -G dialout,lp "$USER"',
    ],
  };
}

/** As a shell takes it in one piece. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
