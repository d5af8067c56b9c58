import type { ShopConfig } from '#contract/shop.ts';
import { displayCardNumber, displayReceiptToken } from '#loyalty/card.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { ReceiptLine } from '#loyalty/receipt.ts';
import { unitWords } from './words.ts';
import { pairLine, textLine, fill, type Writing } from './writing.ts';

/** Shop, date, number: the top of everything this till prints. */
export function heading(
  writing: Writing,
  config: ShopConfig,
  atMs: number,
  number: string,
): readonly ReceiptLine[] {
  const address =
    config.storeAddress === '' ? [] : [textLine(config.storeAddress, { align: 'center' })];
  return [
    textLine(config.storeName, { align: 'center', size: 'large', bold: true }),
    ...address,
    pairLine(`${writing.date(atMs)} ${writing.time(atMs)}`, number),
    { kind: 'rule' },
  ];
}

/** What the points block says; nulls are left out, so it never has more than five lines. */
export interface PointsBlock {
  readonly programme: Programme;
  readonly earned: number;
  /** Earned by whoever proves to be the shopper; only where nobody earned at once. */
  readonly claimable: number;
  readonly used: { readonly points: number; readonly valueMinor: number } | null;
  readonly balance: {
    readonly points: number;
    readonly worthMinor: number;
    readonly asOfMs: number | null;
  } | null;
  readonly nextTier: { readonly name: string; readonly remaining: number } | null;
}

/** Largest first, one fact a line, money beside points. */
export function pointsBlock(writing: Writing, block: PointsBlock): readonly ReceiptLine[] {
  const { words } = writing;
  const { programme, used, balance, nextTier } = block;
  const lines: ReceiptLine[] = [];
  const equals = (points: number, minor: number): string => {
    const amount = writing.pointsNamed(points, programme);
    const worth = writing.moneyNamed(minor);
    return minor > 0 && worth !== amount ? `${amount} = ${worth}` : amount;
  };
  if (block.earned > 0) {
    lines.push(
      pairLine(words.earned, writing.pointsNamed(block.earned, programme), {
        size: 'large',
        bold: true,
      }),
    );
  }
  if (block.claimable > 0) {
    lines.push(
      pairLine(words.couldEarn, writing.pointsNamed(block.claimable, programme), {
        size: 'large',
        bold: true,
      }),
    );
  }
  if (used !== null) lines.push(pairLine(words.used, equals(used.points, used.valueMinor)));
  if (balance !== null) {
    const { asOfMs } = balance;
    const label = unitWords(words, programme.unit.kind).balance;
    const asOf = asOfMs === null ? '' : `, ${fill(words.asOf, { time: writing.time(asOfMs) })}`;
    lines.push(pairLine(`${label}${asOf}`, equals(balance.points, balance.worthMinor)));
  }
  if (nextTier !== null) {
    const label = fill(words.toTier, { tier: nextTier.name });
    lines.push(pairLine(label, writing.pointsNamed(nextTier.remaining, programme)));
  }
  return lines.length === 0 ? [] : [{ kind: 'rule' }, ...lines];
}

/** The receipt's own code, to scan and to read. */
export function receiptCode(
  writing: Writing,
  token: string,
  caption: string,
): readonly ReceiptLine[] {
  return [
    { kind: 'space' },
    { kind: 'qr', content: `R:${token}`, caption: caption.slice(0, 100) },
    textLine(`${writing.words.code}: ${displayReceiptToken(token)}`, { align: 'center' }),
  ];
}

/** A member's card: QR for phones, EAN-13 for every scanner, the number for people. */
export function memberCard(writing: Writing, number: string): readonly ReceiptLine[] {
  const { words } = writing;
  return [
    { kind: 'rule' },
    textLine(words.yourCard, { align: 'center', size: 'large', bold: true }),
    { kind: 'qr', content: number, caption: words.cardHint },
    { kind: 'barcode', symbology: 'ean13', content: number },
    textLine(displayCardNumber(number), { align: 'center' }),
  ];
}

/** The foot: what this paper is not, and the cut. */
export function foot(writing: Writing): readonly ReceiptLine[] {
  return [
    { kind: 'space' },
    textLine(writing.words.notFiscal, { align: 'center' }),
    { kind: 'cut' },
  ];
}
