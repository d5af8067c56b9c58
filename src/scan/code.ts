import type { ScreenKey } from './screen-key.ts';

/**
 * What a scan, swipe or typed number turned out to be, before anyone knows whose it is.
 *
 * A payment card never becomes a `ScannedCode` with its number: the decoder drops the digits and
 * keeps only the fact, so that no frame, log line or database can hold it.
 */
export type ScannedCode =
  | { readonly kind: 'card'; readonly number: string; readonly symbology: Symbology }
  | { readonly kind: 'receipt'; readonly token: string; readonly symbology: Symbology }
  | { readonly kind: 'voucher'; readonly code: string; readonly symbology: Symbology }
  | {
      readonly kind: 'product';
      /** GTIN normalised to 14 digits. */
      readonly gtin: string;
      readonly symbology: Symbology;
    }
  | { readonly kind: 'screen-key'; readonly key: ScreenKey }
  | { readonly kind: 'payment-card' }
  | {
      readonly kind: 'unknown';
      /** What arrived, printable characters only, at most 64 of them. */
      readonly text: string;
      readonly symbology: Symbology;
    }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason };

export type UnreadableReason = 'empty' | 'too-long' | 'binary' | 'track-error';

/** Named by the reader through an AIM identifier, or `none` when it did not say. */
export type Symbology =
  | 'ean'
  | 'code128'
  | 'gs1-128'
  | 'code39'
  | 'code93'
  | 'codabar'
  | 'itf'
  | 'databar'
  | 'qr'
  | 'gs1-qr'
  | 'datamatrix'
  | 'gs1-datamatrix'
  | 'pdf417'
  | 'aztec'
  | 'magstripe'
  | 'nfc'
  | 'other'
  | 'none';

/** The way a code arrived: it decides how strong a proof of holding the card it is. */
export type ScanSource = 'keyboard' | 'serial' | 'hid' | 'typed';
