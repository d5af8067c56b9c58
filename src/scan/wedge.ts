import { SCAN_LENGTH_MAX, defaultScanSettings } from './settings.ts';
import { earlyStart, isRetracted, judge, paceMsOf } from './wedge-burst.ts';
import type { Stroke, WedgeSettings } from './wedge-burst.ts';
import { characterOfAltCode, defaultKeyReading, meaningOf } from './wedge-keys.ts';
import type { KeyMeaning, WedgeKey } from './wedge-keys.ts';
import type { KeyReply, Wedge, WedgeOutcome } from './wedge-outcome.ts';

/** A scanner as delivered, and a tenant that has taught nothing yet. */
export const defaultWedgeSettings: WedgeSettings = {
  scan: defaultScanSettings,
  charactersMin: 4,
  preferredSpelling: 'code',
  reading: defaultKeyReading,
  slowestGapMs: null,
};

/** Makes a wedge with no keys waiting. */
export function createWedge(settings: WedgeSettings = defaultWedgeSettings): Wedge {
  return new BurstWedge(settings);
}

const SILENCE_BASE_MS = 150;
const SILENCE_PACES = 2;
const SILENCE_MAX_MS = 350;
/** A scanner that sends CR and LF, or Tab and CR: what follows the end is part of the end. */
const TERMINATORS_SWALLOWED_MS = 150;
/** Undecided strokes remembered; a person may type on without a pause. */
const STROKES_UNDECIDED_MAX = 64;
const ALT_DIGITS_MAX = 5;

interface Burst {
  strokes: Stroke[];
  /** Characters in the strokes; text that came in one piece is one stroke. */
  length: number;
  lastMs: number;
  /** Index of the scan's first stroke once the rhythm has settled it. */
  begunAt: number | null;
  /** How many of its strokes were told as a scan already, because a clock ran ahead of the keys. */
  told: number;
}

interface AltCode {
  readonly keyId: number;
  digits: string;
  timeMs: number;
}

type Handled = Omit<KeyReply, 'keyId'>;
const IGNORED: Handled = { prevent: false, provisional: false, outcome: null };

class BurstWedge implements Wedge {
  readonly #settings: WedgeSettings;
  #burst: Burst | null = null;
  /** The burst that a clock ended last: keys of it may still be on their way. */
  #ended: Burst | null = null;
  #altCode: AltCode | null = null;
  #nextKeyId = 1;
  #swallowUntilMs = Number.NEGATIVE_INFINITY;

  constructor(settings: WedgeSettings) {
    this.#settings = settings;
  }

