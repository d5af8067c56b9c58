import { decodeCandidates } from '#scan/decode.ts';
import type { ScannedCode } from '#scan/code.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import type { WedgeSettings } from '#scan/wedge-burst.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import type { KeyReply, WedgeOutcome } from '#scan/wedge-outcome.ts';
import {
  type FieldSnapshot,
  focusedTextField,
  insertText,
  restoreField,
  snapshotOf,
} from './field-snapshots.ts';

/** What the page does with its keyboard. */
export interface KeyboardUser {
  /** A code was scanned, whatever had the focus. */
  readonly onScan: (code: ScannedCode) => void;
  /** A key of a person. True = it was used, and does nothing else on the page. */
  readonly onKey: (event: KeyboardEvent, inTextField: boolean) => boolean;
  /** Digits that belong to no field: what the entry line holds, so that a scan can take itself out. */
  readonly entry: () => string;
  readonly setEntry: (entry: string) => void;
  /** Characters kept from the page by mistake, with no field to write them into. */
  readonly onLostText: (text: string) => void;
}

/**
 * The one listener of the page's keyboard.
 *
 * A keyboard scanner types like a person, only evenly and fast. Every keydown goes through the
 * wedge first, in the capture phase: no field, no button and no screen can miss a scan or be
 * changed by one. `settings` are what the scanner was learnt to do. Returns the function that stops
 * listening.
 */
export function listenToKeyboard(
  page: Document,
  user: KeyboardUser,
  settings: WedgeSettings = defaultWedgeSettings,
): () => void {
  const listener = new KeyboardListener(page, user, settings);
  const stop = new AbortController();
  const options = { capture: true, signal: stop.signal };
  page.addEventListener('keydown', (event) => listener.keyDown(event), options);
  page.addEventListener('keyup', (event) => listener.keyUp(event), options);
  page.addEventListener(
    'paste',
    (event) => listener.text(event, event.clipboardData?.getData('text') ?? ''),
    options,
  );
  page.addEventListener(
    'beforeinput',
    (event) => {
      if (event.inputType === 'insertText') listener.text(event, event.data ?? '');
    },
    options,
  );
  return () => {
    stop.abort();
    listener.forget();
  };
}

interface Snapshot {
  readonly field: FieldSnapshot | null;
  readonly entry: string;
}

/** Keys that are remembered for restoring; a burst ends long before. */
const snapshotsMax = 96;
/** Text of this length and more that comes without keys may be a scan (Bluetooth, remote desktop). */
const keylessLengthMin = 4;

class KeyboardListener {
  readonly #page: Document;
  readonly #user: KeyboardUser;
  readonly #settings: WedgeSettings;
  readonly #wedge: ReturnType<typeof createWedge>;
  readonly #snapshots = new Map<number, Snapshot>();
  /** Keys whose release must not reach the page either. */
  readonly #swallowed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Document, user: KeyboardUser, settings: WedgeSettings) {
    this.#page = page;
    this.#user = user;
    this.#settings = settings;
    this.#wedge = createWedge(settings);
  }

  keyDown(event: KeyboardEvent): void {
    const inTextField = focusedTextField(this.#page) !== null;
    const reply = this.#wedge.key(recordOf(event), inTextField);
    this.#handle(reply.outcome);
    if (reply.provisional) this.#remember(reply.keyId);
    const isUsed = !reply.prevent && this.#user.onKey(event, inTextField);
    if (reply.prevent || isUsed) this.#swallowed.add(event.code);
    this.#take(event, reply.prevent || isUsed);
  }

  keyUp(event: KeyboardEvent): void {
    if (this.#swallowed.delete(event.code)) event.stopImmediatePropagation();
  }

  text(event: Event, text: string): void {
    if (text.length < keylessLengthMin) return;
    const reply: KeyReply = this.#wedge.text(text, event.timeStamp);
    if (reply.provisional) this.#remember(reply.keyId);
    this.#handle(reply.outcome);
    this.#take(event, reply.prevent);
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#snapshots.clear();
  }

  #take(event: Event, isTaken: boolean): void {
    if (isTaken) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    this.#wait(Math.min(event.timeStamp, performance.now()));
  }

  /** Silence counts from when a key arrived: the next one may be as late as this one was. */
  #wait(pressedMs: number): void {
    clearTimeout(this.#timer);
    const deadlineMs = this.#wedge.deadlineMs();
    if (deadlineMs === null) return;
    this.#timer = setTimeout(
      () => {
        const nowMs = Math.max(performance.now(), deadlineMs);
        this.#handle(this.#wedge.tick(nowMs));
        this.#wait(nowMs);
      },
      Math.max(0, deadlineMs - pressedMs) + 1,
    );
  }

  #handle(outcome: WedgeOutcome | null): void {
    if (outcome === null) return;
    if (outcome.kind === 'typed') {
      this.#giveBack(outcome.lostText);
      return;
    }
    this.#restore(outcome.restoreFrom);
    if (outcome.kind === 'scan-begun') return;
    this.#snapshots.clear();
    const texts = [outcome.text, ...outcome.alternatives];
    this.#user.onScan(decodeCandidates(texts, 'keyboard', this.#settings.scan));
  }

  #remember(keyId: number): void {
    const field = focusedTextField(this.#page);
    const snapshot = field === null ? null : snapshotOf(field);
    this.#snapshots.set(keyId, { field: snapshot, entry: this.#user.entry() });
    const oldest = this.#snapshots.keys().next();
    const isFull = this.#snapshots.size > snapshotsMax;
    if (isFull && oldest.done === false) this.#snapshots.delete(oldest.value);
  }

  #restore(keyId: number): void {
    const snapshot = this.#snapshots.get(keyId);
    if (snapshot === undefined) return;
    if (snapshot.field !== null) restoreField(snapshot.field);
    if (this.#user.entry() !== snapshot.entry) this.#user.setEntry(snapshot.entry);
  }

  #giveBack(lostText: string): void {
    if (lostText === '') return;
    const field = focusedTextField(this.#page);
    if (field === null) this.#user.onLostText(lostText);
    else insertText(field, lostText);
  }
}

/** What the wedge needs to know of a keydown. */
export function recordOf(event: KeyboardEvent): WedgeKey {
  return {
    code: event.code,
    key: event.key,
    shift: event.shiftKey,
    capsLock: event.getModifierState('CapsLock'),
    ctrl: event.ctrlKey,
    alt: event.altKey,
    altGraph: event.getModifierState('AltGraph'),
    timeMs: event.timeStamp,
    repeat: event.repeat,
  };
}
