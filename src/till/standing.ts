import { leftOf } from '#journal/held-grant.ts';
import type { CachedMember, SyncState } from './database.ts';
import { programmeOf, wallMs, type Core } from './core.ts';
import type { EntryBody } from '#journal/entry.ts';
import { freshMember, type Member, type MemberStanding } from '#loyalty/member.ts';
import { heldHere } from './grants.ts';
import { movementOf } from './journal-writer.ts';
import { standingKnown, type MemberKnown } from './member-facts.ts';
import { riskHere } from './risk.ts';
import type { Session } from './session.ts';

/** A member's points in one programme as the counter shows them. */
export interface ShownBalance {
  readonly programme: string;
  /** The server's, less what was taken here since. */
  readonly posted: number;
  /** Earned and not yet counted: by the programme's own delay, or because the server has not heard of it. */
  readonly pending: number;
  /** What can be spent here now: what the server would set aside, and what this till holds already. */
  readonly available: number;
  /** Of that, what needs no server. */
  readonly held: number;
  /** Posted and pending together, as the receipt prints it. */
  readonly total: number;
  readonly version: number;
}

/** Balances of every programme the member has anything in, or the shop runs for members. */
export function shownBalances(core: Core, member: CachedMember): readonly ShownBalance[] {
  const local = core.ports.database.read.localMovements(member.member);
  const programmes = new Set([
    ...core.config.programmes.filter(({ holder }) => holder === 'member').map(({ id }) => id),
    ...member.balances.map(({ programme }) => programme),
    ...local.map(({ programme }) => programme),
  ]);
  const heldOf = heldHere(core, member.member);
  return [...programmes].map((programme) => {
    const server = member.balances.find((balance) => balance.programme === programme);
    const here = local.find((movement) => movement.programme === programme);
    const posted = (server?.posted ?? 0) + (here?.taken ?? 0);
    const pending = (server?.pending ?? 0) + (here?.added ?? 0);
    const held = heldOf.get(programme) ?? 0;
    return {
      programme,
      posted,
      pending,
      available: Math.max(0, server?.available ?? 0) + held,
      held,
      total: posted + pending,
      version: server?.version ?? 0,
    };
  });
}

/** The main programme, then those the member has anything in: of hundreds the counter shows a few. */
export function tellingFirst(balances: readonly ShownBalance[]): readonly ShownBalance[] {
  const [main, ...others] = balances;
  if (main === undefined) return balances;
  const isTelling = ({ posted, pending }: ShownBalance): boolean => posted !== 0 || pending !== 0;
  return [main, ...others.toSorted((a, b) => Number(isTelling(b)) - Number(isTelling(a)))];
}

/** Balances as they are once these entries are booked. */
export function withBooked(
  balances: readonly ShownBalance[],
  bodies: readonly EntryBody[],
): readonly ShownBalance[] {
  const moves = bodies.flatMap((body) => movementOf(body) ?? []);
  return balances.map((balance) => {
    const own = moves.filter(({ programme }) => programme === balance.programme);
    const added = own.reduce((sum, { points }) => sum + Math.max(points, 0), 0);
    const taken = own.reduce((sum, { points }) => sum + Math.min(points, 0), 0);
    const posted = balance.posted + taken;
    const pending = balance.pending + added;
    return { ...balance, posted, pending, total: posted + pending };
  });
}

/** When the balances on screen were last known to be right; null = as of now. */
export function balancesAsOf(core: Core, sync: SyncState): number | null {
  return core.link.online ? null : (sync.pulledAtMs ?? sync.contactAtMs ?? wallMs(core));
}

/**
 * What a member can spend here while the server answers: other tills hold some of it for later, and are
 * asked to give that back. What is being spent elsewhere is not told apart: the server refuses it.
 */
function reachable(core: Core, member: string, balance: ShownBalance): number {
  const { programme, posted, available } = balance;
  if (posted <= available) return available;
  const onSale = core.ports.database.read
    .openGrantsOf(member)
    .filter((held) => held.programme === programme && held.purpose === 'sale')
    .reduce((sum, held) => sum + leftOf(held), 0);
  return Math.max(available, posted - onSale);
}

/** What one reward may take from a member at this till now; offline what is held, or risked. */
export function spendableHere(core: Core, member: string, balance: ShownBalance): number {
  return core.link.online
    ? reachable(core, member, balance)
    : Math.max(balance.held, riskHere(core, member, balance));
}

/** The member of a sale as the engine needs it: points on hold for this sale count as spendable. */
export function engineMember(core: Core, open: Session, known: MemberKnown | null): Member | null {
  if (open.member === null) return null;
  const fresh = freshMember(open.member.member, open.member.proof);
  if (known === null) return fresh;
  const { cached } = known;
  const standings: Record<string, MemberStanding> = {};
  for (const balance of shownBalances(core, cached)) {
    const programme = programmeOf(core, balance.programme);
    if (programme === undefined) continue;
    const held = open.rewards.reduce(
      (sum, { programme: of, points, hold }) =>
        of === balance.programme && hold !== null ? sum + points : sum,
      0,
    );
    const standing = standingKnown(core, known, programme);
    const spendable = spendableHere(core, cached.member, balance);
    standings[balance.programme] = {
      ...standing,
      measures: { ...standing.measures, balance: balance.total },
      available: Math.max(balance.available, spendable) + held,
      pending: balance.pending,
      spendableHere: spendable + held,
    };
  }
  const { birthday, enrolledOn, segments } = cached;
  return { ...fresh, birthday, enrolledOn, segments, standings };
}
