import type { TillContract } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import type { ReceiptLine } from '#loyalty/receipt.ts';
import { ok, type Result } from '#loyalty/result.ts';
import { screenKeyCode } from '#scan/screen-key.ts';
import type { z } from 'zod';
import { commit, wallMs, type Core } from './core.ts';
import { queuedJob } from './print-job.ts';
import { heading } from './receipt/parts.ts';
import { receiptLanguage, textLine, writingFor } from './receipt/writing.ts';

type Asked = z.output<TillContract['calls']['screen-keys.print']['input']>;

/** Prints the codes that press keys of the screen: for a counter worked with the scanner alone. */
export function printScreenKeys(core: Core, asked: Asked): Result<null, Message> {
  const { ids } = core.ports;
  const language = receiptLanguage(asked.language, core.config);
  const writing = writingFor(language, core.config);
  const lines: ReceiptLine[] = [
    ...heading(writing, core.config, wallMs(core), ''),
    textLine(asked.title, { align: 'center', bold: true }),
    ...asked.keys.flatMap(({ key, words }): ReceiptLine[] => [
      { kind: 'space' },
      textLine(words, { align: 'center' }),
      { kind: 'barcode', symbology: 'code128', content: screenKeyCode(key) },
    ]),
    { kind: 'cut' },
  ];
  const saved = commit(core, (writes) =>
    writes.savePrintJob(
      queuedJob(ids.uuid(), ids.uuid(), 'keys', { language, openDrawer: false, lines }),
    ),
  );
  if (!saved.ok) return saved;
  core.wakePrinter();
  return ok(null);
}
