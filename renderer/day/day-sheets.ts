import type { DayReport, DayTotals } from '#contract/day.ts';
import { currencyExponent } from '#loyalty/money.ts';
import type { UnitView } from '#contract/till-state.ts';
import { amountFigure } from '#renderer/i18n/amounts.ts';
import type { Speech } from '#renderer/i18n/use-text.ts';
import { amountCell, type Cell, moneyCell } from './csv.ts';
import type { Say } from './manager-words.ts';
import type { Programmes } from './programmes.tsx';

/** What a figure counts: that decides how it is written. */
export type Figure =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'amount'; readonly amount: number; readonly unit: UnitView }
  | { readonly kind: 'money'; readonly minor: number }
  | { readonly kind: 'none' };

/** A table of the day, for paper and for spreadsheets alike. */
export interface Sheet {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Figure[])[];
}

const text = (value: string): Figure => ({ kind: 'text', text: value });
const count = (value: number): Figure => ({ kind: 'count', count: value });
const money = (minor: number): Figure => ({ kind: 'money', minor });
const none: Figure = { kind: 'none' };

/** Everything the day's page shows, as tables. */
export function daySheets(
  report: DayReport,
  say: Say,
  { t }: Speech,
  { named, unitOf }: Programmes,
): readonly Sheet[] {
  const main = unitOf();
  return [
    figuresSheet(report, say, main),
    {
      title: t('day.equation'),
      head: [
        say('mem.programme'),
        t('day.opening'),
        t('day.earned'),
        t('day.redeemed'),
        t('day.expired'),
        t('day.other'),
        say('sheet.closing'),
        say('sheet.balances'),
      ],
      rows: report.points.map((points) => {
        const unit = unitOf(points.programme);
        const of = (amount: number): Figure => ({ kind: 'amount', amount, unit });
        return [
          text(named(points.programme)),
          of(points.opening),
          of(points.earned),
          of(-Math.abs(points.redeemed)),
          of(-Math.abs(points.expired)),
          of(points.reversed + points.other),
          of(points.closing),
          of(points.sumOfBalances),
        ];
      }),
    },
    {
      title: say('by.till'),
      head: [say('en.where'), ...partHead(say)],
      rows: report.byTill.map((till) => [text(till.name), ...partRow(till, main)]),
    },
    {
      title: t('day.by-hour'),
      head: [t('day.hour'), ...partHead(say)],
      rows: report.byHour.map((hour) => [
        text(`${String(hour.hour).padStart(2, '0')}:00`),
        ...partRow(hour, main),
      ]),
    },
  ];
}

type Part = DayReport['byHour'][number] | DayReport['byTill'][number];

function partHead(say: Say): readonly string[] {
  return [
    say('en.sales'),
    say('en.with-member'),
    say('sheet.sold'),
    say('sheet.refunded'),
    say('en.earned'),
    say('en.redeemed'),
  ];
}

function partRow(part: Part, unit: UnitView): readonly Figure[] {
  return [
    count(part.sales),
    count(part.salesWithMember),
    money(part.salesTotalMinor),
    money(part.returnsMinor),
    { kind: 'amount', amount: part.earned, unit },
    { kind: 'amount', amount: Math.abs(part.redeemed), unit },
  ];
}

function figuresSheet(
  { totals, compare, day, through }: DayReport,
  say: Say,
  unit: UnitView,
): Sheet {
  const points = (amount: number): Figure => ({ kind: 'amount', amount, unit });
  const { before, weekAgo } = compare;
  const row = (label: string, of: (totals: DayTotals) => Figure): readonly Figure[] => [
    text(label),
    of(totals),
    before === null ? none : of(before),
    weekAgo === null ? none : of(weekAgo),
  ];
  return {
    title: say('sheet.figures'),
    head: [
      say('sheet.figure'),
      say('sheet.now'),
      say(day === through ? 'span.yesterday' : 'sheet.before'),
      say('sheet.week-ago'),
    ],
    rows: [
      row(say('en.sales'), (of) => count(of.sales)),
      row(say('en.with-member'), (of) => count(of.salesWithMember)),
      row(say('sheet.sold'), (of) => money(of.salesTotalMinor)),
      row(say('en.returns'), (of) => count(of.returns)),
      row(say('sheet.refunded'), (of) => money(of.returnsMinor)),
      row(say('sheet.rewards'), (of) => money(of.discountMinor)),
      row(say('en.new-members'), (of) => count(of.newMembers)),
      row(say('en.unproven'), (of) => count(of.unprovenSales)),
      row(say('en.earned'), (of) => points(of.earned)),
      row(say('en.redeemed'), (of) => points(Math.abs(of.redeemed))),
    ],
  };
}

/** A figure on paper or glass. */
export function figureText(figure: Figure, speech: Speech): string {
  const { format } = speech;
  switch (figure.kind) {
    case 'text':
      return figure.text;
    case 'count':
      return format.points(figure.count);
    case 'amount':
      return amountFigure(speech, figure.unit, figure.amount);
    case 'money':
      return format.money(figure.minor);
    case 'none':
      return '';
  }
}

/** Sheets one below the other, as rows for a spreadsheet. */
export function sheetCells(
  sheets: readonly Sheet[],
  currency: string,
): readonly (readonly Cell[])[] {
  const exponent = currencyExponent(currency);
  return sheets.flatMap((sheet) => [
    [sheet.title],
    [...sheet.head],
    ...sheet.rows.map((row) => row.map((figure) => cellOf(figure, exponent))),
    [null],
  ]);
}

function cellOf(figure: Figure, exponent: number): Cell {
  switch (figure.kind) {
    case 'text':
      return figure.text;
    case 'count':
      return figure.count;
    case 'amount':
      return amountCell(figure.amount, figure.unit, exponent);
    case 'money':
      return moneyCell(figure.minor, exponent);
    case 'none':
      return null;
  }
}
