import { freeAtNight } from '#journal/expiry-plan.ts';
import { planFence } from '#journal/fence-plan.ts';
import { planGrant } from '#journal/grant-plan.ts';
import {
  acceptGrant,
  afterStart,
  heldFor,
  passTime,
  spend,
  type GrantAnswer,
  type GrantStep,
  type InUse,
  type ServerGrant,
} from '#journal/held-grant.ts';
import { planPosting } from '#journal/posting.ts';
import { planRiskGrant, riskFor, type RiskCaps, type RiskWish } from '#journal/risk.ts';
import { checkHello, readBatch } from '#journal/posting-batch.ts';
import { isRecovering, joinLife } from '#journal/recovery.ts';
import {
  isOfThisLife,
  takeOpenGrants,
  takeWord,
  type OpenGrants,
  type ServerWord,
  type SyncStep,
  type TillView,
} from '#journal/till-sync.ts';
import type { ChainHash } from '#journal/chain.ts';
import { refund } from '#loyalty/refund.ts';
import { claimOfSale, readSale, refundsBefore } from '#till/read-sale.ts';
import type { SimGrant } from './disk.ts';
import { simChain } from './hashing.ts';

/**
 * The product's own decisions, as both sides of the simulation call them.
 *
 * A seeded bug replaces one of these, or one of the ports below; `src` knows nothing of it.
 */
export interface Rules {
  /** A database that replays a run needs the product's own hash; all others take the quicker one. */
  readonly chain: ChainHash;
  readonly readBatch: typeof readBatch;
  readonly planPosting: typeof planPosting;
  readonly planGrant: typeof planGrant;
  readonly planRiskGrant: typeof planRiskGrant;
  readonly planFence: typeof planFence;
  readonly freeAtNight: typeof freeAtNight;
  readonly checkHello: typeof checkHello;
  readonly isRecovering: typeof isRecovering;
  readonly joinLife: typeof joinLife;
  readonly isOfThisLife: typeof isOfThisLife;
  readonly takeWord: (view: TillView<SimGrant>, word: ServerWord) => SyncStep<SimGrant>;
  readonly acceptGrant: (
    asked: SimGrant,
    grant: ServerGrant,
    answer: GrantAnswer,
  ) => { readonly accepted: SimGrant | null; readonly step: GrantStep<SimGrant> };
  readonly passTime: (
    open: readonly SimGrant[],
    elapsedMs: number,
    inUse: InUse,
  ) => GrantStep<SimGrant>;
  readonly afterStart: (open: readonly SimGrant[], inUse: InUse) => GrantStep<SimGrant>;
  readonly takeOpenGrants: (
    view: TillView<SimGrant>,
    theirs: OpenGrants,
  ) => { readonly grants: GrantStep<SimGrant>; readonly greet: boolean };
  readonly spend: (held: SimGrant, points: number) => GrantStep<SimGrant>;
  readonly readSale: typeof readSale;
  readonly claimOfSale: typeof claimOfSale;
  readonly refundsBefore: typeof refundsBefore;
  readonly refund: typeof refund;
  readonly heldFor: (
    open: readonly SimGrant[],
    wish: { readonly member: string; readonly programme: string; readonly points: number },
  ) => SimGrant | null;
  readonly riskFor: (
    open: readonly SimGrant[],
    wish: RiskWish,
    caps: RiskCaps | null,
  ) => SimGrant | null;
}

export const productRules: Rules = {
  chain: simChain,
  readBatch,
  planPosting,
  planGrant,
  planRiskGrant,
  planFence,
  freeAtNight,
  checkHello,
  isRecovering,
  joinLife,
  takeWord,
  isOfThisLife,
  acceptGrant,
  passTime,
  afterStart,
  takeOpenGrants,
  spend,
  readSale,
  claimOfSale,
  refundsBefore,
  refund,
  heldFor,
  riskFor,
};

/** What surrounds the rules: the parts that are not decisions. */
export interface Ports {
  /** Whether a till's transaction is on the disk when it is shown. */
  readonly tillSyncs: boolean;
  /** Whether the server answers a command before it is committed. */
  readonly answersEarly: boolean;
  /** Which clock a till's leases run by. */
  readonly leaseClock: 'monotonic' | 'wall';
  /** Whether the server takes grants back by time. */
  readonly serverReclaims: boolean;
  /** Whether a server put back from a backup begins a new life. */
  readonly restoreBeginsLife: boolean;
}

export const productPorts: Ports = {
  tillSyncs: true,
  answersEarly: false,
  leaseClock: 'monotonic',
  serverReclaims: false,
  restoreBeginsLife: true,
};
