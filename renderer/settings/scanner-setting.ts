import { z } from 'zod';
import type { Calibration } from '#scan/calibration.ts';
import { keyboardLayoutNames } from '#scan/keyboard-layouts.ts';

const ms = z.number().min(0).max(10_000);
const affix = z.string().max(16);

/** What this screen remembers of its keyboard scanner; storage may hold anything. */
export const storedCalibration: z.ZodType<Calibration> = z.strictObject({
  keyboard: z
    .strictObject({
      layout: z.enum(keyboardLayoutNames),
      letterCase: z.enum(['as-read', 'turned', 'turned-by-capslock']),
      paceMs: ms,
      slowestGapMs: ms,
      preferredSpelling: z.enum(['code', 'key']),
      terminator: z.enum(['enter', 'tab', 'none']),
    })
    .nullable(),
  prefix: affix,
  suffix: affix,
  groupSeparator: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sent') }),
    z.strictObject({ kind: z.literal('sign'), text: z.string().max(8) }),
    z.strictObject({ kind: z.literal('key'), name: z.string().max(32) }),
    z.strictObject({ kind: z.literal('dropped') }),
  ]),
  sendsIdentifier: z.boolean(),
});
