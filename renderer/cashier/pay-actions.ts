import { isSilence } from '#renderer/till/core-client.ts';
import { askedNow, dueAsked } from './asked.ts';
import type { Counter } from './counter.ts';
import { perform, tellFailure } from './perform.ts';

export type Tender = 'cash' | 'card' | 'other';

/** A wait that a person notices. */
const lateAfterMs = 150;

/** Pay: the right column becomes the tenders. Only an empty basket stops it. */
export function pay(counter: Counter): void {
  const { state } = counter.till.snapshot();
  if (state === null || state.basket.lines.length === 0) return;
  const panel = { kind: 'tenders', asked: askedNow(state) } as const;
  counter.change({ panel, entry: '', quantityMilli: null, whyOpen: false });
}

/** The sum is looked at again: what is on the glass now is what the shopper is asked for. */
export function lookAgain(counter: Counter): void {
  const { state } = counter.till.snapshot();
  if (state === null || counter.ui().panel.kind !== 'tenders') return;
  counter.change({ panel: { kind: 'tenders', asked: askedNow(state) } });
}

/**
 * Settles the sale on the counter with one tender.
 *
 * The state that names this sale as the last one comes after the commit and before the answer: what
 * it changes and "done" are shown together. Settling is idempotent by sale id, so silence is not a loss: when the core comes back, its state
 * says whether this sale is the last one settled, and the same tap may be made again.
 */
export async function settle(
  counter: Counter,
  tender: Tender,
  receivedMinor: number | null,
): Promise<void> {
  const { state } = counter.till.snapshot();
  const { panel, settling } = counter.ui();
  if (state === null || state.basket.lines.length === 0 || settling !== 'no') return;
  const { saleId } = state.basket;
  const dueMinor = dueAsked(panel.kind === 'tenders' ? panel.asked : null, state);
  if (receivedMinor !== null && receivedMinor < dueMinor) {
    counter.change({ notice: { from: 'page', key: 'problem.received', values: {} } });
    return;
  }
  const changeMinor = receivedMinor === null ? null : receivedMinor - dueMinor;
  counter.change({ settling: 'asked' });
  const late = setTimeout(() => counter.change({ settling: 'late' }), lateAfterMs);
  const watch = watchForSettled(counter, saleId, changeMinor);
  try {
    const done = await counter.till.call['sale.settle']({ saleId, tender, dueMinor });
    if (done.outcome === 'done') watch.settled();
    else {
      counter.change({ notice: { from: 'core', message: done.refusal } });
      lookAgain(counter);
    }
    watch.stop();
  } catch (error) {
    if (!isSilence(error)) watch.stop();
    tellFailure(counter, error);
  } finally {
    clearTimeout(late);
    counter.change({ settling: 'no' });
  }
}

/** Shows what was settled, unless the next sale has begun meanwhile. */
function showSettled(counter: Counter, saleId: string, changeMinor: number | null): void {
  const basket = counter.till.snapshot().state?.basket;
  const hasBegun = basket !== undefined && basket.saleId !== saleId && basket.lines.length > 0;
  counter.change({
    panel: hasBegun ? { kind: 'sell' } : { kind: 'settled', saleId, changeMinor },
    entry: '',
    selectedLine: null,
    side: null,
    notice: null,
  });
}

interface SettleWatch {
  /** The answer says so: shows it unless a state has said so before. */
  readonly settled: () => void;
  readonly stop: () => void;
}

/**
 * The first state that names this sale as the last one proves that it was settled, before the
 * answer or after a silence. Another sale in the basket ends the watch.
 */
function watchForSettled(
  counter: Counter,
  saleId: string,
  changeMinor: number | null,
): SettleWatch {
  let isShown = false;
  const settled = (): void => {
    if (!isShown) showSettled(counter, saleId, changeMinor);
    isShown = true;
  };
  const stop = counter.till.subscribe(() => {
    const { state, core } = counter.till.snapshot();
    if (core !== 'answering' || state === null) return;
    const isSettled = state.lastSale?.saleId === saleId;
    if (isSettled) settled();
    if (isSettled || state.basket.saleId !== saleId) stop();
  });
  return { settled, stop };
}

/** F9: the last receipt once more, marked as a copy. */
export function reprintLast(counter: Counter): void {
  const saleId = counter.till.snapshot().state?.lastSale?.saleId ?? counter.ui().lastSaleId;
  if (saleId === null) {
    counter.change({ notice: { from: 'page', key: 'problem.no-receipt', values: {} } });
    return;
  }
  void reprint(counter, saleId);
}

export async function reprint(counter: Counter, saleId: string): Promise<void> {
  await perform(counter, () => counter.till.call['receipt.reprint']({ saleId }));
}

/** Print again: the till knows whether what failed may have begun, and is then a copy. */
export function printAgain(counter: Counter): void {
  const last = counter.till.snapshot().state?.lastSale;
  if (last === null || last === undefined) return;
  const { saleId } = last;
  void perform(counter, () => counter.till.call['print.again']({ saleId }));
}
