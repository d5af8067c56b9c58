import { readAimIdentifier } from './aim.ts';
import { decodeCandidates, isMeaningful } from './decode.ts';
import { withDeadKeysResolved } from './keyboard-layouts.ts';
import { readMagstripe } from './magstripe.ts';
import type { ScanSettings } from './settings.ts';
import { medianOf, rhythmEvidence } from './wedge-evidence.ts';
import type { Gap } from './wedge-evidence.ts';
import type { KeyReading } from './wedge-keys.ts';

/** One character of a burst of keys, in its spellings, with the gap before it. */
export interface Stroke {
  readonly keyId: number;
  /** The key's place, to know a key struck again; empty where no key was involved. */
  readonly place: string;
  readonly byCode: string;
  readonly byKey: string | null;
  readonly byCapsLock: string;
  /** Time since the stroke before; null for the first, and for text that came in one piece. */
  readonly gap: Gap | null;
  /** Whether the page was told to keep this character out of the field. */
  readonly prevented: boolean;
}

/** What a page's scanner was set up to do, beyond what the codes mean. */
export interface WedgeSettings {
  readonly scan: ScanSettings;
  /** Shorter bursts are always typing. */
  readonly charactersMin: number;
  /** Which spelling goes first: by place (scanner set to US, as delivered) or by the PC's layout. */
  readonly preferredSpelling: 'code' | 'key';
  readonly reading: KeyReading;
  /** Slow end of the gaps between its characters, learned from a scan; null = not learned. */
  readonly slowestGapMs: number | null;
}

/** Evidence at which a finished burst is a scan, in nats: see `rhythmEvidence`. */
const EVIDENCE_MIN = 14;
/** Evidence of rhythm alone at which keys are kept out of the field before the burst is over. */
const EVIDENCE_EARLY = 16;
/** Below this a burst that was begun as a scan is given back as typing. */
const EVIDENCE_RETRACT = 6;
const EVIDENCE_TERMINATOR = 2;
/** A check digit or a format came out right; people who type such a number are slower by far. */
const EVIDENCE_MEANINGFUL = 10;
/** An AIM identifier, a track sentinel or the scanner's own prefix: nobody types those. */
const EVIDENCE_ANNOUNCED = 6;
/** Only the last strokes are weighed while nothing is decided; a scan shows within them. */
export const STROKES_WEIGHED_MAX = 40;
const PAUSE_FACTOR = 1.4;
const PAUSE_EXTRA_MS = 15;

/** A stretch of strokes that ends with the last one, and what speaks for it being a scan. */
export interface Verdict {
  readonly start: number;
  readonly isScan: boolean;
  /** Spellings, best guess first. */
  readonly texts: readonly [string, ...string[]];
}

/**
 * Where a scan may have started: at the first stroke, or after a pause longer than every gap since.
 *
 * Somebody types `12`, then scans: the pause between the two is longer than any gap in the scan.
 */
export function possibleStarts(strokes: readonly Stroke[]): readonly number[] {
  const starts: number[] = [];
  let longestLaterMs = 0;
  for (let index = strokes.length - 1; index > 0; index -= 1) {
    const ms = strokes[index]?.gap?.ms ?? 0;
    if (ms >= longestLaterMs * PAUSE_FACTOR + PAUSE_EXTRA_MS) starts.push(index);
    longestLaterMs = Math.max(longestLaterMs, ms);
  }
  return [...starts, 0];
}

/** The first stroke of a scan already certain from its rhythm, or null. */
export function earlyStart(strokes: readonly Stroke[], settings: WedgeSettings): number | null {
  const offset = Math.max(0, strokes.length - STROKES_WEIGHED_MAX);
  const weighed = strokes.slice(offset);
  let best: { readonly start: number; readonly evidence: number } | null = null;
  for (const start of possibleStarts(weighed)) {
    if (weighed.length - start < settings.charactersMin) continue;
    const evidence = rhythmOf(weighed, start, null);
    if (evidence >= EVIDENCE_EARLY && evidence > (best?.evidence ?? 0)) best = { start, evidence };
  }
  return best === null ? null : best.start + offset;
}

