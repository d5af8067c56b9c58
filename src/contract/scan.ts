import { z } from 'zod';
import { SCREEN_KEYS } from '#scan/screen-key.ts';
import type { ScannedCode, ScanSource, Symbology } from '#scan/code.ts';

/** How a reader named the symbol. Source: AIM identifiers, ISO/IEC 15424. */
export const symbology = z.enum([
  'ean',
  'code128',
  'gs1-128',
  'code39',
  'code93',
  'codabar',
  'itf',
  'databar',
  'qr',
  'gs1-qr',
  'datamatrix',
  'gs1-datamatrix',
  'pdf417',
  'aztec',
  'magstripe',
  'nfc',
  'other',
  'none',
]) satisfies z.ZodType<Symbology>;

export const scanSource = z.enum([
  'keyboard',
  'serial',
  'hid',
  'typed',
]) satisfies z.ZodType<ScanSource>;

/** A decoded scan on its way to the scan router. A payment card has no field that could hold its number. */
export const scannedCode = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('card'),
    number: z.string().regex(/^[0-9A-Z]{6,32}$/),
    symbology,
  }),
  z.strictObject({
    kind: z.literal('receipt'),
    token: z.string().regex(/^[0-9A-Z]{8,32}$/),
    symbology,
  }),
  z.strictObject({
    kind: z.literal('voucher'),
    code: z.string().regex(/^[0-9A-Z]{4,32}$/),
    symbology,
  }),
  z.strictObject({ kind: z.literal('product'), gtin: z.string().regex(/^[0-9]{14}$/), symbology }),
  z.strictObject({ kind: z.literal('screen-key'), key: z.enum(SCREEN_KEYS) }),
  z.strictObject({ kind: z.literal('payment-card') }),
  z.strictObject({ kind: z.literal('unknown'), text: z.string().max(64), symbology }),
  z.strictObject({
    kind: z.literal('unreadable'),
    reason: z.enum(['empty', 'too-long', 'binary', 'track-error']),
  }),
]) satisfies z.ZodType<ScannedCode>;
