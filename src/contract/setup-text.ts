/** Why a text that a person typed cannot be taken. */
export type TextProblem =
  | 'text-empty'
  | 'text-long'
  | 'text-hidden'
  | 'text-picture'
  | 'text-cells'
  | 'text-controls'
  | 'text-code';

/** Direction overrides, isolates, marks and zero-width characters: they change what stands around them. */
const HIDDEN = /[\u200B-\u200F\u061C\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
const PICTURE = /\p{Emoji_Presentation}|\uFE0F|\u20E3/u;
const CELLS = /[\t\n\r\u2028\u2029]/u;
/** What a scanner types into a field that has the focus. */
const CODE = /^\d{8,}$/u;
const CONTROLS = /\p{Cc}/u;

/** Text without hidden characters: nobody can see them, so nobody could delete them. */
export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, '');
}

/**
 * What is wrong with a name or an address; null where nothing is.
 *
 * A receipt printer has no pictures and no tabs; what it cannot print is not taken in.
 */
export function textProblem(
  text: string,
  limits: { readonly min: 0 | 1; readonly max: number },
): TextProblem | null {
  if (withoutHidden(text) !== text) return 'text-hidden';
  if (CELLS.test(text)) return 'text-cells';
  if (CONTROLS.test(text)) return 'text-controls';
  if (PICTURE.test(text)) return 'text-picture';
  if (CODE.test(text.trim())) return 'text-code';
  const length = text.trim().length;
  if (length < limits.min) return 'text-empty';
  return length > limits.max ? 'text-long' : null;
}

/** Four to eight digits that are not the first anybody would try. */
export function pinProblem(pin: string): 'pin-digits' | 'pin-simple' | null {
  if (!/^[0-9]{4,8}$/.test(pin)) return 'pin-digits';
  const same = /^(.)\1*$/.test(pin);
  const row = '01234567890'.includes(pin) || '09876543210'.includes(pin);
  return same || row ? 'pin-simple' : null;
}
