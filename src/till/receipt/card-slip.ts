import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { wallMs, type Core } from '#till/core.ts';
import { heading, memberCard } from './parts.ts';
import { receiptLanguage, writingFor } from './writing.ts';

/** A card on a slip of its own, for somebody who joins without buying anything. */
export function cardSlip(core: Core, number: string, language: string): ReceiptDocument {
  const chosen = receiptLanguage(language, core.config);
  const writing = writingFor(chosen, core.config);
  return {
    language: chosen,
    openDrawer: false,
    lines: [
      ...heading(writing, core.config, wallMs(core), ''),
      ...memberCard(writing, number),
      { kind: 'cut' },
    ],
  };
}
