import type { EntryRow } from '#contract/manager.ts';
import { currencyExponent } from '#loyalty/money.ts';
import { amountCell, type Cell, moneyCell } from './csv.ts';
import type { Say } from './manager-words.ts';
import type { Programmes } from './programmes.tsx';

/** What the columns of exported entries are called. */
export function entryHead(say: Say): readonly string[] {
  return [
    say('sheet.day'),
    say('en.when'),
    say('en.where'),
    say('en.cashier'),
    say('en.what'),
    say('en.receipt'),
    say('en.who'),
    say('mem.programme'),
    say('en.pts'),
    say('en.money'),
  ];
}

/** An entry as a row of a spreadsheet; what it is stands as the journal's own word. */
export function entryCells(
  row: EntryRow,
  currency: string,
  person: (cashier: string) => string,
  { named, unitOf }: Programmes,
): readonly Cell[] {
  const exponent = currencyExponent(currency);
  return [
    row.day,
    new Date(row.atMs).toISOString(),
    row.tillName,
    row.cashier === null ? null : person(row.cashier),
    row.what,
    row.receipt,
    row.member?.name ?? row.member?.member ?? null,
    row.programme === null ? null : named(row.programme),
    row.points === null ? null : amountCell(row.points, unitOf(row.programme), exponent),
    row.moneyMinor === null ? null : moneyCell(row.moneyMinor, exponent),
  ];
}
