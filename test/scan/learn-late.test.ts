import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { learnFromKeyboard } from '#renderer/scan/learn-scanner.ts';
import { type CalibrationResult, calibrationText } from '#scan/calibration.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { named, scanKeys } from './support/typist.ts';

const PACE_MS = 12;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A keydown as a page gets it: pressed at its own time, whenever it arrives. */
function keyDown({ timeMs, shift, ctrl, alt, capsLock, altGraph, ...key }: WedgeKey): Event {
  const locks: Readonly<Record<string, boolean>> = { CapsLock: capsLock, AltGraph: altGraph };
  const event = new Event('keydown', { cancelable: true });
  const held = { shiftKey: shift, ctrlKey: ctrl, altKey: alt };
  const getModifierState = (name: string): boolean => locks[name] ?? false;
  Object.defineProperty(event, 'timeStamp', { value: timeMs });
  return Object.assign(event, key, held, { getModifierState });
}

/** A page that listens for the calibration code, and what it has learnt. */
function aLearner() {
  const page = new EventTarget();
  const results: CalibrationResult[] = [];
  const stop = learnFromKeyboard(page as Document, {
    onResult: (result) => void results.push(result),
    onLeave: () => undefined,
  });
  return { page, results, stop };
}

function calibrationScan(startMs: number): readonly WedgeKey[] {
  const gaps = Array.from(calibrationText, () => PACE_MS);
  const set = { scanner: 'tr-q', pc: 'us', capsLock: false } as const;
  const keys = scanKeys(set, calibrationText, startMs, gaps);
  return [...keys, named('Enter', (keys.at(-1)?.timeMs ?? 0) + PACE_MS)];
}

it('a scan of the calibration code is one scan however late its keys reach the page', () => {
  const { page, results, stop } = aLearner();
  const keys = calibrationScan(performance.now());
  vi.advanceTimersByTime(5_000);
  for (const key of keys) {
    page.dispatchEvent(keyDown(key));
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(1_000);
  expect(results).toMatchObject([{ kind: 'calibrated' }]);
  stop();
});

it('a second scan begins where the first has ended', () => {
  const { page, results, stop } = aLearner();
  for (const _ of [1, 2]) {
    const startMs = performance.now();
    for (const key of calibrationScan(startMs)) {
      vi.advanceTimersByTime(Math.max(0, key.timeMs - performance.now()));
      page.dispatchEvent(keyDown(key));
    }
    vi.advanceTimersByTime(1_000);
  }
  expect(results.map(({ kind }) => kind)).toEqual(['calibrated', 'calibrated']);
  stop();
});
