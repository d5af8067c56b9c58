import type { z } from 'zod';
import { businessDay } from './business-day.ts';
import type { ClaimRefusal } from './claim.ts';
import type * as schemas from './commands.ts';
import type { LedgerEntry } from './entry.ts';
import { type CardRefusal, issueCard, replaceCard } from './ledger-cards.ts';
import * as events from './ledger-events.ts';
import { runJob, runNight, runYearlyReview } from './ledger-night.ts';
import * as moves from './ledger-points.ts';
import { returnSale } from './ledger-return.ts';
import { claimReceipt, settleSale } from './ledger-sale.ts';
import { reviewCounted, reviewMember } from './ledger-tiers.ts';
import { mergeMembers, transferPoints } from './ledger-transfer.ts';
import { closeWindow } from './ledger-window.ts';
import {
  currentProgrammes,
  type Ledger,
  type LedgerMember,
  type LedgerSale,
  type LedgerVoucher,
  memberByIdentifier,
  newLedgerMember,
  resolveMember,
  withMember,
} from './ledger.ts';
import { stopRenewal } from './membership.ts';
import type { Quote, QuotedEarning } from './quote-types.ts';
import type { Reason } from './reason.ts';
import type { Refund, RefundRefusal } from './refund.ts';
import { assertNever, err, ok, type Result } from './result.ts';
import { returningGoods } from './returning.ts';
import { termOf } from './tiers.ts';
import { fullClaims, type UnknownReward } from './written-sale.ts';

/** What a use case answered, and what it wrote; a retry writes nothing. */
export interface CommandOutcome {
  /** Who joined or was found, and whether anew. */
  readonly member?: string;
  readonly created?: boolean;
  readonly sale?: LedgerSale;
  readonly quote?: Quote;
  readonly refund?: Refund;
  readonly earnings?: readonly QuotedEarning[];
  /** Points that an event or an earning brought, and why an event brought none. */
  readonly earned?: number;
  readonly reason?: Reason | null;
  readonly taken?: number;
  /** Of a window that closed. */
  readonly redeemed?: number;
  readonly voucherPoints?: number;
  readonly carried?: number;
  readonly entries: readonly LedgerEntry[];
  readonly tierEvents: Ledger['tierEvents'];
  readonly vouchers: readonly LedgerVoucher[];
}

/** Why a command was refused; the ledger is as it was. */
export type CommandRefusal =
  | moves.PointsRefusal
  | CardRefusal
  | ClaimRefusal
  | RefundRefusal
  | UnknownReward
  | events.EnrolRefusal
  | { readonly code: 'unknown-sale' }
  | { readonly code: 'identifier-taken'; readonly identifier: string }
  | { readonly code: 'unknown-programme'; readonly programme: string }
  | { readonly code: 'unknown-tier'; readonly tier: string };

type Applied = Result<{ readonly ledger: Ledger } & Partial<CommandOutcome>, CommandRefusal>;
type Of<Schema extends z.ZodType> = Readonly<z.infer<Schema>>;

const plain = (done: Result<Ledger, CommandRefusal>): Applied =>
  done.ok ? ok({ ledger: done.value }) : done;
const sure = (ledger: Ledger): Applied => ok({ ledger });

function returnGoods(
  ledger: Ledger,
  command: Extract<Of<typeof schemas.saleCommand>, { command: 'return-goods' }>,
): Applied {
  const { source, atMs: nowMs, returning } = command;
  const sale = ledger.sales.get(command.sale);
  if (sale === undefined) return err({ code: 'unknown-sale' });
  const chosen =
    returning.kind === 'goods'
      ? returningGoods(sale.snapshot, sale.refunds, returning.goods)
      : returning;
  return returnSale(ledger, { saleId: sale.id, source, returning: chosen, nowMs });
}

