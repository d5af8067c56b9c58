import type { TillDatabase } from '#till/database.ts';
import { aRecord, aTill, CARD, type TestTill } from '#test/till/support/a-till.ts';
import { assert } from '#loyalty/result.ts';

/** A till whose sales are timed. */
export interface TimedTill {
  readonly till: TestTill;
  /** Settles one sale of a member with two lines. */
  sell(): Promise<SoldSale>;
}

export interface SoldSale {
  readonly saleId: string;
  /** The settling transaction alone, commit and fsync included: no quote. */
  readonly transactionMs: number;
  /** Scan, two lines and settle: everything the till does for the sale. */
  readonly wholeMs: number;
}

/** A real till on a real database whose settling transactions are timed. */
export async function timedTill(directory: string): Promise<TimedTill> {
  let settling = false;
  let writesMs: number[] = [];
  const till = await aTill({
    directory,
    wrap: (database) =>
      timed(database, (tookMs) => {
        if (settling) writesMs.push(tookMs);
      }),
  });
  till.member(aRecord());
  return {
    till,
    async sell() {
      await till.time.advance(2_000);
      const startMs = performance.now();
      await till.scanCard(CARD);
      await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
      await till.call['basket.add-amount']({ amountMinor: 1250, quantityMilli: 1000 });
      const { saleId } = till.state().basket;
      settling = true;
      writesMs = [];
      const outcome = await till.call['sale.settle']({ saleId, tender: 'cash' });
      settling = false;
      assert(outcome.outcome === 'done', `a sale settles: ${JSON.stringify(outcome)}`);
      const transactionMs = writesMs[0];
      assert(transactionMs !== undefined, 'settling wrote');
      return { saleId, transactionMs, wholeMs: performance.now() - startMs };
    },
  };
}

function timed(database: TillDatabase, onWrite: (tookMs: number) => void): TillDatabase {
  return {
    ...database,
    write(work) {
      const startMs = performance.now();
      const outcome = database.write(work);
      onWrite(performance.now() - startMs);
      return outcome;
    },
  };
}
