import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext, Script } from 'node:vm';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import type { TypingPage } from './keyboard.ts';

/** The published bundle; its package says "browser" and can be imported by nothing else. */
const bundle = new Script(
  readFileSync(
    join(
      import.meta.dirname,
      '../../../node_modules/@point-of-sale/keyboard-barcode-scanner/dist/keyboard-barcode-scanner.umd.js',
    ),
    'utf8',
  ),
);

type Timer = { dueMs: number; readonly everyMs: number | null; readonly run: () => void };
type KeyListener = (event: object) => void;

/** Longest the other library waits for the end of a scan: five times its slowest timing. */
const QUIET_MS = 2_000;

/** `@point-of-sale/keyboard-barcode-scanner` 1.1.4 on a page of its own, in virtual time. */
export class PeerPage implements TypingPage {
  readonly #scans: string[] = [];
  readonly #timers = new Map<number, Timer>();
  readonly #inField: boolean;
  #field: string;
  #nowMs = 0;
  #timerIds = 0;
  #listener: KeyListener = () => undefined;

  /** `timing` as its README has it: "auto" or milliseconds. */
  constructor(timing: 'auto' | number, focus: 'page' | 'field', initial = '') {
    this.#field = initial;
    this.#inField = focus === 'field';
    const later = (run: () => void, delayMs: number, everyMs: number | null): number => {
      this.#timerIds += 1;
      this.#timers.set(this.#timerIds, { dueMs: this.#nowMs + delayMs, everyMs, run });
      return this.#timerIds;
    };
    const context = createContext({
      document: {
        addEventListener: (_: string, listener: KeyListener) => (this.#listener = listener),
        removeEventListener: () => undefined,
      },
      performance: { now: () => this.#nowMs },
      setTimeout: (run: () => void, delayMs = 0) => later(run, delayMs, null),
      setInterval: (run: () => void, everyMs: number) => later(run, everyMs, everyMs),
      clearTimeout: (id: number) => this.#timers.delete(id),
      clearInterval: (id: number) => this.#timers.delete(id),
      console: { log: () => undefined, error: () => undefined },
      heard: (value: string) => void this.#scans.push(value),
      timing,
    });
    bundle.runInContext(context);
    runInContext(
      `const scanner = new KeyboardBarcodeScanner({ timing });
       scanner.addEventListener('barcode', ({ value }) => heard(value));
       scanner.connect();`,
      context,
    );
  }

  get field(): string {
    return this.#field;
  }

  get scans(): readonly string[] {
    this.wait(this.#nowMs + QUIET_MS);
    return this.#scans;
  }

  press({ key, code, ctrl, shift, alt, timeMs }: WedgeKey): void {
    this.wait(timeMs);
    let prevented = false;
    this.#listener({
      ...{ key, code, ctrlKey: ctrl, shiftKey: shift, altKey: alt },
      target: { tagName: this.#inField ? 'INPUT' : 'BODY' },
      preventDefault: () => (prevented = true),
      stopPropagation: () => undefined,
    });
    if (this.#inField && !prevented && key.length === 1) this.#field += key;
  }

  wait(nowMs: number): void {
    for (;;) {
      const [next] = [...this.#timers]
        .filter(([, { dueMs }]) => dueMs <= nowMs)
        .toSorted(([, one], [, other]) => one.dueMs - other.dueMs);
      if (next === undefined) break;
      const [id, timer] = next;
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      if (timer.everyMs === null) this.#timers.delete(id);
      else timer.dueMs += timer.everyMs;
      timer.run();
    }
    this.#nowMs = Math.max(this.#nowMs, nowMs);
  }
}
