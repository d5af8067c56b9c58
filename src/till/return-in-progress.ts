import type { JournalEntry } from '#journal/entry.ts';
import type { TakenBack } from '#contract/sync.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';

/** A sale of any till as a return or a claim needs it, read from its journal entries. */
export interface SoldSale {
  readonly tx: string;
  readonly receipt: string;
  readonly soldAtMs: number;
  /** Who earned, as they are known today: the member of the sale, or whoever claimed it. */
  readonly member: string | null;
  readonly currency: string;
  /** As sold; for a claimed sale with what the claim earned. */
  readonly snapshot: SaleSnapshot;
  readonly claimed: boolean;
  /** Oldest first. */
  readonly returns: readonly MadeReturn[];
  /** What the server told of it that is not in this till's journal. */
  readonly elsewhere: readonly JournalEntry[];
  readonly takenBack: readonly TakenBack[];
}

/** A return of a sale that was made before. */
export interface MadeReturn {
  readonly lines: readonly ReturnedLine[];
  /** False where it came before the claim, or had not heard of it: it took no points. */
  readonly tookPoints: boolean;
  /** Programmes whose points a manager took for it by hand. */
  readonly takenByHand: readonly string[];
}

export interface ReturnedLine {
  readonly line: string;
  readonly quantityMilli: number;
}

/** A return being prepared. What goes back is computed from it each time. */
export interface Returning {
  readonly returnId: string;
  readonly sale: SoldSale;
  /** Chosen pieces per line id, in thousandths. */
  readonly chosen: ReadonlyMap<string, number>;
}
