import type { EntryBody } from './entry.ts';

/**
 * What a grant is for: `sale` pays one reward of the sale that is open, exactly; `held` is kept by
 * the till so that its member can spend here while the server is away; `risk` lets any member spend
 * here then, at the shop's own risk and within its caps.
 */
export type GrantPurpose = 'sale' | 'held' | 'risk';

/** A grant as its till keeps it, from the question to the end. Points in the smallest unit. */
export interface TillGrant {
  /** The question, on disk before it left. */
  readonly request: string;
  /** Null until the server answered. */
  readonly grant: string | null;
  readonly purpose: GrantPurpose;
  readonly member: string;
  readonly programme: string;
  readonly amount: number;
  /** What sales took from it. 0 ≤ spent ≤ amount. */
  readonly spent: number;
  readonly state: 'asked' | 'accepted' | 'spent' | 'closed' | 'refused';
  /** What is left of its lease, counted by this till's monotonic clock while the till runs. */
  readonly leaseLeftMs: number;
}

/** A grant as the server's list or answer names it. */
export interface ServerGrant {
  readonly grant: string;
  readonly requestId: string;
  readonly purpose: GrantPurpose;
  readonly member: string;
  readonly programme: string;
  readonly amount: number;
  readonly leaseMs: number;
}

export type CloseReason = Extract<EntryBody, { kind: 'grant-close' }>['reason'];

/** What a step changes at the till: all of it in one durable transaction, or nothing. */
export interface GrantStep<Held extends TillGrant> {
  /** To be journalled, in order. */
  readonly bodies: readonly EntryBody[];
  readonly grants: readonly Held[];
  /** Grants to be ignored for good. */
  readonly never: readonly string[];
}

/** A step that changes nothing. */
export const NO_STEP: GrantStep<never> = { bodies: [], grants: [], never: [] };

/** What is still in a grant. */
export function leftOf(held: TillGrant): number {
  return held.state === 'accepted' ? held.amount - held.spent : 0;
}

/** Several steps as one. */
export function joinSteps<Held extends TillGrant>(
  all: readonly GrantStep<Held>[],
): GrantStep<Held> {
  const steps = all.filter((step) => step !== NO_STEP);
  if (steps.length <= 1) return steps[0] ?? NO_STEP;
  return {
    bodies: steps.flatMap(({ bodies }) => bodies),
    grants: steps.flatMap(({ grants }) => grants),
    never: steps.flatMap(({ never }) => never),
  };
}

/** Gives back what is left of a grant. Nothing where it is not open: a grant is closed once. */
export function closeGrant<Held extends TillGrant>(
  held: Held,
  reason: CloseReason,
): GrantStep<Held> {
  if (held.state !== 'accepted' || held.grant === null) return NO_STEP;
  return {
    bodies: [{ kind: 'grant-close', grant: held.grant, reason }],
    grants: [{ ...held, state: 'closed' }],
    never: [],
  };
}

/** Closes a grant that this till never accepted, and ignores it from then on. */
export function closeNeverAccepted(grant: string): GrantStep<never> {
  return {
    bodies: [{ kind: 'grant-close', grant, reason: 'never-accepted' }],
    grants: [],
    never: [grant],
  };
}

/** What is known when an answer to a question arrives. */
export interface GrantAnswer {
  /** Somebody still waits for it. */
  readonly wanted: boolean;
  /** It was closed here without having been accepted. */
  readonly never: boolean;
}

/**
 * Takes the server's grant for a question: accepts it in the journal, or closes it there.
 *
 * Null where it was accepted nowhere. A grant of other points than were asked for is closed too; one
 * to be held may be smaller than the wish.
 */
export function acceptGrant<Held extends TillGrant>(
  asked: Held,
  grant: ServerGrant,
  { wanted, never }: GrantAnswer,
): { readonly accepted: Held | null; readonly step: GrantStep<Held> } {
  const fits =
    asked.purpose === 'sale' ? grant.amount === asked.amount : grant.amount <= asked.amount;
  const ours =
    asked.state === 'asked' &&
    grant.requestId === asked.request &&
    grant.purpose === asked.purpose &&
    grant.member === asked.member &&
    grant.programme === asked.programme &&
    fits;
  if (!ours || !wanted || never) {
    const given = { ...asked, state: 'refused' } as const;
    const close = never ? NO_STEP : closeNeverAccepted(grant.grant);
    return { accepted: null, step: { ...close, grants: [given] } };
  }
  const accepted = {
    ...asked,
    grant: grant.grant,
    amount: grant.amount,
    state: 'accepted',
    leaseLeftMs: grant.leaseMs,
  } as const;
  const body: EntryBody = {
    kind: 'grant-accept',
    grant: grant.grant,
    ...(asked.purpose === 'sale' ? {} : { purpose: asked.purpose }),
    member: asked.member,
    programme: asked.programme,
    amount: grant.amount,
  };
  return { accepted, step: { bodies: [body], grants: [accepted], never: [] } };
}

