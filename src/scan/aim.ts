import type { Symbology } from './code.ts';

/** A text as the reader sent it, split into what the reader said about it and what it read. */
export interface IdentifiedText {
  /** The three characters `]cm` as sent, or null when the reader sends none. */
  readonly identifier: string | null;
  readonly symbology: Symbology;
  readonly payload: string;
}

/**
 * Takes the AIM symbology identifier off the front, where there is one.
 *
 * Scanners send it in every mode once told to by a set-up code, so it is used when present and never
 * required. Source: ISO/IEC 15424.
 */
export function readAimIdentifier(text: string): IdentifiedText {
  const matched = /^\][A-Za-z][0-9A-Za-z]/.exec(text);
  if (matched === null) return { identifier: null, symbology: 'none', payload: text };
  const identifier = matched[0];
  return { identifier, symbology: symbologyOfAim(identifier), payload: text.slice(3) };
}

/** What an AIM identifier names. Letters nobody gave us a meaning for are `other`. */
export function symbologyOfAim(identifier: string): Symbology {
  const modifier = identifier.slice(2, 3);
  switch (identifier.slice(1, 2)) {
    case 'A':
      return 'code39';
    case 'C':
      return modifier === '1' ? 'gs1-128' : 'code128';
    case 'E':
      return 'ean';
    case 'F':
      return 'codabar';
    case 'G':
      return 'code93';
    case 'I':
      return 'itf';
    case 'L':
      return 'pdf417';
    case 'Q':
      return modifier === '3' ? 'gs1-qr' : 'qr';
    case 'd':
      return modifier === '2' ? 'gs1-datamatrix' : 'datamatrix';
    case 'e':
      return 'databar';
    case 'z':
      return 'aztec';
    default:
      return 'other';
  }
}
