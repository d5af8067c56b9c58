import type { DeviceRoles } from '#contract/device-setup.ts';

/** The roles as the device process reads them on its command line. */
export function deviceArguments({ printer, scanners, affixes, pole }: DeviceRoles): string[] {
  const { codePage, columns } = printer.pairing;
  const isPaired = codePage !== null || columns !== null;
  // `keyboard` is the page's own scanner: it needs no device.
  const needed = scanners.filter(({ address }) => address !== 'keyboard');
  const identities = Object.fromEntries(
    [printer, pole, ...needed].flatMap(({ address, identity }) =>
      identity === null ? [] : [[address, identity]],
    ),
  );
  return [
    ...['--printer', printer.address],
    ...(printer.profile === null ? [] : ['--printer-profile', printer.profile]),
    ...(isPaired ? ['--printer-pairing', JSON.stringify(printer.pairing)] : []),
    ...needed.flatMap(({ address }) => ['--scanner', address]),
    ...(affixes.length === 0 ? [] : ['--scanner-affixes', JSON.stringify(affixes)]),
    ...(pole.address === 'none' ? [] : ['--pole', pole.address]),
    ...(pole.profile === null ? [] : ['--pole-profile', pole.profile]),
    ...(Object.keys(identities).length === 0 ? [] : ['--identities', JSON.stringify(identities)]),
  ];
}
