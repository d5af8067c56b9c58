/** One track of a swipe. `error` = the reader said so, or the track has no end. */
export type Track =
  | { readonly state: 'absent' }
  | { readonly state: 'error' }
  | { readonly state: 'read'; readonly data: string };

/** The three tracks of a swipe, sentinels removed. Holds card data: it stays inside this folder. */
export interface Magstripe {
  readonly track1: Track;
  readonly track2: Track;
  readonly track3: Track;
}

const ABSENT: Track = { state: 'absent' };
const ERROR: Track = { state: 'error' };

/** Longest data a track can hold without its sentinels. Source: ISO/IEC 7811-6. */
const TRACK_LENGTHS_MAX = { '%': 76, ';': 37, '+': 104 } as const;
type Sentinel = keyof typeof TRACK_LENGTHS_MAX;

/**
 * Takes a swipe apart, or answers null when the text is none.
 *
 * Shape: `%track1?;track2?+track3?`, each part optional, an LRC character after `?` tolerated.
 * A track that is only `E` is the reader's read error. Source: MagTek keyboard-emulation manuals.
 */
export function readMagstripe(text: string): Magstripe | null {
  if (!startsLikeSwipe(text)) return null;
  const tracks: Record<Sentinel, Track> = { '%': ABSENT, ';': ABSENT, '+': ABSENT };
  let position = 0;
  while (position < text.length) {
    const sentinel = text.charAt(position);
    if (!isSentinel(sentinel)) {
      position += 1;
      continue;
    }
    const end = text.indexOf('?', position);
    const data = text.slice(position + 1, end === -1 ? text.length : end);
    tracks[sentinel] = end === -1 ? ERROR : trackOf(data, TRACK_LENGTHS_MAX[sentinel]);
    position += data.length + 2;
  }
  return { track1: tracks['%'], track2: tracks[';'], track3: tracks['+'] };
}

/** A sentinel alone is not enough: `+49…` is a phone number and `%` starts many texts. */
function startsLikeSwipe(text: string): boolean {
  return /^%[A-Za-z]\d{6}/.test(text) || /^;\d{6}/.test(text) || /^[%;+][^?]{1,128}\?/.test(text);
}

function isSentinel(character: string): character is Sentinel {
  return character === '%' || character === ';' || character === '+';
}

function trackOf(data: string, lengthMax: number): Track {
  if (data === 'E' || data === 'e' || data.length === 0 || data.length > lengthMax) return ERROR;
  return { state: 'read', data };
}

/**
 * The card number of a swipe, or null when no track that holds one was read.
 *
 * Track 2 up to `=` first, as loyalty cards often carry only that; then track 1 without its format
 * letter up to `^`; then track 3 up to `=`.
 */
export function cardNumberOf(swipe: Magstripe): string | null {
  if (swipe.track2.state === 'read') return beforeFirst(swipe.track2.data, '=');
  if (swipe.track1.state === 'read') {
    return beforeFirst(swipe.track1.data, '^')
      .replace(/^[A-Za-z](?=\d)/, '')
      .replaceAll(' ', '');
  }
  if (swipe.track3.state === 'read') return beforeFirst(swipe.track3.data, '=');
  return null;
}

function beforeFirst(data: string, separator: string): string {
  const end = data.indexOf(separator);
  return end === -1 ? data : data.slice(0, end);
}

/**
 * Whether a text is a torn piece of a swipe: the end of a track whose start got lost. Such a piece
 * may hold half a bank card's number and is never shown.
 */
export function isTrackFragment(text: string): boolean {
  return /\^[^^]{0,40}\^\d{0,4}/.test(text) || /=\d{4,}[^?]{0,40}\?.?$/.test(text);
}
