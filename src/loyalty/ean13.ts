/** The check digit of an EAN/UPC number's preceding digits (any length). Source: GS1 GenSpec 7.9. */
export function gs1CheckDigit(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const weight = (digits.length - index) % 2 === 1 ? 3 : 1;
    sum += weight * (digits.charCodeAt(index) - 48);
  }
  return (10 - (sum % 10)) % 10;
}

/** Whether a number of 8, 12, 13 or 14 digits ends in its right check digit. */
export function hasGs1CheckDigit(number: string): boolean {
  if (!/^(?:\d{8}|\d{12,14})$/.test(number)) return false;
  return gs1CheckDigit(number.slice(0, -1)) === number.charCodeAt(number.length - 1) - 48;
}
