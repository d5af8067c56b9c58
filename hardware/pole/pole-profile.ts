import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';

/** One make of pole display as data. All have two lines of 20 characters. */
export interface PoleProfile {
  /** Stable, lower case: what settings store. */
  readonly id: string;
  readonly maker: string;
  readonly models: readonly [string, ...string[]];
  /** Which page it writes and the number that selects it; null = ASCII, which all have. */
  readonly page: { readonly name: CodePageName; readonly number: number } | null;
  readonly serial: {
    readonly baudRate: number;
    readonly flow: 'rtscts' | 'xonxoff' | 'none';
  };
}

const CD5220 = {
  maker: 'Generic',
  page: null,
  serial: { baudRate: 9_600, flow: 'none' },
} as const;

/**
 * Displays by name, the one that fits all first.
 *
 * Page numbers of a display are its maker's, as with printers; where nobody has written them down,
 * ASCII is all that is sure. Source: receipt-print-hq/escpos-printer-db (OCD-300).
 */
export const POLE_PROFILES = [
  { ...CD5220, id: 'cd5220', models: ['CD5220, 2 × 20'] },
  {
    ...CD5220,
    id: 'aures-ocd-300',
    maker: 'Aures',
    models: ['OCD-300'],
    page: { name: 'windows1254', number: 13 },
  },
  {
    ...CD5220,
    id: 'cd5220-858',
    models: ['CD5220 with page 19 (PC858)'],
    page: { name: 'cp858', number: 19 },
  },
] as const satisfies readonly PoleProfile[];

/** What is assumed until a shop says which display it has. */
export const DEFAULT_POLE_PROFILE: PoleProfile = POLE_PROFILES[0];

/** The profile by id; null when there is none. */
export function poleProfileById(id: string): PoleProfile | null {
  return POLE_PROFILES.find((each) => each.id === id) ?? null;
}
