/** How long a command is: so many bytes in all, more bytes needed to say, or nothing known by that name. */
export type CommandLength = number | 'more' | 'unknown';

const ESC = 0x1b;
const GS = 0x1d;
const FS = 0x1c;
const DLE = 0x10;
const TERMINATED_BYTES_MAX = 256;
/** Bytes one column of a user-defined character may have: 64 dots, more than any printer's. */
const USER_CHARACTER_BYTES_MAX = 8;

/** Commands of a fixed number of bytes after the two that name them: that number, and the letters. */
const FIXED = new Map([
  [
    ESC,
    lettersByCount({ 0: '2@LSimv\f', 1: ' !%-3=?EGJKMRTUVadertu{', 2: '$\\Bc', 3: 'p', 8: 'W' }),
  ],
  [GS, lettersByCount({ 0: ':c', 1: '!/BEHITabfhjrw', 2: '$\\LPWz', 3: '^' })],
  [FS, lettersByCount({ 0: '&.', 1: '!-CW', 2: 'Sp' })],
]);

/** The length of the command these bytes begin; called again with one more byte while it says `more`. */
export function commandLength(head: readonly number[]): CommandLength {
  const [lead = 0, name] = head;
  if (name === undefined) return 'more';
  if (lead === DLE) return realTimeLength(head);
  const letter = String.fromCharCode(name);
  const fixed = FIXED.get(lead)?.get(letter);
  if (fixed !== undefined) return 2 + fixed;
  if (letter === '(') return countedLength(head);
  if (lead === ESC) return escLength(letter, head);
  return lead === GS ? gsLength(letter, head) : 'unknown';
}

/** A command's name for traces and dispatch: `ESC a`, `GS ( k`, `GS v 0`, `DLE EOT`. */
export function commandName(bytes: readonly number[]): string {
  const [lead = 0, name = 0, third = 0] = bytes;
  if (lead === DLE) return `DLE ${{ 4: 'EOT', 5: 'ENQ', 20: 'DC4' }[name] ?? byteName(name)}`;
  const prefix = { [ESC]: 'ESC', [GS]: 'GS', [FS]: 'FS' }[lead] ?? byteName(lead);
  const letter = name >= 0x21 && name <= 0x7e ? String.fromCharCode(name) : byteName(name);
  const subName = letter === '(' || letter === '8' || (lead === GS && letter === 'v');
  return subName && third >= 0x21 && third <= 0x7e
    ? `${prefix} ${letter} ${String.fromCharCode(third)}`
    : `${prefix} ${letter}`;
}

/** A byte for people: `0x1F`; space by its name. */
export function byteName(byte: number): string {
  return byte === 0x20 ? 'SP' : `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Length of a real-time command, which the front of the printer has obeyed already. */
function realTimeLength(head: readonly number[]): CommandLength {
  const [, kind, argument] = head;
  if (kind === 0x04)
    return argument === undefined ? 'more' : argument === 7 || argument === 8 ? 4 : 3;
  if (kind === 0x05) return 3;
  if (kind !== 0x14) return 'unknown';
  if (argument === undefined) return 'more';
  return { 1: 5, 2: 5, 3: 8, 7: 4, 8: 10 }[argument] ?? 'unknown';
}

/** `( X pL pH` and as many bytes. */
function countedLength(head: readonly number[]): CommandLength {
  const [, , , low, high] = head;
  return low === undefined || high === undefined ? 'more' : 5 + low + high * 256;
}

function escLength(letter: string, head: readonly number[]): CommandLength {
  if (letter === 'D') return terminated(head, 2);
  if (letter === '*') {
    const [, , mode, low, high] = head;
    if (mode === undefined || low === undefined || high === undefined) return 'more';
    return 5 + (low + high * 256) * (mode >= 32 ? 3 : 1);
  }
  return letter === '&' ? userCharactersLength(head) : 'unknown';
}

function gsLength(letter: string, head: readonly number[]): CommandLength {
  const [, , third, fourth] = head;
  if ('V*kv8g'.includes(letter) && third === undefined) return 'more';
  switch (letter) {
    case 'V':
      return third === 65 || third === 66 || third === 97 || third === 98 ? 4 : 3;
    case '*':
      return fourth === undefined ? 'more' : 4 + (third ?? 0) * fourth * 8;
    case 'k':
      if ((third ?? 0) <= 6) return terminated(head, 3);
      return fourth === undefined ? 'more' : 4 + fourth;
    case 'v':
      return rasterLength(head);
    case '8':
      return longLength(head);
    case 'g':
      return third === 0x30 ? 4 : third === 0x32 ? 5 : 'unknown';
    default:
      return 'unknown';
  }
}

function rasterLength(head: readonly number[]): CommandLength {
  if (head[2] !== 0x30) return 'unknown';
  const [, , , , xLow, xHigh, yLow, yHigh] = head;
  if (xLow === undefined || xHigh === undefined || yLow === undefined || yHigh === undefined) {
    return 'more';
  }
  return 8 + (xLow + xHigh * 256) * (yLow + yHigh * 256);
}

function longLength(head: readonly number[]): CommandLength {
  if (head[2] !== 0x4c) return 'unknown';
  const [, , , p1, p2, p3, p4] = head;
  if (p1 === undefined || p2 === undefined || p3 === undefined || p4 === undefined) return 'more';
  return 7 + p1 + p2 * 0x100 + p3 * 0x1_00_00 + p4 * 0x1_00_00_00;
}

function userCharactersLength(head: readonly number[]): CommandLength {
  const [, , height, first, last] = head;
  if (height === undefined || first === undefined || last === undefined) return 'more';
  if (last < first || height > USER_CHARACTER_BYTES_MAX) return 'unknown';
  let length = 5;
  for (let code = first; code <= last; code += 1) {
    const width = head[length];
    if (width === undefined) return head.length <= length ? 'more' : 'unknown';
    length += 1 + width * height;
    if (head.length < length && code < last) return 'more';
  }
  return length;
}

function terminated(head: readonly number[], from: number): CommandLength {
  const end = head.indexOf(0, from);
  if (end !== -1) return end + 1;
  return head.length - from > TERMINATED_BYTES_MAX ? 'unknown' : 'more';
}

function lettersByCount(letters: Readonly<Record<number, string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [count, names] of Object.entries(letters)) {
    for (const name of names) counts.set(name, Number(count));
  }
  return counts;
}
