import type { MessageKey } from '#renderer/i18n/messages.ts';
import { play } from '#renderer/sound/sounds.ts';
import type { ScreenKey } from '#scan/screen-key.ts';
import { back } from './member-actions.ts';
import type { Counter } from './counter.ts';
import { type } from './sale-actions.ts';
import { undoLast } from './undo.tsx';

/** The one key of a step that takes the sale, the enrolment or the day on. */
const DEEDS = [
  'enrol-join',
  'enrol-use-existing',
  'enrol-next',
  'refund-confirm',
  'refund',
  'open-commit',
  'close-commit',
  'z-done',
  'next-sale',
];

/** What the printed code of a key does: presses the first of these parts that is there, or acts. */
interface PrintedKey {
  /** Null = a digit, which is its own word. */
  readonly words: MessageKey | null;
  readonly parts?: readonly string[];
  readonly act?: (counter: Counter) => void;
}

const digit = (key: string): PrintedKey => ({
  words: null,
  act: (counter) => type(counter, key),
});

/** Every key that can be scanned. The deed of a new step goes into `next`. */
export const printedKeys: Readonly<Record<ScreenKey, PrintedKey>> = {
  pay: { words: 'pay.pay', parts: ['pay'] },
  cash: { words: 'pay.cash', parts: ['tender-cash'] },
  card: { words: 'pay.card', parts: ['tender-card'] },
  other: { words: 'pay.other', parts: ['tender-other'] },
  reward: { words: 'key.first-reward', parts: ['reward'] },
  join: { words: 'actions.enrol', parts: ['action-enrol'] },
  'no-phone': { words: 'enrol.no-phone', parts: ['enrol-no-phone'] },
  'answer-yes': { words: 'ui.yes', parts: ['enrol-age-yes'] },
  'answer-no': { words: 'ui.no', parts: ['enrol-age-no'] },
  next: { words: 'key.next', parts: DEEDS },
  'take-back': { words: 'key.take-back', parts: ['return-line'] },
  reprint: { words: 'key.reprint', parts: ['action-reprint'] },
  undo: { words: 'key.undo', act: undoLast },
  back: { words: 'key.back', act: back },
  day: { words: 'key.day', parts: ['open-day'] },
  close: { words: 'day.close', parts: ['close-shift'] },
  'digit-0': digit('0'),
  'digit-1': digit('1'),
  'digit-2': digit('2'),
  'digit-3': digit('3'),
  'digit-4': digit('4'),
  'digit-5': digit('5'),
  'digit-6': digit('6'),
  'digit-7': digit('7'),
  'digit-8': digit('8'),
  'digit-9': digit('9'),
};

/** Presses a key whose code was scanned; one that is not on the glass is refused in words. */
export function pressPrinted(counter: Counter, key: ScreenKey): void {
  play('scan');
  const { parts, act } = printedKeys[key];
  if (act !== undefined) {
    act(counter);
    return;
  }
  const pressable = (parts ?? []).flatMap(pressableParts)[0];
  if (pressable === undefined) {
    counter.change({ notice: { from: 'page', key: 'problem.key-not-here', values: {} } });
    return;
  }
  pressable.click();
}

/** Of several lines of a return, one that is not chosen yet comes first. */
function pressableParts(part: string): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-part="${part}"]`)]
    .filter((element) => !element.matches(':disabled') && element.checkVisibility())
    .toSorted((a, b) => Number(a.dataset['chosen'] ?? 0) - Number(b.dataset['chosen'] ?? 0));
}
