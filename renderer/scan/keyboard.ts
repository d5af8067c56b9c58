import { decodeCandidates } from '#scan/decode.ts';
import type { ScannedCode } from '#scan/code.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge } from '#scan/wedge.ts';
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

interface Snapshot {
  readonly field: FieldSnapshot | null;
  readonly entry: string;
}

/** Keys that are remembered for restoring; a burst ends long before. */
const snapshotsMax = 96;
/** Text of this length and more that comes without keys may be a scan (Bluetooth, remote desktop). */
const keylessLengthMin = 4;

/**
 * The one listener of the page's keyboard.
 *
 * A keyboard scanner types like a person, only evenly and fast. Every keydown goes through the
 * wedge first, in the capture phase: no field, no button and no screen can miss a scan or be
 * changed by one. Returns the function that stops listening.
 */
export function listenToKeyboard(page: Document, user: KeyboardUser): () => void {
  const wedge = createWedge();
  const snapshots = new Map<number, Snapshot>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const swallowed = new Set<string>();

  const remember = (keyId: number): void => {
    const field = focusedTextField(page);
    snapshots.set(keyId, { field: field === null ? null : snapshotOf(field), entry: user.entry() });
    const oldest = snapshots.keys().next();
    if (snapshots.size > snapshotsMax && oldest.done === false) snapshots.delete(oldest.value);
  };
  const restore = (keyId: number): void => {
    const snapshot = snapshots.get(keyId);
    if (snapshot === undefined) return;
    if (snapshot.field !== null) restoreField(snapshot.field);
    if (user.entry() !== snapshot.entry) user.setEntry(snapshot.entry);
  };
  const handle = (outcome: WedgeOutcome | null): void => {
    if (outcome === null) return;
    if (outcome.kind === 'typed') {
      snapshots.clear();
      giveBack(page, outcome.lostText, user);
      return;
    }
    restore(outcome.restoreFrom);
    if (outcome.kind === 'scan-begun') return;
    snapshots.clear();
    const texts = [outcome.text, ...outcome.alternatives];
    user.onScan(decodeCandidates(texts, 'keyboard', defaultScanSettings));
  };
  const wait = (): void => {
    clearTimeout(timer);
    const deadlineMs = wedge.deadlineMs();
    if (deadlineMs === null) return;
    timer = setTimeout(
      () => {
        handle(wedge.tick(performance.now()));
        wait();
      },
      Math.max(0, deadlineMs - performance.now()) + 1,
    );
  };
  const take = (event: Event, reply: KeyReply): void => {
    if (reply.prevent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    wait();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const inTextField = focusedTextField(page) !== null;
    const reply = wedge.key(recordOf(event), inTextField);
    handle(reply.outcome);
    if (reply.provisional) remember(reply.keyId);
    if (reply.prevent) swallowed.add(event.code);
    else if (user.onKey(event, inTextField)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      swallowed.add(event.code);
    }
    take(event, reply);
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (swallowed.delete(event.code)) event.stopImmediatePropagation();
  };
  const onText = (event: Event, text: string): void => {
    if (text.length < keylessLengthMin) return;
    const reply = wedge.text(text, event.timeStamp);
    if (reply.provisional) remember(reply.keyId);
    handle(reply.outcome);
    take(event, reply);
  };
  const onPaste = (event: ClipboardEvent): void =>
    onText(event, event.clipboardData?.getData('text') ?? '');
  const onBeforeInput = (event: InputEvent): void => {
    if (event.inputType === 'insertText') onText(event, event.data ?? '');
  };

  page.addEventListener('keydown', onKeyDown, true);
  page.addEventListener('keyup', onKeyUp, true);
  page.addEventListener('paste', onPaste, true);
  page.addEventListener('beforeinput', onBeforeInput, true);
  return () => {
    clearTimeout(timer);
    page.removeEventListener('keydown', onKeyDown, true);
    page.removeEventListener('keyup', onKeyUp, true);
    page.removeEventListener('paste', onPaste, true);
    page.removeEventListener('beforeinput', onBeforeInput, true);
  };
}

function giveBack(page: Document, lostText: string, user: KeyboardUser): void {
  if (lostText === '') return;
  const field = focusedTextField(page);
  if (field === null) user.onLostText(lostText);
  else insertText(field, lostText);
}

function recordOf(event: KeyboardEvent): WedgeKey {
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