function applySale(ledger: Ledger, command: Of<typeof schemas.saleCommand>): Applied {
  const { atMs: nowMs } = command;
  switch (command.command) {
    case 'settle-sale': {
      const claims = fullClaims(ledger.programmes, command.claims);
      if (!claims.ok) return claims;
      return settleSale(ledger, { ...command, claims: claims.value, nowMs });
    }
    case 'return-goods':
      return returnGoods(ledger, command);
    case 'claim-receipt':
      return claimReceipt(ledger, { ...command, saleId: command.sale, nowMs });
    case 'reverse-source':
      return plain(moves.reverseSource(ledger, command));
    default:
      return assertNever(command, 'applySale');
  }
}

function applyPoints(ledger: Ledger, of: Of<typeof schemas.pointsCommand>): Applied {
  switch (of.command) {
    case 'credit-points': {
      const { command: _, ...request } = of;
      return plain(moves.creditPoints(ledger, request));
    }
    case 'earn-points': {
      const { command: _, ...request } = of;
      return moves.earnPoints(ledger, request);
    }
    case 'redeem-points':
      return plain(moves.redeemPoints(ledger, of));
    case 'adjust-points':
      return plain(moves.adjustPoints(ledger, of));
    case 'set-balance':
      return plain(moves.setBalance(ledger, of));
    case 'take-back-points': {
      const programme = currentProgrammes(ledger).find(({ id }) => id === of.account.programme);
      const policy = of.policy ?? programme?.refund.alreadySpent ?? 'negative';
      return moves.takeBackPoints(ledger, { ...of, policy });
    }
    case 'transfer-points':
      return plain(transferPoints(ledger, of));
    default:
      return assertNever(of, 'applyPoints');
  }
}

const known = (ledger: Ledger, member: string, atMs: number): LedgerMember => {
  const ref = resolveMember(ledger, member);
  return ledger.members.get(ref) ?? newLedgerMember(ref, atMs);
};

function describe(ledger: Ledger, member: LedgerMember, change: Partial<LedgerMember>): Applied {
  const taken = change.identifiers?.find((identifier) => {
    const owner = memberByIdentifier(ledger, identifier);
    return owner !== null && owner !== member.ref;
  });
  if (taken !== undefined) return err({ code: 'identifier-taken', identifier: taken });
  return sure(withMember(ledger, { ...member, ...change }));
}

function holdTier(
  ledger: Ledger,
  command: Extract<Of<typeof schemas.memberCommand>, { command: 'hold-tier' }>,
): Applied {
  const { member, programme: id, tier, atMs, term } = command;
  const programme = currentProgrammes(ledger).find((of) => of.id === id);
  if (programme === undefined) return err({ code: 'unknown-programme', programme: id });
  if (tier !== null && !programme.tiers.some((of) => of.id === tier))
    return err({ code: 'unknown-tier', tier });
  const day = businessDay(atMs, ledger.settings);
  const held = { tier, ...(term ?? termOf(programme.tierSettings, day)) };
  const of = known(ledger, member, atMs);
  return sure(withMember(ledger, { ...of, tiers: { ...of.tiers, [id]: held } }));
}

function applyMember(ledger: Ledger, of: Of<typeof schemas.memberCommand>): Applied {
  const { atMs } = of;
  switch (of.command) {
    case 'enrol':
      return events.enrolMember(ledger, { ...of, ref: of.member, nowMs: atMs });
    case 'describe-member': {
      const { command: _, member, atMs: _atMs, ...change } = of;
      return describe(ledger, known(ledger, member, atMs), change);
    }
    case 'add-identifier': {
      const member = known(ledger, of.member, atMs);
      const identifiers = [...new Set([...member.identifiers, of.identifier])];
      return describe(ledger, member, { identifiers });
    }
    case 'merge-members':
      return plain(mergeMembers(ledger, of));
    case 'issue-card': {
      const { command: _, ...request } = of;
      return plain(issueCard(ledger, request));
    }
    case 'replace-card':
      return plain(replaceCard(ledger, of.code, of.by));
    case 'set-membership': {
      const member = known(ledger, of.member, atMs);
      const membershipUntilMs = { ...member.membershipUntilMs, [of.programme]: of.untilMs };
      return sure(withMember(ledger, { ...member, membershipUntilMs }));
    }
    case 'stop-renewal':
      return sure(stopRenewal(ledger, resolveMember(ledger, of.member), of.programme));
    case 'hold-tier':
      return holdTier(ledger, of);
    case 'review-tiers':
      return sure(
        of.counted === undefined
          ? reviewMember(ledger, resolveMember(ledger, of.member), atMs)
          : reviewCounted(ledger, resolveMember(ledger, of.member), of.counted, atMs),
      );
    default:
      return assertNever(of, 'applyMember');
  }
}

