import type { BasketView, OfferView } from '#contract/till-state.ts';
import type { ScannedCode } from '#scan/code.ts';
import { assertNever } from '#loyalty/result.ts';
import { play } from '#renderer/sound/sounds.ts';
import type { Counter } from './counter.ts';
import { enterCode } from './code-actions.ts';
import { meaningOfEntry, typed } from './entry.ts';
import { lookAgain } from './pay-actions.ts';
import { perform, performTyped, tellFailure } from './perform.ts';
import { step } from './step.ts';

const onePiece = 1_000;
const piecesMax = 9_999;

/** A code from the page's keyboard, whatever has focus: it closes what only explains. */
export function scanned(counter: Counter, code: ScannedCode): void {
  play('scan');
  const { panel } = counter.ui();
  const staysOpen = panel.kind === 'tenders' || panel.kind === 'enrol';
  counter.change({
    screen: 'counter',
    whyOpen: false,
    notice: null,
    entry: '',
    ...(staysOpen ? {} : { panel: { kind: 'sell' } }),
  });
  counter.till.call
    .scan({ code, source: 'keyboard' })
    .catch((error: unknown) => tellFailure(counter, error));
}

/** Digits typed with nothing focused, or tapped on the pad. */
export function type(counter: Counter, character: string): void {
  const { panel, entry } = counter.ui();
  if (panel.kind === 'settled') counter.change({ panel: { kind: 'sell' } });
  counter.change({ entry: typed(entry, character) });
}

export function eraseLast(counter: Counter): void {
  const { entry } = counter.ui();
  if (entry === '') counter.change({ quantityMilli: null });
  else counter.change({ entry: entry.slice(0, -1) });
}

/** Multiply: the digits are how many of the next thing, or of the line that is selected. */
export function multiply(counter: Counter): void {
  const { entry, selectedLine } = counter.ui();
  const pieces = Number(entry);
  if (!/^\d{1,4}$/.test(entry) || pieces < 1 || pieces > piecesMax) {
    counter.change({
      notice: { from: 'page', key: 'problem.quantity', values: { most: piecesMax } },
    });
    return;
  }
  if (selectedLine === null) {
    counter.change({ quantityMilli: pieces * onePiece, entry: '', notice: null });
    return;
  }
  counter.change({ entry: '' });
  void setQuantity(counter, selectedLine, pieces * onePiece);
}

/** Enter: does what the entry line says it would do. */
export function enter(counter: Counter): void {
  const market = counter.till.snapshot().state?.shop.market ?? 'TR';
  const meaning = meaningOfEntry(counter.ui().entry, market);
  switch (meaning.kind) {
    case 'empty':
      return;
    case 'amount':
      void addAmount(counter, meaning.minor);
      return;
    case 'phone':
      void findMember(counter, meaning.digits);
      return;
    case 'card':
      void findMember(counter, meaning.number);
      return;
    case 'product':
      counter.change({ entry: '' });
      counter.till.call
        .scan({ code: { kind: 'product', gtin: meaning.gtin, symbology: 'none' }, source: 'typed' })
        .catch((error: unknown) => tellFailure(counter, error));
      return;
    case 'code':
      void enterCode(counter, meaning.text);
      return;
    case 'unclear':
      counter.change({ notice: { from: 'page', key: 'problem.entry', values: {} } });
      return;
    default:
      assertNever(meaning, 'enter');
  }
}

async function addAmount(counter: Counter, amountMinor: number): Promise<void> {
  if (amountMinor < 1) {
    counter.change({ entry: '', notice: { from: 'page', key: 'problem.zero', values: {} } });
    return;
  }
  const quantityMilli = counter.ui().quantityMilli ?? onePiece;
  counter.change({ quantityMilli: null, selectedLine: null });
  await performTyped(counter, String(amountMinor), () =>
    counter.till.call['basket.add-amount']({ amountMinor, quantityMilli }),
  );
}

/** Looks a typed phone or card number up. */
export async function findMember(counter: Counter, text: string): Promise<void> {
  counter.change({ lastPhone: text });
  await performTyped(counter, text, () => counter.till.call['member.find']({ text }));
}

export function addProduct(counter: Counter, sku: string): void {
  const quantityMilli = counter.ui().quantityMilli ?? onePiece;
  const { panel } = counter.ui();
  counter.change({
    quantityMilli: null,
    entry: '',
    ...(panel.kind === 'settled' ? { panel: { kind: 'sell' } } : {}),
  });
  void perform(counter, () => counter.till.call['basket.add-product']({ sku, quantityMilli }));
}

async function setQuantity(counter: Counter, line: string, quantityMilli: number): Promise<void> {
  if (quantityMilli < 1) {
    await removeLine(counter, line);
    return;
  }
  await perform(counter, () => counter.till.call['basket.set-quantity']({ line, quantityMilli }));
}

/** The line's own keys: that many pieces more, or fewer where it is below zero. */
export function stepQuantity(
  counter: Counter,
  { id, quantityMilli }: Pick<BasketView['lines'][number], 'id' | 'quantityMilli'>,
  pieces: number,
): void {
  void step(counter, {
    key: id,
    shown: quantityMilli,
    next: (from) => from + pieces * onePiece,
    deed: (to) => setQuantity(counter, id, to),
  });
}

export async function removeLine(counter: Counter, line: string): Promise<void> {
  counter.change({ selectedLine: null });
  await perform(counter, () => counter.till.call['basket.remove-line']({ line }));
}

/** Del: the selected line, or the last one. */
export function removeSelected(counter: Counter): void {
  const { selectedLine } = counter.ui();
  const last = counter.till.snapshot().state?.basket.lines.at(-1)?.id ?? null;
  const line = selectedLine ?? last;
  if (line !== null) void removeLine(counter, line);
}

/** Puts a reward on the sale or takes it off; `sku` is what the shopper chose. */
export function toggleReward(
  counter: Counter,
  { reward, programme }: Pick<OfferView, 'reward' | 'programme'>,
  sku?: string,
): void {
  const chosen = sku === undefined ? {} : { sku };
  const toggle = { reward, programme, ...chosen };
  void perform(counter, () => counter.till.call['reward.toggle'](toggle)).then((isDone) => {
    if (isDone) lookAgain(counter);
  });
}
