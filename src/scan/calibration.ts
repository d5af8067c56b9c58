import { readAimIdentifier } from './aim.ts';
import { trimEnds } from './framing.ts';
import { GROUP_SEPARATOR } from './gs1.ts';
import { keyboardLayoutNames } from './keyboard-layouts.ts';
import type { ScanSettings } from './settings.ts';
import type { WedgeSettings } from './wedge-burst.ts';
import { gapsOf, type Pace, paceOf } from './calibration-pace.ts';
import { createWedge, defaultWedgeSettings } from './wedge.ts';
import {
  defaultKeyReading,
  type KeyReading,
  meaningOf,
  nameOfKey,
  type WedgeKey,
} from './wedge-keys.ts';

const NAME = 'Rgl';
const HEAD = `${NAME} ${printable(0x21, 0x5f)}`;
const TAIL = `${printable(0x60, 0x7e)}${NAME}`;

/**
 * The text of the calibration QR: every printable ASCII character once, and a GS in the middle.
 *
 * One scan of it shows which keyboard the scanner believes in, what it does to letters, what it puts
 * around a code and what becomes of GS. Encode it as bytes, error correction M; about 100 characters.
 */
export const calibrationText = `${HEAD}${GROUP_SEPARATOR}${TAIL}`;

/** How a scanner sends GS: itself, as a sign, as a key, or not at all. */
export type GroupSeparatorHandling =
  | { readonly kind: 'sent' }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'dropped' };

/** What one scan of the calibration QR says about a scanner. */
export interface Calibration {
  /** Null for scanners that send bytes: they have no keyboard and no keys to be slow at. */
  readonly keyboard:
    | (Pick<KeyReading, 'layout' | 'letterCase'> &
        Pace & {
          readonly preferredSpelling: 'code' | 'key';
          readonly terminator: 'enter' | 'tab' | 'none';
        })
    | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly groupSeparator: GroupSeparatorHandling;
  /** The AIM identifier is sent: every code will say what it was. */
  readonly sendsIdentifier: boolean;
}

/** Why a scan teaches nothing; the page has the sentence and what to do. */
export type CalibrationRefusal =
  /** Nothing, or far too little. */
  | 'too-short'
  /** Some other code. */
  | 'another-code'
  /** The scanner changes letters (all capitals, say): a set-up code of its own turns that off. */
  | 'letters-changed'
  /** Characters are missing or wrong: a layout nobody knows, keys lost on the way, a person typing. */
  | 'characters-lost';

export type CalibrationResult =
  | { readonly kind: 'calibrated'; readonly calibration: Calibration }
  | { readonly kind: 'refused'; readonly reason: CalibrationRefusal };

const PREFIX_LENGTH_MAX = 16;
const SIGN_LENGTH_MAX = 8;
const GROUP_SEPARATOR_KEYS_MAX = 4;
/** Any burst is over by then. */
const SILENCE_MS = 10_000;

/**
 * Reads the keydowns of one scan of the calibration QR, all of them, modifiers included.
 *
 * Every keyboard a scanner may believe in is tried through the same wedge that will read its codes;
 * the one under which the text comes out whole is the scanner's. The PC's layout plays no part.
 */
export function calibrateKeys(records: readonly WedgeKey[]): CalibrationResult {
  const gaps = gapsOf(records);
  if (gaps.length < calibrationText.length / 2) return refused('too-short');
  const texts: string[] = [];
  for (const candidate of candidatesFor(records)) {
    const text = spell(records, candidate);
    const around = text === null ? null : takeApart(text);
    if (text !== null) texts.push(text);
    if (around === null) continue;
    const { preferredSpelling, reading } = candidate;
    const { layout, letterCase, groupSeparatorKey } = reading;
    const terminator = terminatorOf(records);
    const keyboard = { layout, letterCase, preferredSpelling, terminator, ...paceOf(gaps) };
    const groupSeparator: GroupSeparatorHandling =
      groupSeparatorKey === null ? around.groupSeparator : { kind: 'key', name: groupSeparatorKey };
    return { kind: 'calibrated', calibration: { ...around, keyboard, groupSeparator } };
  }
  return refused(refusalOf(texts));
}

/** Reads one scan of the calibration QR by a scanner that sends bytes (serial, HID POS). */
export function calibrateText(text: string): CalibrationResult {
  if (text.length < calibrationText.length / 2) return refused('too-short');
  const around = takeApart(text);
  if (around === null) return refused(refusalOf([text]));
  return { kind: 'calibrated', calibration: { ...around, keyboard: null } };
}

/** The settings under which this scanner's codes are read; `known` gives what calibration cannot know. */
export function scanSettingsOf(calibration: Calibration, known: ScanSettings): ScanSettings {
  const { prefix, suffix, groupSeparator } = calibration;
  return {
    ...known,
    prefix,
    suffix,
    groupSeparator: groupSeparator.kind === 'sign' ? groupSeparator.text : '',
  };
}

