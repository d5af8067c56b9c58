import { cashDifferenceMinor, expectedCashMinor, type ShiftFigures } from '#journal/entry.ts';
import { mainProgramme } from '#loyalty/programme.ts';
import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import type { Core } from '#till/core.ts';
import { heading } from './parts.ts';
import { unitWords } from './words.ts';
import { pairLine, textLine, writingFor, type Writing } from './writing.ts';

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
  const programme = mainProgramme(config.programmes);
  const kind = programme?.unit.kind ?? 'points';
  const { pointsEarned, pointsUsed, pointsReversed } = unitWords(words, kind);
  const points = (amount: number): string => {
    if (programme === null) return String(amount);
    return kind === 'points'
      ? writing.points(amount, programme)
      : writing.pointsNamed(amount, programme);
  };
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
      ...paid(figures, writing),
      pairLine(words.returnsPaid, writing.moneyNamed(figures.returnsMinor)),
      { kind: 'rule' },
      pairLine(words.float, orNotCounted(figures.floatMinor, writing)),
      pairLine(words.cashExpected, writing.moneyNamed(expectedCashMinor(figures)), { bold: true }),
      ...(isClosed ? counted(figures, writing) : []),
      pairLine(words.drawerOpenings, String(figures.drawerOpenings)),
      ...voided(figures, writing),
      { kind: 'rule' },
      pairLine(pointsEarned, points(figures.earned)),
      pairLine(pointsUsed, points(figures.redeemed)),
      pairLine(pointsReversed, points(figures.reversed)),
      { kind: 'cut' },
    ],
  };
}

/** How the sales were paid; ways that nobody used are left out but for the two usual ones. */
function paid(figures: ShiftFigures, { words, moneyNamed }: Writing): readonly ReceiptLine[] {
  const { tenders } = figures;
  if (tenders === undefined) return [];
  const { cashMinor, cardMinor, valueMinor, otherMinor } = tenders;
  return [
    pairLine(words.cash, moneyNamed(cashMinor)),
    pairLine(words.card, moneyNamed(cardMinor)),
    ...(valueMinor === 0 ? [] : [pairLine(words.byValue, moneyNamed(valueMinor))]),
    ...(otherMinor === 0 ? [] : [pairLine(words.other, moneyNamed(otherMinor))]),
  ];
}

/** Goods taken off sales: how many lines, and under it what they would have cost. */
function voided({ voids }: ShiftFigures, { words, moneyNamed }: Writing): readonly ReceiptLine[] {
  if (voids === undefined) return [];
  return [
    pairLine(words.voidedLines, String(voids.lines)),
    pairLine(words.voidedWorth, moneyNamed(voids.amountMinor)),
  ];
}

function orNotCounted(amountMinor: number | null | undefined, writing: Writing): string {
  const { words, moneyNamed } = writing;
  return typeof amountMinor !== 'number' ? words.notCounted : moneyNamed(amountMinor);
}

function counted(figures: ShiftFigures, writing: Writing): readonly ReceiptLine[] {
  const line = pairLine(writing.words.cashCounted, orNotCounted(figures.countedMinor, writing));
  const difference = cashDifferenceMinor(figures);
  if (difference === null) return [line];
  return [line, pairLine(writing.words.variance, writing.moneyNamed(difference))];
}
