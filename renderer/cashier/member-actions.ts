import type { Counter, Panel } from './counter.ts';
import { perform } from './perform.ts';

/** Takes the member off the sale, or forgets an unknown number. */
export function detachMember(counter: Counter): void {
  counter.change({ lastPhone: '' });
  void perform(counter, () => counter.till.call['member.detach'](null));
}

/** Brings back the member whom the last scan replaced. */
export function undoMember(counter: Counter): void {
  void perform(counter, () => counter.till.call['member.undo'](null));
}

/**
 * Begins enrolment: on the shopper's own display where there is one, else here. Asked for once more
 * while the shopper is at it, it comes to this screen: every step has somebody who can do it.
 */
export function openEnrol(counter: Counter): void {
  const state = counter.till.snapshot().state;
  if (state?.display.connected === true && state.display.joining === null) askOnDisplay(counter);
  else openEnrolHere(counter);
}

/** The number looked up last and the scanned card are known already: the shopper is not asked for them. */
function askOnDisplay(counter: Counter): void {
  const unknown = counter.till.snapshot().state?.unknown ?? null;
  const { lastPhone } = counter.ui();
  show(counter, { kind: 'sell' });
  void perform(counter, () =>
    counter.till.call['enrol.ask']({
      phone: unknown?.kind === 'phone' && lastPhone !== '' ? lastPhone : null,
      useScannedCard: unknown?.kind === 'card',
    }),
  );
}

/** Takes the question off the shopper's display. */
export function stopAsking(counter: Counter): void {
  void perform(counter, () => counter.till.call['enrol.stop'](null));
}

/** Opens enrolment on this screen, with what is already known. */
export function openEnrolHere(counter: Counter): void {
  if ((counter.till.snapshot().state?.display.joining ?? null) !== null) stopAsking(counter);
  const unknown = counter.till.snapshot().state?.unknown ?? null;
  const { entry, lastPhone } = counter.ui();
  counter.change({
    screen: 'counter',
    panel: { kind: 'enrol', useScannedCard: unknown?.kind === 'card', step: { at: 'phone' } },
    entry: unknown?.kind === 'phone' && entry === '' ? lastPhone : entry,
    whyOpen: false,
    notice: null,
  });
}

/** Esc and Back: to the sale, one step at a time. */
export function back(counter: Counter): void {
  const { whyOpen, notice, panel, entry, screen, selectedLine } = counter.ui();
  const state = counter.till.snapshot().state;
  if (whyOpen) counter.change({ whyOpen: false });
  else if (notice !== null) counter.change({ notice: null });
  else if (panel.kind !== 'sell') show(counter, { kind: 'sell' });
  else if (state?.returning !== null && state?.returning !== undefined) cancelReturn(counter);
  else if (entry !== '') counter.change({ entry: '', quantityMilli: null });
  else if (selectedLine !== null) counter.change({ selectedLine: null });
  else if (screen !== 'counter') counter.change({ screen: 'counter' });
}

export function show(counter: Counter, panel: Panel): void {
  counter.change({ screen: 'counter', panel, entry: '', whyOpen: false, notice: null });
}

export function cancelReturn(counter: Counter): void {
  void perform(counter, () => counter.till.call['return.cancel'](null));
}

/** Puts the core's notice or this page's own away. */
export function dismissNotice(counter: Counter): void {
  const id = counter.till.snapshot().state?.notice?.id;
  counter.change({ notice: null });
  if (id !== undefined) counter.till.call['notice.dismiss']({ id }).catch(() => undefined);
}
