import { riskFor, riskLeft, type RiskCaps } from '#journal/risk.ts';
import type { Core } from './core.ts';
import type { HeldGrant } from './database.ts';
import { heldGrantFor } from './grants.ts';
import type { ShownBalance } from './standing.ts';

/** A member's points that somebody wants to spend while the server is away. */
interface OfflineWish {
  readonly member: string;
  readonly programme: string;
  readonly points: number;
}

/** What the shop is ready to lose on a programme; null where it takes no risk. */
function capsOf(core: Core, programme: string): RiskCaps | null {
  return core.config.offlineRisk?.find((caps) => caps.programme === programme) ?? null;
}

/** Points of a member that this till spent and the server has not heard of. */
function unheardOf(core: Core, member: string, programme: string): number {
  const here = core.ports.database.read
    .localMovements(member)
    .find((movement) => movement.programme === programme);
  return -(here?.taken ?? 0);
}

/** A grant that is here and pays for a reward without the server: the member's own, else the shop's risk. */
export function grantHere(core: Core, wish: OfflineWish): HeldGrant | null {
  return heldGrantFor(core, wish) ?? riskGrantFor(core, wish);
}

/** For the member on the sale only, while the server is away, and within the caps: a code is nobody's word. */
function riskGrantFor(core: Core, { member, programme, points }: OfflineWish): HeldGrant | null {
  const caps = capsOf(core, programme);
  const { read } = core.ports.database;
  if (caps === null || core.link.online || read.syncState().stopped !== null) return null;
  if (core.counter.session.member?.member !== member) return null;
  const wish = { programme, points, unheard: unheardOf(core, member, programme) };
  return riskFor(read.openGrants(), wish, caps);
}

/**
 * What a member may spend here at the shop's risk while the server is away: no more than they had when
 * it was last heard of.
 */
export function riskHere(core: Core, member: string, balance: ShownBalance): number {
  const { programme, available, posted } = balance;
  const caps = capsOf(core, programme);
  const { read } = core.ports.database;
  if (caps === null || core.link.online || read.syncState().stopped !== null) return 0;
  const wish = { programme, unheard: unheardOf(core, member, programme) };
  const known = Math.max(0, Math.min(available, posted));
  return Math.min(known, riskLeft(read.openGrants(), wish, caps));
}

/** A risk grant this till should have and has not; null where there is none to ask for. */
export function missingRisk(core: Core): { programme: string; points: number } | null {
  const open = core.ports.database.read.openGrants().filter(({ purpose }) => purpose === 'risk');
  const missing = core.config.offlineRisk?.find(
    (caps) => !open.some(({ programme }) => programme === caps.programme),
  );
  return missing === undefined
    ? null
    : { programme: missing.programme, points: missing.perTillDay };
}
