import { readAimIdentifier } from './aim.ts';
import { readCheckedCode } from './check-code.ts';
import type { ScannedCode, ScanSource, Symbology } from './code.ts';
import { hasLuhnCheck, isDigits } from './digits.ts';
import { gtinOfDigits, hasGs1Check } from './ean.ts';
import { trimEnds } from './framing.ts';
import { GROUP_SEPARATOR, gtinOfDigitalLink, gtinOfElementString } from './gs1.ts';
import { cardNumberOf, isTrackFragment, readMagstripe } from './magstripe.ts';
import type { Magstripe } from './magstripe.ts';
import {
  holdsPaymentCardTrack,
  isPaymentCardNumber,
  maskPaymentCardNumbers,
} from './payment-card.ts';
import { readScreenKey } from './screen-key.ts';
import { SCAN_LENGTH_MAX } from './settings.ts';
import type { CardPattern, ScanSettings } from './settings.ts';

/** Digits and first two digits of a member card number issued by Regulars. */
const MEMBER_CARD: CardPattern = {
  prefix: '29',
  lengthMin: 13,
  lengthMax: 13,
  characters: 'digits',
  check: 'gs1',
};

const UNKNOWN_LENGTH_MAX = 64;
const CARD_LENGTH_MIN = 6;
const CARD_LENGTH_MAX = 32;
/** Plain digits are only taken for an embossed bank card from here on; shorter ones are products. */
const EMBOSSED_LENGTH_MIN = 15;
/** EOT, tab, LF, CR, FS, GS, RS, US: inside vCards, GS1 strings and ISO 15434 envelopes. */
const ACCEPTED_CONTROLS: ReadonlySet<number> = new Set([4, 9, 10, 13, 28, 29, 30, 31]);

/**
 * Says what one scan, swipe or typed number is. The one place that decides.
 *
 * Never throws, whatever arrives. A payment card is recognised before anything else and leaves no
 * digit in the result; see `payment-card.ts` for what counts as one.
 */
export function decodeScan(text: string, source: ScanSource, settings: ScanSettings): ScannedCode {
  if (text.length > SCAN_LENGTH_MAX) return { kind: 'unreadable', reason: 'too-long' };
  const trimmed = withoutAffixes(trimEnds(text), settings);
  if (trimmed === '') return { kind: 'unreadable', reason: 'empty' };
  const { identifier, symbology, payload } = readAimIdentifier(trimmed);
  if (holdsPaymentCardTrack(payload, settings.ownIssuerPrefixes)) return { kind: 'payment-card' };
  if (payload.trim() === '') return { kind: 'unreadable', reason: 'empty' };
  if (isBinary(payload)) return { kind: 'unreadable', reason: 'binary' };

  const swipe = readMagstripe(payload);
  if (swipe !== null) return decodeSwipe(swipe, settings);
  if (isTrackFragment(payload)) return { kind: 'unreadable', reason: 'track-error' };

  const plain = source === 'typed' ? asTyped(payload) : payload.trim();
  if (isEmbossedPaymentCard(plain, symbology, settings)) return { kind: 'payment-card' };
  const checked = readCheckedCode(plain, source === 'typed');
  if (checked !== null) return { ...checked, symbology };
  const key = readScreenKey(plain);
  if (key !== null && source !== 'typed') return { kind: 'screen-key', key };
  return (
    ownCard(plain, symbology, settings) ??
    product(withGroupSeparators(plain, settings), symbology, identifier) ??
    unknown(payload, symbology, settings)
  );
}

/**
 * Decodes a scan that may have been spelt in several ways (a keyboard scanner's `code` and `key`
 * texts), best guess first. A payment card in any spelling is a payment card; else the first
 * spelling that means something wins.
 */
export function decodeCandidates(
  texts: readonly string[],
  source: ScanSource,
  settings: ScanSettings,
): ScannedCode {
  const codes = texts.map((text) => decodeScan(text, source, settings));
  return (
    codes.find((code) => code.kind === 'payment-card') ??
    codes.find(isMeaningful) ??
    codes[0] ?? { kind: 'unreadable', reason: 'empty' }
  );
}

/** Whether a code passed a check of its own, so that it hardly came about by chance. */
export function isMeaningful(code: ScannedCode): boolean {
  return code.kind !== 'unknown' && code.kind !== 'unreadable';
}

