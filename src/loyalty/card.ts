import { assert } from './result.ts';
import { code32FromBytes, isCode32, normaliseCode32 } from './code32.ts';
import { gs1CheckDigit, hasGs1CheckDigit } from './ean13.ts';

/** GS1 prefix for numbers restricted to a company: no product in any shop can have it. */
export const cardPrefix = '29';

/** One more than the largest serial: ten digits. */
export const cardSerials = 10_000_000_000;

/**
 * A member card number: `29`, ten digits, the EAN-13 check digit.
 *
 * Every retail scanner reads it, and the prefix tells it from goods. The serial is random, in
 * 0…9,999,999,999: a number must not be guessed from its neighbour.
 */
export function cardNumberFromSerial(serial: number): string {
  assert(
    Number.isInteger(serial) && serial >= 0 && serial < cardSerials,
    'a serial has ten digits',
  );
  const body = cardPrefix + serial.toString().padStart(10, '0');
  return body + gs1CheckDigit(body).toString();
}

/** A member card number from at least 7 random bytes. */
export function cardNumberFromBytes(bytes: Uint8Array): string {
  assert(bytes.length >= 7, 'a card number needs seven random bytes');
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return cardNumberFromSerial(Number(value % BigInt(cardSerials)));
}

/** Latin digits only: spaces and dashes gone, Arabic-Indic and Persian digits replaced. */
export function normaliseDigits(text: string): string {
  return text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[\s\-–—.]/g, '');
}

/** Whether thirteen digits are one of our own member cards. */
export function isCardNumber(number: string): boolean {
  return number.length === 13 && number.startsWith(cardPrefix) && hasGs1CheckDigit(number);
}

/** `29 12345 67890 5`: how a card number is printed under its bars. */
export function displayCardNumber(number: string): string {
  return `${number.slice(0, 2)} ${number.slice(2, 7)} ${number.slice(7, 12)} ${number.slice(12)}`;
}

const receiptDataLength = 8;
const voucherDataLength = 10;

/** A receipt token (9 characters) from 5 random bytes: what the claim and return QR carries. */
export function receiptTokenFromBytes(bytes: Uint8Array): string {
  return code32FromBytes(bytes, receiptDataLength);
}

/** Whether a normalised text is a receipt token. */
export function isReceiptToken(token: string): boolean {
  return isCode32(token, receiptDataLength);
}

/** `7K3M-9P2QX`: how a receipt token is printed and read aloud. */
export function displayReceiptToken(token: string): string {
  return `${token.slice(0, 4)}-${token.slice(4)}`;
}

/** A voucher code (11 characters) from 7 random bytes; its length tells it from a receipt. */
export function voucherCodeFromBytes(bytes: Uint8Array): string {
  return code32FromBytes(bytes, voucherDataLength);
}

/** Whether a normalised text is a voucher code of ours. */
export function isVoucherCode(code: string): boolean {
  return isCode32(code, voucherDataLength);
}

/** `7K3M-9P2-QX4R`: how a voucher code is printed and read aloud. */
export function displayVoucherCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4, 7)}-${code.slice(7)}`;
}

/** Normalises what a person typed for a receipt or voucher code: case, dashes, O and 0, I and 1. */
export function normaliseCode(text: string): string {
  return normaliseCode32(text);
}