  key(record: WedgeKey, inTextField: boolean): KeyReply {
    const keyId = this.#nextKeyId++;
    this.#takeUp(record.timeMs);
    const isAltPart = record.code === 'AltLeft' || (record.alt && /^Numpad\d$/.test(record.code));
    const before = this.tick(record.timeMs) ?? (isAltPart ? null : this.#flushAltCode());
    const handled = this.#handle(record, keyId, inTextField);
    return { keyId, ...handled, outcome: moreTelling(before, handled.outcome) };
  }

  text(text: string, timeMs: number): KeyReply {
    const keyId = this.#nextKeyId++;
    let outcome = this.tick(timeMs);
    const withoutEnd = text.replace(/[\r\n\t]+$/, '');
    const content = withoutEnd.slice(0, SCAN_LENGTH_MAX + 1);
    if (content !== '') {
      const spelling = { byCode: content, byKey: content, byCapsLock: content };
      outcome = moreTelling(outcome, this.#add({ keyId, place: '', ...spelling }, timeMs));
    }
    if (withoutEnd.length < text.length) outcome = moreTelling(outcome, this.#finish(0));
    return { keyId, prevent: outcome?.kind === 'scan', provisional: true, outcome };
  }

  tick(nowMs: number): WedgeOutcome | null {
    const isAltOver = this.#altCode !== null && nowMs - this.#altCode.timeMs >= SILENCE_MAX_MS;
    const altOutcome = isAltOver ? this.#flushAltCode() : null;
    if (this.#burst === null || nowMs - this.#burst.lastMs < this.#silenceMs(this.#burst))
      return altOutcome;
    return this.#endBySilence(this.#burst);
  }

  deadlineMs(): number | null {
    if (this.#burst !== null) return this.#burst.lastMs + this.#silenceMs(this.#burst);
    return this.#altCode === null ? null : this.#altCode.timeMs + SILENCE_MAX_MS;
  }

  #handle(record: WedgeKey, keyId: number, inTextField: boolean): Handled {
    const meaning = meaningOf(record, this.#settings.reading);
    switch (meaning.kind) {
      case 'modifier':
        return record.code === 'AltLeft' ? { ...IGNORED, outcome: this.#flushAltCode() } : IGNORED;
      case 'alt-digit':
        this.#altCode ??= { keyId, digits: '', timeMs: record.timeMs };
        this.#altCode.digits = (this.#altCode.digits + meaning.digit).slice(0, ALT_DIGITS_MAX);
        this.#altCode.timeMs = record.timeMs;
        return { ...IGNORED, provisional: true };
      case 'other':
        // Some scanners end with a function key.
        if (this.#isScan() && /^F\d{1,2}$/.test(record.code)) return this.#terminate(record.timeMs);
        return { ...IGNORED, outcome: this.#abandon() };
      case 'terminator':
        return this.#terminate(record.timeMs);
      case 'character':
        return record.repeat
          ? this.#handleHeldKey()
          : this.#handleCharacter(record, meaning, keyId, inTextField);
      default:
        return assertNever(meaning);
    }
  }

  /** A held key repeats evenly, like a scanner, but says that it repeats. */
  #handleHeldKey(): Handled {
    if (this.#isScan()) return { ...IGNORED, prevent: true };
    return { ...IGNORED, outcome: this.#abandon() };
  }

  #handleCharacter(
    record: WedgeKey,
    meaning: Extract<KeyMeaning, { kind: 'character' }>,
    keyId: number,
    inTextField: boolean,
  ): Handled {
    const isRunning = this.#burst !== null;
    const { byCode, byKey, byCapsLock } = meaning;
    const outcome = this.#add(
      { keyId, place: record.code, byCode, byKey, byCapsLock },
      record.timeMs,
    );
    const isLost = this.#isScan() || outcome?.kind === 'typed';
    return {
      prevent: isLost || (!inTextField && actsOnPage(byCode, isRunning)),
      provisional: !isLost,
      outcome,
    };
  }

  #terminate(timeMs: number): Handled {
    const isTail = this.#burst === null && timeMs < this.#swallowUntilMs;
    const isRest = this.#burst !== null && isTold(this.#burst);
    const outcome = this.#burst === null ? null : this.#finish(timeMs - this.#burst.lastMs);
    const isEnd = outcome?.kind === 'scan' || isRest;
    if (isEnd) this.#swallowUntilMs = timeMs + TERMINATORS_SWALLOWED_MS;
    return { prevent: isEnd || isTail, provisional: false, outcome };
  }

  #endBySilence(burst: Burst): WedgeOutcome | null {
    const outcome = this.#finish(null);
    const isScan = outcome?.kind === 'scan' || isTold(burst);
    const first = outcome?.kind === 'scan' ? outcome.restoreFrom : null;
    const start = burst.strokes.findIndex(({ keyId }) => keyId === first);
    this.#ended = {
      ...burst,
      // Whatever was kept from the field is back in it, or was a scan.
      strokes: burst.strokes.map((stroke) => ({ ...stroke, prevented: false })),
      begunAt: start === -1 ? burst.begunAt : start,
      told: isScan ? burst.strokes.length : 0,
    };
    return outcome;
  }

  /**
   * Goes on with a burst that a clock ended although its next key had been pressed in time: on a busy
   * machine keys arrive late, with the time at which they were pressed.
   */
  #takeUp(timeMs: number): void {
    const ended = this.#ended;
    this.#ended = null;
    if (this.#burst !== null || ended === null) return;
    if (timeMs - ended.lastMs < this.#silenceMs(ended)) this.#burst = ended;
  }

  #isScan(): boolean {
    return this.#burst !== null && this.#burst.begunAt !== null;
  }

  #silenceMs(burst: Burst): number {
    if (burst.length < this.#settings.charactersMin) return SILENCE_MAX_MS;
    const paceMs = Math.max(paceMsOf(burst.strokes), this.#settings.slowestGapMs ?? 0);
    return Math.min(SILENCE_MAX_MS, SILENCE_BASE_MS + SILENCE_PACES * paceMs);
  }

  #add(stroke: Omit<Stroke, 'gap' | 'prevented'>, timeMs: number): WedgeOutcome | null {
    this.#burst ??= { strokes: [], length: 0, lastMs: timeMs, begunAt: null, told: 0 };
    const burst = this.#burst;
    const before = burst.strokes.at(-1);
    const hasGap = before !== undefined && stroke.place !== '' && before.place !== '';
    const ms = Math.max(0, timeMs - burst.lastMs);
    burst.lastMs = timeMs;
    // One character more than a code may hold is kept, so that the decoder can say it is too long.
    if (burst.length > SCAN_LENGTH_MAX) return null;
    burst.length += stroke.byCode.length;
    burst.strokes.push({
      ...stroke,
      gap: hasGap ? { ms, sameKey: before.place === stroke.place } : null,
      prevented: burst.begunAt !== null,
    });
    return burst.begunAt === null ? this.#weigh(burst) : this.#reweigh(burst, burst.begunAt);
  }

  #weigh(burst: Burst): WedgeOutcome | null {
    const start = earlyStart(burst.strokes, this.#settings);
    const first = start === null ? undefined : burst.strokes[start];
    if (start === null || first === undefined) {
      if (burst.strokes.length > STROKES_UNDECIDED_MAX) {
        burst.length -= burst.strokes.shift()?.byCode.length ?? 0;
      }
      return null;
    }
    burst.begunAt = start;
    // What the page takes back from the field now counts as lost, should this prove to be typing.
    burst.strokes = burst.strokes.map((stroke, index) =>
      index < start ? stroke : { ...stroke, prevented: true },
    );
    return { kind: 'scan-begun', restoreFrom: first.keyId };
  }

  #reweigh(burst: Burst, begunAt: number): WedgeOutcome | null {
    return isRetracted(burst.strokes, begunAt) ? this.#abandon() : null;
  }

  #finish(terminatorGapMs: number | null): WedgeOutcome | null {
    if (this.#burst === null) return null;
    if (isTold(this.#burst)) {
      this.#burst = null;
      return null;
    }
    const { strokes, begunAt } = this.#burst;
    const verdict = judge(strokes, terminatorGapMs, begunAt, this.#settings);
    const first = strokes[verdict.start];
    if (!verdict.isScan || first === undefined) return this.#abandon();
    this.#burst = null;
    const [text, ...alternatives] = verdict.texts;
    return { kind: 'scan', text, alternatives, restoreFrom: first.keyId };
  }

  /** Ends the burst as typing and gives back what was kept out of the field. */
  #abandon(): WedgeOutcome | null {
    if (this.#burst === null) return null;
    const lost = this.#burst.strokes.filter((stroke) => stroke.prevented);
    this.#burst = null;
    return {
      kind: 'typed',
      lostText: lost.map((stroke) => stroke.byKey ?? stroke.byCode).join(''),
    };
  }

  #flushAltCode(): WedgeOutcome | null {
    if (this.#altCode === null) return null;
    const { keyId, digits, timeMs } = this.#altCode;
    this.#altCode = null;
    const character = characterOfAltCode(digits);
    if (character === null) return this.#abandon();
    const spelling = { byCode: character, byKey: character, byCapsLock: character };
    return this.#add({ keyId, place: `Alt${digits}`, ...spelling }, timeMs);
  }
}

/** Whether all of a burst was told as a scan, so that there is nothing more to say of it. */
function isTold({ told, strokes }: Burst): boolean {
  return told > 0 && told === strokes.length;
}

/** Of two outcomes at one key, the one the page must not miss. */
function moreTelling(first: WedgeOutcome | null, second: WedgeOutcome | null): WedgeOutcome | null {
  if (first === null) return second;
  if (second === null) return first;
  return first.kind === 'typed' && first.lostText === '' ? second : first;
}

/** Keys that do something outside a text field: quick find in some browsers, pressing a button. */
function actsOnPage(character: string, isRunning: boolean): boolean {
  return character === '/' || character === "'" || (character === ' ' && isRunning);
}

function assertNever(value: never): never {
  throw new Error(`The wedge met a key it does not know: ${JSON.stringify(value)}`);
}
