const ZERO = 48;
const NINE = 57;

/** Whether every character is an ASCII digit; the empty text is not digits. */
export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (!isDigitAt(text, index)) return false;
  }
  return text.length > 0;
}

/** Whether the character at `index` is an ASCII digit; outside the text it is not. */
export function isDigitAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= ZERO && unit <= NINE;
}

/** The digit at `index` as a number. The caller has checked that it is one. */
export function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - ZERO;
}

/**
 * The Luhn check of ISO/IEC 7812: from the right, every second digit doubled, digits summed, mod 10.
 *
 * | digits | doubled, from the right | sum | |
 * |---|---|---|---|
 * | 7992739871 3 | 3 2 7 (1+6) 9 6 7 4 9 (1+8) 7 | 70 | right |
 */
export function hasLuhnCheck(digits: string): boolean {
  if (!isDigits(digits) || digits.length < 2) return false;
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = digitAt(digits, digits.length - 1 - fromRight);
    const weighed = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
