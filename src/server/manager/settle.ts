import type { SyncOutput } from '#contract/sync.ts';
import type { Message } from '#contract/till-state.ts';
import { leavesFollowUp, type LawfulWay, type SettlementWay } from '#journal/settlement.ts';
import { assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { applyFence } from '#server/commands/apply-fence.ts';
import type { Applied } from '#server/commands/command.ts';
import type { WritableDb } from '#server/database/database.ts';
import { touchMembers } from '#server/members/feed.ts';
import { mergeMembers } from '#server/members/merge.ts';
import { lockServerHead } from '#server/night/server-entry.ts';
import { keepMembersApart, lockForMerge } from '#server/posting/locks.ts';
import { rulesOf } from '#server/shop.ts';
import { approve, type PinProof } from './approval.ts';
import { readException, type KnownException } from './exceptions.ts';
import { addFollowUp } from './follow-ups.ts';
import { knownMembers } from './labels.ts';
import { decisionRun, postDecision } from './post.ts';

/** Somebody settles an exception. */
export interface SettleCommand {
  readonly kind: 'settle';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly by: string;
  readonly exception: string;
  readonly way: SettlementWay;
  /** The manager's PIN, hashed with the store's salt; null where none was typed. */
  readonly pinProof: PinProof;
  /** For `merge`: whose record the points belong to. */
  readonly into: string | null;
  /** Transaction of what it posts, and identity of what it leaves to do. */
  readonly tx: string;
}

type Settled = SyncOutput<'manager.settle'>;

/**
 * Settles an exception once, by a way that is lawful as things stand now.
 *
 * Everything it does (points by an `adjust` of terminal 0, a card blocked, a till given up) and the
 * note that it was settled are one transaction. A wrong PIN is counted and changes nothing else.
 */
export async function applySettle(
  db: WritableDb,
  command: SettleCommand,
): Promise<Applied<Settled>> {
  const { tenant, exception: id } = command;
  const head = await lockServerHead(db, tenant);
  if (command.way === 'merge') await lockForMerge(db, tenant);
  else await keepMembersApart(db, tenant);
  const known = await readLocked(db, tenant, id);
  if (known === null) return refused('no-such-exception');
  if (known.view.settled !== null) return refused('already-settled', { by: known.view.settled.by });
  const way = known.ways.find((candidate) => candidate.way === command.way);
  if (way === undefined) return refused('settlement-not-lawful');
  const approval = way.needsPin
    ? await approve(db, command, command.pinProof)
    : { outcome: ok(null), changed: false };
  if (!approval.outcome.ok) return { ...told(approval.outcome.error), changed: approval.changed };
  const approvedBy = approval.outcome.value;
  const decision = await decisionRun(db, command);
  const rules = rulesOf(command.store, decision.config);
  const done = await carryOut(db, { ...command, approvedBy }, known, rules);
  if (!done.ok) return { ...told(done.error), changed: approval.changed };
  const { member, programme } = known;
  const points = way.points;
  const on = points === 0 || member === null || programme === null ? null : { member, programme };
  await postDecision(
    db,
    decision,
    head,
    {
      kind: 'settlement',
      exception: id,
      way: way.way,
      points: on === null ? 0 : points,
      by: command.by,
      approvedBy,
    },
    on === null
      ? null
      : {
          member: on.member.member,
          programme: on.programme,
          points,
          source: `settle:${id}`,
          by: command.by,
        },
  );
  await note(db, command, { known, way, approvedBy, day: decision.run.day });
  const after = await readException(db, tenant, id);
  if (after === null) throw new Error('An exception is gone that was just settled');
  return { result: { outcome: 'answered', answer: after.view }, changed: true };
}

/** An exception as it stands until this transaction ends: no till is given meanwhile what would be taken. */
async function readLocked(
  db: WritableDb,
  tenant: string,
  id: string,
): Promise<KnownException | null> {
  const seen = await readException(db, tenant, id);
  if (seen === null || seen.member === null || seen.programme === null) return seen;
  await db.query(
    'select 1 from account where tenant = $1 and owner = $2 and programme = $3 for update',
    [tenant, seen.member.member, seen.programme],
  );
  return readException(db, tenant, id);
}

/** What a way does besides moving points. */
async function carryOut(
  db: WritableDb,
  command: SettleCommand & { readonly approvedBy: string | null },
  { view, member }: KnownException,
  shop: ReturnType<typeof rulesOf>,
): Promise<Result<null, Message>> {
  const { tenant, way, into, by, approvedBy, nowMs } = command;
  switch (way) {
    case 'accept':
    case 'contact':
    case 'check-till':
    case 'give':
    case 'write-off':
    case 'take':
      return ok(null);
    case 'block':
    case 'unblock':
      if (member === null) return err({ code: 'member-not-found', params: {} });
      await setStatus(db, tenant, member.member, way === 'block' ? 'blocked' : 'active');
      return ok(null);
    case 'merge': {
      const named = into ?? view.other?.member ?? null;
      const target =
        named === null ? undefined : (await knownMembers(db, tenant, [named])).get(named);
      if (member === null || target === undefined || target.status !== 'active')
        return err({ code: 'member-not-found', params: {} });
      if (target.member === member.member) return err({ code: 'merge-same-member', params: {} });
      await mergeMembers(db, tenant, member.member, target.member, shop);
      return ok(null);
    }
    case 'fence': {
      const { day } = (await decisionRun(db, command)).run;
      const { till } = view;
      const people = [by, approvedBy ?? by] as const;
      const fenced = await applyFence(db, { kind: 'fence', nowMs, tenant, till, day, by: people });
      return fenced.result.ok ? ok(null) : err({ ...fenced.result.error, params: {} });
    }
    default:
      return assertNever(way, 'settlement way');
  }
}

/** Blocks a member or lets it be served again. */
async function setStatus(
  db: WritableDb,
  tenant: string,
  member: string,
  status: 'active' | 'blocked',
): Promise<void> {
  await db.execute(
    `update member set status = $3, changes = changes + 1
     where tenant = $1 and member = $2 and status in ('active', 'blocked') and status <> $3`,
    [tenant, member, status],
  );
  await touchMembers(db, tenant, [member]);
}

interface Settlement {
  readonly known: KnownException;
  readonly way: LawfulWay;
  readonly approvedBy: string | null;
  readonly day: string;
}

async function note(
  db: WritableDb,
  command: SettleCommand,
  { known, way, approvedBy, day }: Settlement,
): Promise<void> {
  const { tenant, exception, by, tx, nowMs } = command;
  await db.execute(
    `insert into exception_settlement
       (tenant, exception, way, points, member, programme, by_cashier, approved_by, tx, day, at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date, $11)`,
    [
      tenant,
      exception,
      way.way,
      way.points,
      known.member?.member ?? null,
      known.programme,
      by,
      approvedBy,
      tx,
      day,
      nowMs,
    ],
  );
  if (!leavesFollowUp(way.way)) return;
  const member = way.way === 'contact' ? (known.member?.member ?? null) : null;
  const till = way.way === 'check-till' ? known.view.till : null;
  await addFollowUp(db, { tenant, id: tx, member, till, exception, words: '', by, atMs: nowMs });
}

function told(refusal: Message): { readonly result: Settled } {
  return { result: { outcome: 'refused', refusal } };
}

function refused(code: string, params: Message['params'] = {}): Applied<Settled> {
  return { ...told({ code, params }), changed: false };
}
