import { parseArgs } from 'node:util';
import { z } from 'zod';
import { scannerAffixes } from '#contract/device.ts';
import type { ScannerAffixes } from '#contract/device.ts';
import { printerPairing } from '#contract/printer-pairing.ts';
import type { PrinterPairing } from '#contract/printer-pairing.ts';
import { err, ok } from '#loyalty/result.ts';
import type { Result } from '#loyalty/result.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import type { ScanSettings } from '#scan/settings.ts';

/** What the device process is told on its command line. */
export interface WorkerArguments {
  readonly printer: string;
  /** Id of a printer profile; null = the default one. */
  readonly printerProfile: string | null;
  readonly pairing: PrinterPairing;
  /** Address of the pole display. */
  readonly pole: string;
  /** Id of a pole display's profile; null = the default one. */
  readonly poleProfile: string | null;
  readonly scanners: readonly string[];
  readonly settings: ScanSettings;
  /** What was learned before about single scanners. */
  readonly affixes: readonly ScannerAffixes[];
  /** By address: which device was chosen there, by its serial number. */
  readonly identities: ReadonlyMap<string, string>;
}

const ADDRESS_LENGTH_MAX = 200;
const SCANNERS_MAX = 16;

/** Shape of `--scan-settings`; whatever is left out is as in `defaultScanSettings`. */
const scanSettings = z.strictObject({
  cardPatterns: z
    .array(
      z.strictObject({
        prefix: z.string().max(32),
        lengthMin: z.int().min(6).max(32),
        lengthMax: z.int().min(6).max(32),
        characters: z.enum(['digits', 'digits-and-letters']),
        check: z.enum(['none', 'gs1', 'luhn']),
      }),
    )
    .max(32)
    .default([...defaultScanSettings.cardPatterns]),
  ownIssuerPrefixes: z
    .array(z.string().regex(/^\d{4,19}$/))
    .max(32)
    .default([...defaultScanSettings.ownIssuerPrefixes]),
  prefix: z.string().max(16).default(defaultScanSettings.prefix),
  suffix: z.string().max(16).default(defaultScanSettings.suffix),
  groupSeparator: z.string().max(8).default(defaultScanSettings.groupSeparator),
}) satisfies z.ZodType<ScanSettings>;

const identities = z.record(z.string().max(ADDRESS_LENGTH_MAX), z.string().min(1).max(200));

/**
 * Reads `--printer ADDRESS`, `--printer-profile ID`, `--printer-pairing JSON`, `--pole ADDRESS`,
 * `--pole-profile ID`,
 * `--scanner ADDRESS` (repeatable), `--scan-settings JSON`, `--scanner-affixes JSON` and
 * `--identities JSON`.
 */
export function parseWorkerArguments(argv: readonly string[]): Result<WorkerArguments, string> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        printer: { type: 'string', default: 'none' },
        'printer-profile': { type: 'string' },
        'printer-pairing': { type: 'string', default: '{}' },
        pole: { type: 'string', default: 'none' },
        'pole-profile': { type: 'string' },
        scanner: { type: 'string', multiple: true, default: [] },
        'scan-settings': { type: 'string', default: '{}' },
        'scanner-affixes': { type: 'string', default: '[]' },
        identities: { type: 'string', default: '{}' },
      },
    });
    const settings = scanSettings.safeParse(JSON.parse(values['scan-settings']));
    if (!settings.success) return err(`--scan-settings: ${z.prettifyError(settings.error)}`);
    const pairing = printerPairing.safeParse(JSON.parse(values['printer-pairing']));
    if (!pairing.success) return err(`--printer-pairing: ${z.prettifyError(pairing.error)}`);
    const affixes = z
      .array(scannerAffixes)
      .max(SCANNERS_MAX)
      .safeParse(JSON.parse(values['scanner-affixes']));
    if (!affixes.success) return err(`--scanner-affixes: ${z.prettifyError(affixes.error)}`);
    const known = identities.safeParse(JSON.parse(values.identities));
    if (!known.success) return err(`--identities: ${z.prettifyError(known.error)}`);
    const addresses = [values.printer, values.pole, ...values.scanner];
    if (values.scanner.length > SCANNERS_MAX) return err(`--scanner: at most ${SCANNERS_MAX}`);
    if (addresses.some((address) => address.length > ADDRESS_LENGTH_MAX)) {
      return err(`an address has at most ${ADDRESS_LENGTH_MAX} characters`);
    }
    return ok({
      printer: values.printer,
      printerProfile: values['printer-profile'] ?? null,
      pairing: pairing.data,
      pole: values.pole,
      poleProfile: values['pole-profile'] ?? null,
      scanners: values.scanner,
      settings: settings.data,
      affixes: affixes.data,
      identities: new Map(Object.entries(known.data)),
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}
