import type { TillState } from '#contract/till-state.ts';
import { closedPeople, showBadge } from '#renderer/sign-in/people.ts';
import { play } from '#renderer/sound/sounds.ts';
import type { Counter } from './counter.ts';

/**
 * Follows the core's states for what this screen does by itself: sounds, and leaving what the next
 * scan ends. Scans of serial and HID readers reach the core without passing the page, so "the next
 * scan" is a change of basket or member, not a key. Returns the function that stops.
 */
export function announceNews(counter: Counter): () => void {
  let before: TillState | null = counter.till.snapshot().state;
  let refusedBefore = counter.ui().notice;
  const stopStates = counter.till.subscribe(() => {
    const { state } = counter.till.snapshot();
    if (state === null || state === before) return;
    const previous = before;
    before = state;
    if (previous !== null) followState(counter, previous, state);
  });
  const stopRefusals = counter.subscribe(() => {
    const { notice } = counter.ui();
    if (notice !== null && notice !== refusedBefore) play('refused');
    refusedBefore = notice;
  });
  return () => {
    stopStates();
    stopRefusals();
  };
}

function followState(counter: Counter, before: TillState, now: TillState): void {
  if (now.member !== null && now.member.member !== before.member?.member) play('member');
  if (now.notice?.tone === 'refusal' && now.notice.id !== before.notice?.id) play('refused');
  if (now.lastSale !== null) counter.change({ lastSaleId: now.lastSale.saleId });
  followStaff(counter, before, now);
  followBadge(counter, before, now);
  const isNewSale = now.basket.saleId !== before.basket.saleId;
  const hasMore = now.basket.lines.length > before.basket.lines.length;
  const hasMember = now.member !== null && now.member.member !== before.member?.member;
  const { panel, whyOpen, selectedLine, screen } = counter.ui();
  if (isNewSale) counter.change({ selectedLine: null, side: null, whyOpen: false });
  if (!isNewSale && (hasMore || hasMember)) {
    if (panel.kind === 'settled' || panel.kind === 'receipt')
      counter.change({ panel: { kind: 'sell' } });
    if (whyOpen) counter.change({ whyOpen: false });
    if (screen === 'day') counter.change({ screen: 'counter' });
  }
  if (hasMember)
    counter.change({
      side: null,
      ...(panel.kind === 'enrol' ? { panel: { kind: 'sell' }, entry: '' } : {}),
    });
  if (now.returning !== null && before.returning === null) {
    counter.change({ screen: 'counter', panel: { kind: 'sell' }, whyOpen: false });
  }
  if (selectedLine !== null && !now.basket.lines.some((line) => line.id === selectedLine)) {
    counter.change({ selectedLine: null });
  }
}

/** Whoever scans their badge stands before the PIN pad. */
function followBadge(counter: Counter, before: TillState, now: TillState): void {
  const { badge } = now.staff;
  if (badge !== null && badge.scan !== before.staff.badge?.scan) showBadge(counter, badge.cashier);
}

/** Who locked the till is likely to open it: their name is chosen. Whatever was asked before is over. */
function followStaff(counter: Counter, before: TillState, now: TillState): void {
  const was = before.staff.signedIn;
  if (was === null || now.staff.signedIn !== null) return;
  const { why } = counter.ui().people;
  const known = now.staff.people.find(({ cashier }) => cashier === was.cashier);
  counter.change({
    people: { ...closedPeople, chosen: known?.hasPin === true ? known.cashier : null },
    entry: '',
    notice: null,
  });
  if (why?.kind === 'word') why.granted(false);
}
