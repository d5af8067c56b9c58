import type { Basket } from './basket.ts';
import type { Claim } from './claim-item.ts';
import type { ProofLevel } from './proof.ts';

/** A basket on the counter. */
export interface SaleRequest {
  readonly id: string;
  readonly basket: Basket;
  readonly member: string | null;
  readonly proof: ProofLevel;
  readonly claims: readonly Claim[];
  readonly nowMs: number;
  readonly channel: string;
}
