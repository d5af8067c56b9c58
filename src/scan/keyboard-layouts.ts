/** The keyboards a scanner may believe it is typing on, as its set-up codes call them. */
export type KeyboardLayoutName = 'us' | 'tr-q' | 'tr-f' | 'azerty' | 'qwertz';

/** All of them, the one scanners are delivered with first. */
export const keyboardLayoutNames = ['us', 'tr-q', 'tr-f', 'azerty', 'qwertz'] as const;

/** The places of the rows below, as `event.code`. */
const PLACES: ReadonlyMap<string, number> = new Map(
  [
    'Backquote',
    ...[...'1234567890'].map((digit) => `Digit${digit}`),
    'Minus',
    'Equal',
    ...[...'QWERTYUIOP'].map((letter) => `Key${letter}`),
    'BracketLeft',
    'BracketRight',
    ...[...'ASDFGHJKL'].map((letter) => `Key${letter}`),
    'Semicolon',
    'Quote',
    'Backslash',
    'IntlBackslash',
    ...[...'ZXCVBNM'].map((letter) => `Key${letter}`),
    'Comma',
    'Period',
    'Slash',
  ].map((code, index) => [code, index]),
);

/**
 * What each place writes alone, with Shift, and with AltGr; a space = nothing a code may hold.
 *
 * A combining character stands for a dead key: it waits for the next key, and a scanner that wants
 * the bare sign sends a space after it. Source: libxkbcommon 1.5 (us, tr, tr(f), fr, de).
 */
const ROWS: Readonly<
  Record<KeyboardLayoutName, readonly [plain: string, shifted: string, altGraph: string]>
> = {
  us: [
    "`1234567890-=qwertyuiop[]asdfghjkl;'\\\\zxcvbnm,./",
    '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"||ZXCVBNM<>?',
    '                                                ',
  ],
  'tr-q': [
    '"1234567890*-qwertyuıopğüasdfghjklşi,<zxcvbnmöç.',
    "é!'^+%&/()=?_QWERTYUIOPĞÜASDFGHJKLŞİ;>ZXCVBNMÖÇ:",
    "<> #$  {[]}\\|@ €       \u0308~          '`|          ",
  ],
  'tr-f': [
    '+1234567890/-fgğıodrnhpqwuieaütkmlyşx<jövcçzsb.,',
    '*!"^$%&\'()=?_FGĞIODRNHPQWUİEAÜTKMLYŞX>JÖVCÇZSB:;',
    '   #   {[]}\\|@         \u0308~  €       #`|          ',
  ],
  azerty: [
    '²&é"\'(-è_çà)=azertyuiop\u0302$qsdfghjklmù*<wxcvbn,;:!',
    '~1234567890°+AZERTYUIOP\u0308£QSDFGHJKLM%µ>WXCVBN?./§',
    '  ~#{[|`\\^@]}  €                                ',
  ],
  qwertz: [
    '\u03021234567890ß\u0301qwertzuiopü+asdfghjklöä#<yxcvbnm,.-',
    '°!"§$%&/()=?\u0300QWERTZUIOPÜ*ASDFGHJKLÖÄ\'>YXCVBNM;:_',
    '       {[]}\\ @ €        ~            |          ',
  ],
};

const CHARACTERS = new Map(
  keyboardLayoutNames.map((name) => [name, ROWS[name].map((row) => [...row])] as const),
);

/** How a key was held. */
export interface KeyHold {
  readonly shift: boolean;
  readonly altGraph: boolean;
}

/** What a place writes on a layout, CapsLock aside; null where it writes nothing. */
export function characterAt(
  layout: KeyboardLayoutName,
  code: string,
  hold: KeyHold,
): string | null {
  const place = PLACES.get(code);
  if (place === undefined) return null;
  const row = CHARACTERS.get(layout)?.[hold.altGraph ? 2 : hold.shift ? 1 : 0];
  const character = row?.[place] ?? ' ';
  return character === ' ' ? null : character;
}

/** The same with the case turned, where the place writes a letter: the layout knows İ from I. */
export function turnedCharacterAt(
  layout: KeyboardLayoutName,
  code: string,
  hold: KeyHold,
): string | null {
  const character = characterAt(layout, code, hold);
  const turned = characterAt(layout, code, { ...hold, shift: !hold.shift });
  const isLetter = character !== null && /^\p{L}$/u.test(character);
  return !hold.altGraph && isLetter && turned !== null && /^\p{L}$/u.test(turned)
    ? turned
    : character;
}

/** The signs that dead keys write when a space follows them. */
const BARE_SIGNS: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': '´',
  '\u0302': '^',
  '\u0308': '¨',
};

/** Puts dead keys and what followed them together, as the PC would have. */
export function withDeadKeysResolved(text: string): string {
  return text.replaceAll(/([\u0300\u0301\u0302\u0308])(.?)/gsu, (_, dead: string, next: string) => {
    const bare = BARE_SIGNS[dead] ?? '';
    if (next === ' ') return bare;
    const composed = `${next}${dead}`.normalize('NFC');
    return next !== '' && [...composed].length === 1 ? composed : bare + next;
  });
}
