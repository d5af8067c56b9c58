import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quote } from '#loyalty/quote.ts';
import { afterRefund, noRefunds, refund, type Returning } from '#loyalty/refund.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { earning } from './recorded/earning.ts';
import { promotions } from './recorded/promotions.ts';
import type { Scenario } from './recorded/shop.ts';
import { spending } from './recorded/spending.ts';
import { tellQuote, tellRefund } from './recorded/tell.ts';

/**
 * A refund computes a sale of last year again: a later engine must come to the very same figures.
 *
 * What this engine says of many sales, and of bringing their goods back, is on record. A change
 * that is meant is recorded with `REGULARS_RECORD=1` and read in the difference.
 */
const suites = { earning, spending, promotions } as const;

function tell({ input }: Scenario): string[] {
  const quoted = quote(input);
  const sale = freezeSale(input, quoted);
  const [first] = sale.lines;
  const told = tellQuote(quoted);
  // A sale that spends nothing comes back as the plain one of the earning suite does.
  if (quoted.redemptions.length === 0 && input.claims.length > 0) return told;
  let before = noRefunds;
  const lines =
    first === undefined
      ? []
      : [{ line: first.id, quantityMilli: Math.trunc(first.quantityMilli / 2) }];
  const steps: readonly Returning[] = [
    { kind: 'lines', lines },
    { kind: 'amount', amountMinor: 150 },
    { kind: 'everything' },
  ];
  for (const returning of steps) {
    const available = { club: 6, other: 0 };
    const { programmes, settings } = input;
    const done = refund({ sale, programmes, returning, before, settings, available });
    if (!done.ok) {
      told.push(`not taken back: ${JSON.stringify(done.error)}`);
      continue;
    }
    told.push(...tellRefund(done.value));
    before = afterRefund(before, done.value);
  }
  return told;
}

function write(scenarios: readonly Scenario[]): string {
  return scenarios
    .map((one) => [`# ${one.name}`, ...tell(one).map((fact) => fact.trimEnd()), ''].join('\n'))
    .join('\n');
}

function read(file: string): ReadonlyMap<string, readonly string[]> {
  const blocks = readFileSync(file, 'utf8').split(/^# /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const [name = '', ...told] = block.trimEnd().split('\n');
      return [name, told] as const;
    }),
  );
}

for (const [suite, scenarios] of Object.entries(suites)) {
  const file = join(import.meta.dirname, 'recorded', `${suite}.txt`);
  if (process.env['REGULARS_RECORD'] === '1') writeFileSync(file, write(scenarios));
  const recorded = read(file);

  describe(`a recorded sale, ${suite}`, () => {
    it('stands for itself alone', () => {
      expect([...recorded.keys()]).toEqual(scenarios.map(({ name }) => name));
    });

    it.each(scenarios.map((one) => [one.name, one] as const))('%s', (name, one) => {
      expect(tell(one).map((fact) => fact.trimEnd())).toEqual(recorded.get(name));
    });
  });
}
