import { calibrateKeys, type CalibrationResult } from '#scan/calibration.ts';
import { createKeyCollector } from '#scan/calibration-pace.ts';
import { recordOf } from './keyboard.ts';

/** Who waits for a scan of the calibration code. */
export interface Learner {
  /** One scan was read, or something that was none. */
  readonly onResult: (result: CalibrationResult) => void;
  /** Escape, by hand: nobody wants to scan any more. */
  readonly onLeave: () => void;
}

/**
 * Takes every key for one purpose: to learn what a keyboard scanner does to a known text.
 *
 * Nothing else on the page gets a key meanwhile. Returns the function that ends that.
 */
export function learnFromKeyboard(page: Document, learner: Learner): () => void {
  const collector = createKeyCollector();
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Silence counts from when a key arrived: the next one may be as late as this one was. */
  const wait = (pressedMs: number, deadlineMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        const keys = collector.take(Math.max(performance.now(), deadlineMs));
        if (keys !== null) learner.onResult(calibrateKeys(keys));
      },
      Math.max(0, deadlineMs - pressedMs) + 1,
    );
  };
  page.addEventListener(
    'keydown',
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === 'Escape' && collector.deadlineMs() === null) {
        learner.onLeave();
        return;
      }
      collector.push(recordOf(event));
      const pressedMs = Math.min(event.timeStamp, performance.now());
      wait(pressedMs, collector.deadlineMs() ?? pressedMs);
    },
    { capture: true, signal: stop.signal },
  );
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
