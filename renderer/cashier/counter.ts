import type { Message } from '#contract/till-state.ts';
import type { EnrolStep } from '#renderer/enrol/enrol-step.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';
import type { TextValues } from '#renderer/i18n/use-text.ts';
import type { Asked } from './asked.ts';
import { closedPeople, type PeopleUi } from '#renderer/sign-in/people.ts';
import type { TillClient } from '#renderer/till/till-client.ts';

/** What the right column shows. Nothing here opens over the basket or stands before Pay. */
export type Panel =
  | { readonly kind: 'sell' }
  | { readonly kind: 'tenders'; readonly asked: Asked }
  | { readonly kind: 'settled'; readonly saleId: string; readonly changeMinor: number | null }
  | { readonly kind: 'enrol'; readonly useScannedCard: boolean; readonly step: EnrolStep }
  | { readonly kind: 'consents' }
  | { readonly kind: 'find-receipt' }
  | { readonly kind: 'code' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'receipt'; readonly saleId: string }
  | { readonly kind: 'close-shift' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'scanner' }
  | { readonly kind: 'screen-size' }
  | { readonly kind: 'help' };

/** Something this screen itself has to say: the core's refusal, or a sentence of the page. */
export type LocalNotice =
  | { readonly from: 'core'; readonly message: Message }
  | { readonly from: 'page'; readonly key: MessageKey; readonly values: TextValues };

/** What only this screen knows. Everything about the sale itself is the core's. */
export interface CounterUi {
  readonly screen: 'counter' | 'day' | 'programmes' | 'shop-rules' | 'staff' | 'devices' | 'paper';
  readonly panel: Panel;
  /** What was typed with nothing focused: digits, or the letters of a code. */
  readonly entry: string;
  /** Set by ×: how many of what comes next. */
  readonly quantityMilli: number | null;
  readonly selectedLine: string | null;
  /** The shopper's rewards or the products, where there is room for one; null = whichever helps. */
  readonly side: 'rewards' | 'products' | null;
  readonly whyOpen: boolean;
  readonly notice: LocalNotice | null;
  /** The number that was looked up last: joining does not ask for it again. */
  readonly lastPhone: string;
  /** The last sale settled here: the next one may begin before its receipt is wanted again. */
  readonly lastSaleId: string | null;
  /** Whether the core is about to answer a tender; `late` once that takes long enough to be seen. */
  readonly settling: 'no' | 'asked' | 'late';
  /** The page of names that stands over everything, and what is typed there. */
  readonly people: PeopleUi;
}

/** The counter's own state and its way to the till. Actions are functions over it. */
export interface Counter {
  readonly till: TillClient;
  readonly ui: () => CounterUi;
  readonly change: (change: Partial<CounterUi>) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const start: CounterUi = {
  screen: 'counter',
  panel: { kind: 'sell' },
  entry: '',
  quantityMilli: null,
  selectedLine: null,
  side: null,
  whyOpen: false,
  notice: null,
  lastPhone: '',
  lastSaleId: null,
  settling: 'no',
  people: closedPeople,
};

/** Makes the counter of one page. */
export function createCounter(till: TillClient): Counter {
  const listeners = new Set<() => void>();
  let ui = start;
  return {
    till,
    ui: () => ui,
    change(change) {
      ui = { ...ui, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