/** The same for the keyboard wedge; a scanner without a keyboard leaves it as delivered. */
export function wedgeSettingsOf(calibration: Calibration, known: ScanSettings): WedgeSettings {
  const scan = scanSettingsOf(calibration, known);
  const { keyboard, groupSeparator } = calibration;
  if (keyboard === null) return { ...defaultWedgeSettings, scan };
  const groupSeparatorKey = groupSeparator.kind === 'key' ? groupSeparator.name : null;
  const { layout, letterCase, preferredSpelling, slowestGapMs } = keyboard;
  return {
    ...defaultWedgeSettings,
    scan,
    preferredSpelling,
    reading: { layout, letterCase, groupSeparatorKey },
    slowestGapMs,
  };
}

/** A way the keys may be meant. */
type Candidate = Pick<WedgeSettings, 'preferredSpelling' | 'reading'>;

/** By place on every keyboard, case kept or turned; last, and only if need be, by the PC's own layout. */
function candidatesFor(records: readonly WedgeKey[]): readonly Candidate[] {
  const isCapsLock = records.some((record) => record.capsLock);
  const turned = isCapsLock ? 'turned-by-capslock' : 'turned';
  return [null, ...otherKeys(records)].flatMap((groupSeparatorKey) => {
    const byPlace = keyboardLayoutNames.flatMap((layout) =>
      (['as-read', turned] as const).map((letterCase): Candidate => ({
        preferredSpelling: 'code',
        reading: { layout, letterCase, groupSeparatorKey },
      })),
    );
    const reading = { ...defaultKeyReading, groupSeparatorKey };
    return [...byPlace, { preferredSpelling: 'key', reading } as const];
  });
}

/** Keys that mean nothing so far: function keys, and Ctrl with a key no scanner is known to send. */
function otherKeys(records: readonly WedgeKey[]): readonly string[] {
  const names = records
    .filter((record) => meaningOf(record).kind === 'other')
    .map((record) => nameOfKey(record));
  return [...new Set(names)].slice(0, GROUP_SEPARATOR_KEYS_MAX);
}

/** What the wedge makes of the keys under one candidate; null when it sees no scan. */
function spell(records: readonly WedgeKey[], candidate: Candidate): string | null {
  const wedge = createWedge({ ...defaultWedgeSettings, ...candidate });
  let lastMs = 0;
  for (const record of records) {
    lastMs = Math.max(lastMs, record.timeMs);
    const { outcome } = wedge.key(record, false);
    if (outcome?.kind === 'scan') return outcome.text;
  }
  const outcome = wedge.tick(lastMs + SILENCE_MS);
  return outcome?.kind === 'scan' ? outcome.text : null;
}

function takeApart(raw: string): Omit<Calibration, 'keyboard'> | null {
  const text = trimEnds(raw);
  const headAt = text.indexOf(HEAD);
  const separatorAt = headAt + HEAD.length;
  const tailAt = text.indexOf(TAIL, separatorAt);
  if (headAt === -1 || tailAt === -1) return null;
  const between = text.slice(separatorAt, tailAt);
  const { identifier, payload } = identifierBefore(text.slice(0, headAt));
  const suffix = text.slice(tailAt + TAIL.length);
  const isTooLong = payload.length > PREFIX_LENGTH_MAX || suffix.length > PREFIX_LENGTH_MAX;
  if (isTooLong || between.length > SIGN_LENGTH_MAX) return null;
  return {
    prefix: payload,
    suffix,
    groupSeparator: groupSeparatorOf(between),
    sendsIdentifier: identifier,
  };
}

/** The scanner's own prefix comes before its identifier, the identifier right before the code. */
function identifierBefore(before: string): { identifier: boolean; payload: string } {
  const { identifier } = readAimIdentifier(before.slice(-3));
  return {
    identifier: identifier !== null,
    payload: identifier === null ? before : before.slice(0, -3),
  };
}

function groupSeparatorOf(between: string): GroupSeparatorHandling {
  if (between === '') return { kind: 'dropped' };
  return between === GROUP_SEPARATOR ? { kind: 'sent' } : { kind: 'sign', text: between };
}

function terminatorOf(records: readonly WedgeKey[]): 'enter' | 'tab' | 'none' {
  const end = records.find((record) => meaningOf(record).kind === 'terminator');
  if (end === undefined) return 'none';
  return end.code === 'Tab' || end.code === 'KeyI' ? 'tab' : 'enter';
}

/** Of all spellings, what came nearest: the text but for its case, a part of it, or nothing like it. */
function refusalOf(texts: readonly string[]): CalibrationRefusal {
  const folded = (text: string): string => text.toLowerCase();
  if (texts.some((text) => folded(text).includes(folded(HEAD)))) return 'letters-changed';
  const name = folded(NAME);
  return texts.some((text) => folded(text).includes(name)) ? 'characters-lost' : 'another-code';
}

function refused(reason: CalibrationRefusal): CalibrationResult {
  return { kind: 'refused', reason };
}

function printable(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, index) =>
    String.fromCharCode(first + index),
  ).join('');
}