function applyTime(ledger: Ledger, of: Of<typeof schemas.timeCommand>): Applied {
  const { atMs } = of;
  switch (of.command) {
    case 'record-event': {
      const event = events.plainEvent('event', of.member, of.source, atMs, of.type);
      const { ledger: next, points: earned, reason } = events.recordEvent(ledger, event);
      return ok({ ledger: next, earned, reason });
    }
    case 'record-referral':
      return sure(events.recordReferral(ledger, of.member, of.moment, of.source, atMs));
    case 'close-window': {
      const programme = currentProgrammes(ledger).find(({ id }) => id === of.programme);
      if (programme === undefined)
        return err({ code: 'unknown-programme', programme: of.programme });
      return closeWindow(ledger, programme, resolveMember(ledger, of.member), atMs);
    }
    case 'run-night':
      return sure(runNight(ledger, atMs));
    case 'run-job':
      return sure(runJob(ledger, of.job, atMs));
    case 'run-yearly-review':
      return sure(runYearlyReview(ledger, atMs));
    default:
      return assertNever(of, 'applyTime');
  }
}

function dispatch(ledger: Ledger, of: schemas.LedgerCommand): Applied {
  switch (of.command) {
    case 'settle-sale':
    case 'return-goods':
    case 'claim-receipt':
    case 'reverse-source':
      return applySale(ledger, of);
    case 'credit-points':
    case 'earn-points':
    case 'redeem-points':
    case 'adjust-points':
    case 'set-balance':
    case 'take-back-points':
    case 'transfer-points':
      return applyPoints(ledger, of);
    case 'record-event':
    case 'record-referral':
    case 'close-window':
    case 'run-night':
    case 'run-job':
    case 'run-yearly-review':
      return applyTime(ledger, of);
    default:
      return applyMember(ledger, of);
  }
}

/** The ledger after a command, and what came of it. */
export interface CommandDone {
  readonly ledger: Ledger;
  readonly outcome: CommandOutcome;
}

/**
 * Does what a command asks, by the use case of that name; nothing is decided here.
 *
 * Applied again with the same source or id it changes nothing.
 */
export function applyCommand(
  ledger: Ledger,
  command: schemas.LedgerCommand,
): Result<CommandDone, CommandRefusal> {
  const done = dispatch(ledger, command);
  if (!done.ok) return done;
  const { ledger: next, ...answer } = done.value;
  return ok({ ledger: next, outcome: { ...answer, ...writtenSince(ledger, next) } });
}

/** What was written to a ledger since an earlier state of it. */
export function writtenSince(
  before: Ledger,
  after: Ledger,
): Pick<CommandOutcome, 'entries' | 'tierEvents' | 'vouchers'> {
  return {
    entries: after.entries.slice(before.entries.length),
    tierEvents: after.tierEvents.slice(before.tierEvents.length),
    vouchers: after.vouchers.slice(before.vouchers.length),
  };
}

/** Where a list of commands stopped: the place of the one refused, from 0, and why. */
export interface RefusedAt {
  readonly at: number;
  readonly refusal: CommandRefusal;
}

/** Applies commands in their order, all of them or, when one is refused, none. */
export function applyCommands(
  ledger: Ledger,
  commands: readonly schemas.LedgerCommand[],
): Result<Ledger, RefusedAt> {
  let next = ledger;
  for (const [at, command] of commands.entries()) {
    const done = applyCommand(next, command);
    if (!done.ok) return err({ at, refusal: done.error });
    next = done.value.ledger;
  }
  return ok(next);
}
