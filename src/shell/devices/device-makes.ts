import { POLE_PROFILES } from '#hardware/pole/pole-profile.ts';
import { PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import type { DeviceMake } from '#contract/device-setup.ts';

/** Makes a list offers, as their makers call them. */
export const deviceMakes: { readonly printers: DeviceMake[]; readonly poles: DeviceMake[] } = {
  printers: PRINTER_PROFILES.map(makeOf),
  poles: POLE_PROFILES.map(makeOf),
};

function makeOf(profile: {
  readonly id: string;
  readonly maker: string;
  readonly models: readonly string[];
}): DeviceMake {
  return { id: profile.id, name: `${profile.maker} ${profile.models.join(', ')}`.slice(0, 200) };
}
