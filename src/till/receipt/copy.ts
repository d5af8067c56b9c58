import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { textLine } from './writing.ts';
import { receiptWords, type ReceiptLanguage } from './words.ts';

/** The same paper once more, saying that it is a copy. Figures are those of then; no drawer opens. */
export function copyOf(document: ReceiptDocument, copy: number): ReceiptDocument {
  const words = receiptWords[document.language as ReceiptLanguage] ?? receiptWords.en;
  const mark = textLine(`${words.copy} ${copy}`, { align: 'center', size: 'huge', bold: true });
  return { ...document, openDrawer: false, lines: [mark, ...document.lines] };
}