/** What a till knows of the grants the server lists. */
export interface GrantBook<Held extends TillGrant> {
  byRequest(request: string): Held | null;
  byGrant(grant: string): Held | null;
  isNever(grant: string): boolean;
  /** The answer to this question may still come, and somebody waits for it. */
  isOutstanding(held: Held): boolean;
}

/**
 * The rule of each acknowledgement: what the server counts as open here and this till never accepted
 * is closed, unless the answer to its question is still on the way.
 *
 * Without it a lost answer and a crash would hold points for ever. A grant this till has closed or
 * spent in entries the server has not read yet is left alone.
 */
export function reconcile<Held extends TillGrant>(
  open: readonly ServerGrant[],
  book: GrantBook<Held>,
): GrantStep<Held> {
  return joinSteps(
    open.map(({ grant, requestId }): GrantStep<Held> => {
      if (book.byGrant(grant) !== null || book.isNever(grant)) return NO_STEP;
      const asked = book.byRequest(requestId);
      const waits = asked?.state === 'asked';
      if (waits && book.isOutstanding(asked)) return NO_STEP;
      const close = closeNeverAccepted(grant);
      return waits ? { ...close, grants: [{ ...asked, state: 'refused' }] } : close;
    }),
  );
}

/** Whether the server's count and hash of open grants are what this till holds. */
export function sameGrants(
  open: readonly TillGrant[],
  theirs: { readonly count: number; readonly hash: string },
  sha256Hex: (text: string) => string,
): boolean {
  const mine = open
    .flatMap(({ state, grant }) => (state === 'accepted' && grant !== null ? [grant] : []))
    .toSorted();
  return theirs.count === mine.length && theirs.hash === sha256Hex(mine.join('\n'));
}

/** Which questions or grants the open sale uses. */
export type InUse = (held: TillGrant) => boolean;

/**
 * After a start: a grant of a sale that is no longer there is closed, questions that were never
 * answered count as never accepted. Held grants stay: they are what the till can spend offline.
 */
export function afterStart<Held extends TillGrant>(
  open: readonly Held[],
  inUse: InUse,
): GrantStep<Held> {
  return joinSteps(
    open.map((held): GrantStep<Held> => {
      if (held.state === 'asked') return refuse(held);
      return held.purpose !== 'sale' || inUse(held) ? NO_STEP : closeGrant(held, 'restart');
    }),
  );
}

/** A question that nobody waits for any more. What the server may have set aside, `reconcile` closes. */
export function refuse<Held extends TillGrant>(held: Held): GrantStep<Held> {
  return { bodies: [], grants: [{ ...held, state: 'refused' }], never: [] };
}

/**
 * Lets time pass: leases grow shorter, and a grant whose lease is over is closed by its till.
 *
 * `elapsedMs` is monotonic. Nobody else ever takes a grant back by time: a till that is away may
 * have spent it. One that the open sale uses waits for the sale's end.
 */
export function passTime<Held extends TillGrant>(
  open: readonly Held[],
  elapsedMs: number,
  inUse: InUse,
): GrantStep<Held> {
  return joinSteps(
    open.map((held): GrantStep<Held> => {
      if (held.state !== 'accepted') return NO_STEP;
      const aged = { ...held, leaseLeftMs: Math.max(0, held.leaseLeftMs - elapsedMs) };
      return aged.leaseLeftMs > 0 || inUse(held)
        ? { bodies: [], grants: [aged], never: [] }
        : closeGrant(aged, 'lease-over');
    }),
  );
}

/**
 * Gives back what the server asks back, because somebody elsewhere wants to spend it.
 *
 * Only what is held for later: points of the open sale are being spent. The server asks again with
 * each acknowledgement, so that the sale's end is soon enough.
 */
export function obeyRecall<Held extends TillGrant>(
  open: readonly Held[],
  recalled: readonly string[],
  inUse: InUse,
): GrantStep<Held> {
  const wanted = new Set(recalled);
  return joinSteps(
    open.map((held) =>
      held.purpose === 'held' && held.grant !== null && wanted.has(held.grant) && !inUse(held)
        ? closeGrant(held, 'revoked')
        : NO_STEP,
    ),
  );
}

/** The smallest held grant that covers a cost; null where none does. */
export function heldFor<Held extends TillGrant>(
  open: readonly Held[],
  wish: { readonly member: string; readonly programme: string; readonly points: number },
): Held | null {
  const fits = open.filter(
    (held) =>
      held.purpose === 'held' &&
      held.member === wish.member &&
      held.programme === wish.programme &&
      leftOf(held) >= wish.points,
  );
  return fits.toSorted((a, b) => leftOf(a) - leftOf(b))[0] ?? null;
}

/**
 * What a sale's end does to a grant it used: a `sale` grant is over, what it did not need goes back;
 * a held one stays until nothing is left in it.
 */
export function spend<Held extends TillGrant>(held: Held, points: number): GrantStep<Held> {
  const spent = held.spent + points;
  const after = { ...held, spent };
  if (held.purpose !== 'sale' && spent < held.amount) {
    return { bodies: [], grants: [after], never: [] };
  }
  const closed = closeGrant(after, 'spent');
  return {
    ...closed,
    grants: closed.grants.map((grant) => ({ ...grant, state: 'spent' as const })),
  };
}
