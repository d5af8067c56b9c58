/**
 * A receipt as a document of lines.
 *
 * No bytes, no printer, no locale: the words are already chosen, the layout is not. The device
 * process lays it out on the paper it has; the screen shows the same document as text.
 */
export interface ReceiptDocument {
  /** BCP 47 language of the words, e.g. `tr`; printers pick code page and direction by it. */
  readonly language: string;
  readonly lines: readonly ReceiptLine[];
  /** Opens the cash drawer with this job. */
  readonly openDrawer: boolean;
}

export type ReceiptLine =
  | TextLine
  | PairLine
  | { readonly kind: 'rule' }
  | { readonly kind: 'space' }
  | { readonly kind: 'qr'; readonly content: string; readonly caption: string | null }
  | {
      readonly kind: 'barcode';
      readonly symbology: 'ean13' | 'code128';
      readonly content: string;
    }
  | { readonly kind: 'cut' };

/** `normal` 12×24 dots; `large` doubles height; `huge` doubles both. */
export type TextSize = 'normal' | 'large' | 'huge';

/** One paragraph; the layout wraps it at the paper's width between words. */
export interface TextLine {
  readonly kind: 'text';
  readonly text: string;
  readonly align: 'start' | 'center' | 'end';
  readonly size: TextSize;
  readonly bold: boolean;
}

/** A label and its value on the two edges: `Balance …… 335`. Inverted: white on black. */
export interface PairLine {
  readonly kind: 'pair';
  readonly start: string;
  readonly end: string;
  readonly size: TextSize;
  readonly bold: boolean;
  readonly inverted: boolean;
}
