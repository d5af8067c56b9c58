import type { ShiftFigures } from '#journal/entry.ts';
import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import type { Core } from '#till/core.ts';
import { heading } from './parts.ts';
import { pairLine, textLine, writingFor } from './writing.ts';

/** The slip of a shift: closed, or as it stands. Its title says that it is no fiscal report. */
export function shiftReceipt(
  core: Core,
  figures: ShiftFigures,
  openedAtMs: number,
  atMs: number,
  isClosed = true,
): ReceiptDocument {
  const { config } = core;
  const writing = writingFor(config.language, config);
  const { words } = writing;
  const moment = (atMs: number): string => `${writing.date(atMs)} ${writing.time(atMs)}`;
  const programme = config.programmes[0];
  const points = (amount: number): string =>
    programme === undefined ? String(amount) : writing.points(amount, programme);
  return {
    language: config.language,
    // It is opened to be counted; as it stands nobody counts.
    openDrawer: isClosed && figures.countedMinor === null,
    lines: [
      ...heading(writing, config, atMs, `${words.shiftNumber} ${figures.number}`),
      textLine(isClosed ? words.shiftTitle : words.shiftInterim, { align: 'center', bold: true }),
      pairLine(words.opened, moment(openedAtMs)),
      ...(isClosed ? [pairLine(words.closed, moment(atMs))] : []),
      { kind: 'rule' },
      pairLine(words.sales, String(figures.sales)),
      pairLine(words.salesWithMember, String(figures.salesWithMember)),
      pairLine(words.salesTotal, writing.moneyNamed(figures.totalMinor), { bold: true }),
      pairLine(words.returns, writing.moneyNamed(figures.returnsMinor)),
      { kind: 'rule' },
      pairLine(words.cashExpected, writing.moneyNamed(figures.cashMinor)),
      ...counted(figures, writing.moneyNamed, words),
      pairLine(words.drawerOpenings, String(figures.drawerOpenings)),
      { kind: 'rule' },
      pairLine(words.pointsEarned, points(figures.earned)),
      pairLine(words.pointsUsed, points(figures.redeemed)),
      pairLine(words.pointsReversed, points(figures.reversed)),
      { kind: 'cut' },
    ],
  };
}

function counted(
  figures: ShiftFigures,
  money: (amountMinor: number) => string,
  words: { readonly cashCounted: string; readonly variance: string },
): readonly ReceiptLine[] {
  if (figures.countedMinor === null) return [];
  return [
    pairLine(words.cashCounted, money(figures.countedMinor)),
    pairLine(words.variance, money(figures.countedMinor - figures.cashMinor)),
  ];
}
