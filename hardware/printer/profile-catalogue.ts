import type { PrinterProfile } from './profile.ts';
import { ASIAN_PROFILES } from './profiles/asia.ts';
import { EPSON_PROFILES } from './profiles/epson.ts';
import { GENERIC_PROFILES } from './profiles/generic.ts';
import { OTHER_PROFILES } from './profiles/others.ts';

/** Every printer known by name, the generic ones first. */
export const PRINTER_PROFILES: readonly PrinterProfile[] = [
  ...GENERIC_PROFILES,
  ...EPSON_PROFILES,
  ...ASIAN_PROFILES,
  ...OTHER_PROFILES,
];

/** The profile by id; null when there is none. */
export function profileById(id: string): PrinterProfile | null {
  return PRINTER_PROFILES.find((each) => each.id === id) ?? null;
}

/** What is assumed until a shop says which printer it has: 80 mm, Epson's page numbers. */
export const DEFAULT_PROFILE: PrinterProfile = GENERIC_PROFILES[0];

/** The number of the profile's text page; a profile without one is a bug of its row. */
export function textPageNumber(profile: PrinterProfile): number {
  const number = profile.codePages[profile.textPage];
  if (number === undefined)
    throw new Error(`profile ${profile.id} has no number for ${profile.textPage}`);
  return number;
}