/** Whether a burst begun as a scan has lost its rhythm, so that it was a person after all. */
export function isRetracted(strokes: readonly Stroke[], start: number): boolean {
  if (strokes.length - start > STROKES_WEIGHED_MAX) return false;
  return rhythmOf(strokes, start, null) < EVIDENCE_RETRACT;
}

/**
 * Judges a finished burst. `terminatorGapMs` is the time from the last character to Enter or Tab,
 * null when silence ended it; `begunAt` the start already decided on, if any.
 */
export function judge(
  strokes: readonly Stroke[],
  terminatorGapMs: number | null,
  begunAt: number | null,
  settings: WedgeSettings,
): Verdict {
  const verdicts = possibleStarts(strokes)
    .filter((start) => lengthOf(strokes, start) >= settings.charactersMin)
    .map((start) => judgeFrom(strokes, start, terminatorGapMs, settings))
    .toSorted((a, b) => b.evidence - a.evidence);
  const best = verdicts[0];
  if (best !== undefined && (best.evidence >= EVIDENCE_MIN || begunAt !== null)) {
    return { start: best.start, isScan: true, texts: best.texts };
  }
  const start = begunAt ?? 0;
  return { start, isScan: begunAt !== null, texts: spellingsOf(strokes.slice(start), settings) };
}

function lengthOf(strokes: readonly Stroke[], start: number): number {
  return strokes.slice(start).reduce((length, stroke) => length + stroke.byCode.length, 0);
}

function judgeFrom(
  strokes: readonly Stroke[],
  start: number,
  terminatorGapMs: number | null,
  settings: WedgeSettings,
): {
  readonly start: number;
  readonly evidence: number;
  readonly texts: readonly [string, ...string[]];
} {
  const texts = spellingsOf(strokes.slice(start), settings);
  const meaningful = isMeaningful(decodeCandidates(texts, 'keyboard', settings.scan));
  const cameInOnePiece = strokes.slice(start).some((stroke) => stroke.place === '');
  if (cameInOnePiece) return { start, evidence: meaningful ? EVIDENCE_MIN : 0, texts };
  const evidence =
    rhythmOf(strokes, start, terminatorGapMs) +
    (terminatorGapMs === null ? 0 : EVIDENCE_TERMINATOR) +
    (meaningful ? EVIDENCE_MEANINGFUL : 0) +
    (isAnnounced(texts, settings.scan) ? EVIDENCE_ANNOUNCED : 0);
  return { start, evidence, texts };
}

function isAnnounced(texts: readonly string[], settings: ScanSettings): boolean {
  return texts.some(
    (text) =>
      readAimIdentifier(text).identifier !== null ||
      readMagstripe(text) !== null ||
      (settings.prefix !== '' && text.startsWith(settings.prefix)),
  );
}

function rhythmOf(
  strokes: readonly Stroke[],
  start: number,
  terminatorGapMs: number | null,
): number {
  const gaps = strokes
    .slice(start + 1, start + 1 + STROKES_WEIGHED_MAX)
    .flatMap((stroke) => (stroke.gap === null ? [] : [stroke.gap]));
  if (terminatorGapMs !== null) gaps.push({ ms: terminatorGapMs, sameKey: false });
  return rhythmEvidence(gaps);
}

/** Milliseconds per key so far. */
export function paceMsOf(strokes: readonly Stroke[]): number {
  return medianOf(strokes.flatMap((stroke) => (stroke.gap === null ? [] : [stroke.gap.ms])));
}

/** The ways the strokes can be read, best guess first, without repetition. Never empty. */
export function spellingsOf(
  strokes: readonly Stroke[],
  settings: WedgeSettings,
): readonly [string, ...string[]] {
  const byCode = withDeadKeysResolved(strokes.map((stroke) => stroke.byCode).join(''));
  const byKey = strokes.map((stroke) => stroke.byKey ?? '').join('');
  const byCapsLock = withDeadKeysResolved(strokes.map((stroke) => stroke.byCapsLock).join(''));
  const isKeyComplete = strokes.every((stroke) => stroke.byKey !== null);
  const keyFirst = settings.preferredSpelling === 'key' && isKeyComplete;
  const [first, ...others] = keyFirst
    ? [byKey, byCode]
    : [byCode, ...(isKeyComplete ? [byKey] : [])];
  return [first, ...new Set([...others, byCapsLock].filter((text) => text !== first))];
}
