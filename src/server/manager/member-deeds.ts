import type { AdjustReason } from '#contract/manager-members.ts';
import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Applied } from '#server/commands/command.ts';
import type { WritableDb } from '#server/database/database.ts';
import { mergeMembers } from '#server/members/merge.ts';
import { lockServerHead } from '#server/night/server-entry.ts';
import { lockAccounts } from '#server/posting/accounts.ts';
import { keepMembersApart, lockForMerge } from '#server/posting/locks.ts';
import { rulesOf } from '#server/shop.ts';
import { accountKey } from '#journal/posting-rows.ts';
import { approve, type PinProof } from './approval.ts';
import { knownMembers } from './labels.ts';
import { decisionRun, postDecision } from './post.ts';

interface Decision {
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly by: string;
  readonly pinProof: PinProof;
  /** Transaction of what it posts. */
  readonly tx: string;
}

/** A manager gives or takes points by hand. */
export interface AdjustCommand extends Decision {
  readonly kind: 'adjust';
  readonly member: string;
  readonly programme: string;
  readonly points: number;
  readonly reason: AdjustReason;
}

/** A manager joins two records of one person. */
export interface MergeCommand extends Decision {
  readonly kind: 'merge';
  readonly from: string;
  readonly into: string;
}

/** The member it was done to, or why it was not done. */
export type DeedOutcome = Result<{ readonly member: string }, Message>;

/**
 * Gives or takes points once per `tx`, with a manager's PIN and a reason that is a code.
 *
 * What is taken must be there and not be promised to a till: no correction makes a debt.
 */
export async function applyAdjust(
  db: WritableDb,
  command: AdjustCommand,
): Promise<Applied<DeedOutcome>> {
  const { tenant, programme, points, reason, by, tx } = command;
  const head = await lockServerHead(db, tenant);
  await keepMembersApart(db, tenant);
  const known = (await knownMembers(db, tenant, [command.member])).get(command.member);
  if (known === undefined || known.status === 'erased') return refuse('member-not-found');
  const { member } = known;
  const source = `adjust:${tx}`;
  if (await isBooked(db, tenant, { member, programme, source })) {
    return { result: ok({ member }), changed: false };
  }
  if (points === 0) return refuse('nothing-to-adjust');
  const decision = await decisionRun(db, command);
  if (!decision.config.programmes.some(({ id }) => id === programme)) {
    return refuse('nothing-to-adjust');
  }
  const key = accountKey(member, programme);
  const accounts = await lockAccounts(db, tenant, new Map([[key, { owner: member, programme }]]));
  const account = accounts.get(key);
  const available = Math.max(0, (account?.posted ?? 0) - (account?.granted ?? 0));
  if (points < 0 && -points > available) return refuse('not-enough-points', { available });
  const approval = await approve(db, command, command.pinProof);
  if (!approval.outcome.ok) return { result: approval.outcome, changed: approval.changed };
  const approvedBy = approval.outcome.value;
  await postDecision(
    db,
    decision,
    head,
    { kind: 'adjustment', member, programme, points, reason, by, approvedBy },
    { member, programme, points, source, by },
  );
  return { result: ok({ member }), changed: true };
}

async function isBooked(
  db: WritableDb,
  tenant: string,
  { member, programme, source }: { member: string; programme: string; source: string },
): Promise<boolean> {
  const rows = await db.query(
    `select 1 from ledger where tenant = $1 and member = $2 and programme = $3
       and type = 'adjust' and source = $4`,
    [tenant, member, programme, source],
  );
  return rows.length > 0;
}

/** Joins two records, with a manager's PIN; both cards work from then on. */
export async function applyMerge(
  db: WritableDb,
  command: MergeCommand,
): Promise<Applied<DeedOutcome>> {
  const { tenant, by } = command;
  const head = await lockServerHead(db, tenant);
  await lockForMerge(db, tenant);
  const known = await knownMembers(db, tenant, [command.from, command.into]);
  const from = known.get(command.from);
  const into = known.get(command.into);
  if (from === undefined || into === undefined) return refuse('member-not-found');
  if (from.status === 'erased' || into.status !== 'active') return refuse('member-not-found');
  if (from.member === into.member) return refuse('merge-same-member');
  const approval = await approve(db, command, command.pinProof);
  if (!approval.outcome.ok) return { result: approval.outcome, changed: approval.changed };
  const decision = await decisionRun(db, command);
  const shop = rulesOf(command.store, decision.config);
  await mergeMembers(db, tenant, from.member, into.member, shop);
  const approvedBy = approval.outcome.value;
  const body = { from: from.member, into: into.member, by, approvedBy };
  await postDecision(db, decision, head, { kind: 'merge', ...body }, null);
  return { result: ok({ member: into.member }), changed: true };
}

function refuse(code: string, params: Message['params'] = {}): Applied<DeedOutcome> {
  return { result: err({ code, params }), changed: false };
}
