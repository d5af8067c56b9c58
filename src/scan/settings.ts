/**
 * What a tenant teaches the decoder. Data, never regular expressions: nothing typed into a settings
 * page can then hang a till.
 */
export interface ScanSettings {
  /** Cards issued before Regulars came; tried after our own member card and before products. */
  readonly cardPatterns: readonly CardPattern[];
  /**
   * Issuer prefixes (IIN) of the tenant's own magstripe or embossed cards, e.g. `603571`. Only these
   * escape the payment-card refusal; a card pattern alone does not. Four digits at least count.
   */
  readonly ownIssuerPrefixes: readonly string[];
  /** Characters the scanner was set up to put before and after each code; empty = none. */
  readonly prefix: string;
  readonly suffix: string;
  /** What the scanner sends for GS (FNC1 inside a GS1 code) where that is a sign; empty = GS itself. */
  readonly groupSeparator: string;
}

/** One family of own cards. A card has to fit all of it. */
export interface CardPattern {
  readonly prefix: string;
  /** Of the whole number, prefix included; between 6 and 32. */
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly characters: 'digits' | 'digits-and-letters';
  /** `gs1` is the EAN check digit, `luhn` the bank card one. */
  readonly check: 'none' | 'gs1' | 'luhn';
}

/** A tenant that has taught nothing yet: our own codes, products, and the refusal. */
export const defaultScanSettings: ScanSettings = {
  cardPatterns: [],
  ownIssuerPrefixes: [],
  prefix: '',
  suffix: '',
  groupSeparator: '',
};

/** Longest text the decoder looks at, in UTF-16 units; a PDF417 holds at most 2,710. */
export const SCAN_LENGTH_MAX = 4_096;