function decodeSwipe(swipe: Magstripe, settings: ScanSettings): ScannedCode {
  const tracks = [swipe.track1, swipe.track2, swipe.track3];
  const number = cardNumberOf(swipe);
  if (number === null) return { kind: 'unreadable', reason: 'track-error' };
  const isPaymentCard = tracks.some(
    (track) =>
      track.state === 'read' &&
      track.data
        .split(/[=^\s]/)
        .some((part) =>
          isPaymentCardNumber(part.replace(/^[A-Za-z]/, ''), settings.ownIssuerPrefixes),
        ),
  );
  if (isPaymentCard || isPaymentCardNumber(number, settings.ownIssuerPrefixes))
    return { kind: 'payment-card' };
  return ownCard(number, 'magstripe', settings) ?? unknown(number, 'magstripe', settings);
}

/** As a person types a printed number: groups set apart, Arabic-Indic or Persian digits. */
function asTyped(text: string): string {
  return text
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/** A bank card's number by itself: typed from the card's face, or sent by a reader that strips the rest. */
function isEmbossedPaymentCard(
  plain: string,
  symbology: Symbology,
  settings: ScanSettings,
): boolean {
  if (symbology !== 'none') return false;
  const digits = plain.replaceAll(/[ -]/g, '');
  return (
    digits.length >= EMBOSSED_LENGTH_MIN && isPaymentCardNumber(digits, settings.ownIssuerPrefixes)
  );
}

function ownCard(plain: string, symbology: Symbology, settings: ScanSettings): ScannedCode | null {
  const number = plain.toUpperCase();
  if (![MEMBER_CARD, ...settings.cardPatterns].some((pattern) => fitsPattern(number, pattern)))
    return null;
  return { kind: 'card', number, symbology };
}

function fitsPattern(number: string, pattern: CardPattern): boolean {
  const lengthMin = Math.max(pattern.lengthMin, CARD_LENGTH_MIN);
  const lengthMax = Math.min(pattern.lengthMax, CARD_LENGTH_MAX);
  if (number.length < lengthMin || number.length > lengthMax) return false;
  if (!number.startsWith(pattern.prefix.toUpperCase())) return false;
  const isSpeltRight =
    pattern.characters === 'digits' ? isDigits(number) : /^[0-9A-Z]+$/.test(number);
  return isSpeltRight && hasCheck(number, pattern.check);
}

function hasCheck(number: string, check: CardPattern['check']): boolean {
  switch (check) {
    case 'none':
      return true;
    case 'gs1':
      return hasGs1Check(number);
    case 'luhn':
      return hasLuhnCheck(number);
    default:
      return assertNever(check);
  }
}

function product(
  plain: string,
  symbology: Symbology,
  identifier: string | null,
): ScannedCode | null {
  const gtin =
    gtinOfDigits(plain, identifier) ?? gtinOfDigitalLink(plain) ?? gtinOfGs1(plain, symbology);
  return gtin === null ? null : { kind: 'product', gtin, symbology };
}

/** Without the reader's word, only a string that starts with a whole, right GTIN is taken for GS1. */
function gtinOfGs1(plain: string, symbology: Symbology): string | null {
  const isNamed = symbology.startsWith('gs1-') || symbology === 'databar';
  const looksLikeIt = /^(?:01\d{14}|\(\d{2,4}\))/.test(plain) || plain.includes(GROUP_SEPARATOR);
  return isNamed || looksLikeIt ? gtinOfElementString(plain) : null;
}

function unknown(text: string, symbology: Symbology, settings: ScanSettings): ScannedCode {
  const printable = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (printable === '') return { kind: 'unreadable', reason: 'binary' };
  const masked = maskPaymentCardNumbers(
    printable,
    settings.ownIssuerPrefixes,
    symbology === 'magstripe',
  );
  return { kind: 'unknown', text: cut(masked, UNKNOWN_LENGTH_MAX), symbology };
}

/** The first `lengthMax` UTF-16 units, without tearing a surrogate pair. */
function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax);
}

/** Control characters that no code we accept contains, undecodable bytes, torn surrogates. */
function isBinary(text: string): boolean {
  if (!text.isWellFormed()) return true;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 && !ACCEPTED_CONTROLS.has(unit)) return true;
    if ((unit >= 0x7f && unit <= 0x9f) || unit === 0xfffd) return true;
  }
  return false;
}

function withGroupSeparators(text: string, { groupSeparator }: ScanSettings): string {
  return groupSeparator === '' ? text : text.replaceAll(groupSeparator, GROUP_SEPARATOR);
}

function withoutAffixes(text: string, settings: ScanSettings): string {
  const { prefix, suffix } = settings;
  const tail = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  return suffix !== '' && tail.endsWith(suffix) ? tail.slice(0, -suffix.length) : tail;
}

function assertNever(value: never): never {
  throw new Error(`decodeScan met a card check it does not know: ${JSON.stringify(value)}`);
}
