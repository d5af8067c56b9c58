import type { MessageKey } from '#renderer/i18n/messages.ts';
import { nextFromPhone } from '#renderer/enrol/enrol-actions.ts';
import type { Counter } from './counter.ts';
import { lockTill, peopleKey, peopleMode } from '#renderer/sign-in/people.ts';
import { back, openEnrol, show } from './member-actions.ts';
import { park, showParked } from './park-actions.ts';
import { pay, reprintLast, settle } from './pay-actions.ts';
import { enter, eraseLast, findMember, multiply, removeSelected, type } from './sale-actions.ts';
import { pressPrinted } from './screen-keys.ts';
import { receivedMinor } from './tender-amounts.ts';
import { undoLast } from './undo.tsx';

/** One key of the counter, and its line on the help card. */
export interface CounterKey {
  readonly key: string;
  readonly shown: string;
  readonly words: MessageKey;
  readonly act: (counter: Counter) => void;
}

/** The keys that work on every screen. Not F5, F11 and F12: those are the browser's. */
export const counterKeys: readonly CounterKey[] = [
  { key: 'F1', shown: 'F1', words: 'key.help', act: (counter) => show(counter, { kind: 'help' }) },
  { key: 'F2', shown: 'F2', words: 'key.member', act: memberKey },
  {
    key: 'F3',
    shown: 'F3',
    words: 'key.rewards',
    act: (counter) => counter.change({ side: 'rewards' }),
  },
  { key: 'F4', shown: 'F4', words: 'key.code', act: (counter) => show(counter, { kind: 'code' }) },
  { key: 'F6', shown: 'F6', words: 'key.park', act: park },
  { key: 'F7', shown: 'F7', words: 'key.parked', act: showParked },
  {
    key: 'F8',
    shown: 'F8',
    words: 'key.return',
    act: (counter) => show(counter, { kind: 'find-receipt' }),
  },
  { key: 'F9', shown: 'F9', words: 'key.reprint', act: reprintLast },
  { key: 'F10', shown: 'F10', words: 'key.pay', act: payKey },
  { key: 'Delete', shown: 'Del', words: 'key.void', act: removeSelected },
  { key: '*', shown: '×  *', words: 'key.times', act: multiply },
  { key: 'Enter', shown: '⏎', words: 'key.enter', act: enterKey },
  { key: 'Escape', shown: 'Esc', words: 'key.back', act: back },
];

/** The one key with Ctrl (or Cmd): the way back everybody's hand knows. */
export const undoKey: CounterKey = {
  key: 'z',
  shown: 'Ctrl+Z',
  words: 'key.undo',
  act: undoLast,
};

/** Alt with L, as on the desks people come from. */
export const lockKey: CounterKey = {
  key: 'l',
  shown: 'Alt+L',
  words: 'key.lock',
  act: lockTill,
};

/**
 * A key of a person: true when the counter used it.
 *
 * In a text field only the function keys and Esc are the counter's; elsewhere digits fill the entry
 * line whatever has the focus, and Enter belongs to the entry line once something stands in it.
 */
export function handleKey(counter: Counter, event: KeyboardEvent, inTextField: boolean): boolean {
  if (isUndo(event)) {
    if (inTextField || peopleMode(counter) !== null) return false;
    if (!event.repeat) undoKey.act(counter);
    return true;
  }
  if (isLock(event)) {
    if (!event.repeat) lockKey.act(counter);
    return true;
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const people = peopleMode(counter);
  if (people !== null) return peopleKey(counter, people, event);
  const isFunctionKey = /^F\d+$/.test(event.key) || event.key === 'Escape';
  if (inTextField && !isFunctionKey) return false;
  const { screen, panel, entry } = counter.ui();
  if (screen !== 'counter' && panel.kind !== 'close-shift' && !isFunctionKey) return false;
  if (event.key === 'Enter' && entry === '') return false;
  // Counting the drawer, Enter is the focused key's; with none focused it takes the count.
  const isOnKey = document.activeElement !== document.body;
  if (event.key === 'Enter' && panel.kind === 'close-shift' && isOnKey) return false;
  if (/^[0-9\u0660-\u0669+]$/.test(event.key)) {
    if (!event.repeat) type(counter, event.key);
    return true;
  }
  if (/^[\p{L}-]$/u.test(event.key) && takesLetters(counter)) {
    if (!event.repeat) type(counter, event.key);
    return true;
  }
  if (event.key === 'Backspace') {
    eraseLast(counter);
    return true;
  }
  const known = counterKeys.find((candidate) => candidate.key === event.key);
  if (known === undefined) return false;
  if (!event.repeat) known.act(counter);
  return true;
}

/** By the key's place, too: Z is elsewhere on some layouts and another letter on Arabic ones. */
function isUndo(event: KeyboardEvent): boolean {
  const isZ =
    event.key.toLowerCase() === 'z' ||
    (event.code === 'KeyZ' && event.key.length === 1 && !/[a-z]/i.test(event.key));
  return isZ && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
}

/** By its place: Alt writes another letter there on some layouts. */
function isLock(event: KeyboardEvent): boolean {
  return event.altKey && event.code === 'KeyL' && !event.ctrlKey && !event.metaKey;
}

/** Letters are a code's, and only where a code can be entered. */
function takesLetters(counter: Counter): boolean {
  const { screen, panel } = counter.ui();
  return screen === 'counter' && (panel.kind === 'sell' || panel.kind === 'settled');
}

function memberKey(counter: Counter): void {
  const { entry } = counter.ui();
  if (entry === '') openEnrol(counter);
  else void findMember(counter, entry);
}

function payKey(counter: Counter): void {
  if (counter.ui().panel.kind === 'tenders')
    void settle(counter, 'cash', receivedMinor(counter.ui().entry));
  else {
    counter.change({ screen: 'counter' });
    pay(counter);
  }
}

function enterKey(counter: Counter): void {
  const { panel } = counter.ui();
  if (panel.kind === 'tenders') payKey(counter);
  else if (panel.kind === 'enrol') void nextFromPhone(counter);
  else if (panel.kind === 'close-shift') pressPrinted(counter, 'next');
  else enter(counter);
}
