import type { SaleSnapshot } from '#loyalty/sale.ts';

/** A sale of any till as a return or a claim needs it, read from its journal entries. */
export interface SoldSale {
  readonly tx: string;
  readonly receipt: string;
  readonly soldAtMs: number;
  /** Who earned: the member of the sale, or whoever claimed it. */
  readonly member: string | null;
  readonly currency: string;
  /** As sold; for a claimed sale with what the claim earned. */
  readonly snapshot: SaleSnapshot;
  readonly claimed: boolean;
  /** Lines of each return, oldest first. */
  readonly returns: readonly (readonly ReturnedLine[])[];
  /** How many of them were made before the sale was claimed; 0 where it was not. */
  readonly returnsBeforeClaim: number;
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
