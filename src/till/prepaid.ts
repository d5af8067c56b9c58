import type { SyncOutput } from '#contract/sync.ts';
import type { Message } from '#contract/till-state.ts';
import { acceptGrant } from '#journal/held-grant.ts';
import type { Refund } from '#loyalty/refund.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import type { HeldGrant, TillWrites } from './database.ts';
import { closeHeld, writeStep } from './grants.ts';
import { PREPAID, rulesPaidIn } from './paid-in.ts';
import { askForGrant, GRANT_TIMEOUT_MS, newQuestion } from './reservations.ts';
import type { Returning, SoldSale } from './return-in-progress.ts';
import { voucherHolder } from './sale-entries.ts';
import { refusal } from './session.ts';
import { programmesOf } from './sold-sale.ts';

/** Money that a return takes off an account again, in the programme's units. */
interface Taken {
  readonly holder: string;
  readonly programme: string;
  readonly points: number;
}

/** What is held for a return; `end` whatever becomes of it. */
export interface PrepaidHold {
  /** False where some of it had to be given back meanwhile. */
  isWhole(): boolean;
  /** Inside the return's transaction, before what it takes: that is held no longer. */
  close(writes: TillWrites): void;
  /** Once it is written, or will not be: nothing keeps what is left any more. */
  end(): void;
}

/**
 * Has the server set aside what a return takes back of gift cards and top-ups, so that nobody spends it
 * between now and the return. Refused where some of it was spent or is on hold elsewhere, and where the
 * server cannot be asked. Nothing is asked where no such money comes back.
 */
export async function holdPrepaid(
  core: Core,
  { returnId, sale }: Returning,
  refund: Refund,
): Promise<Result<PrepaidHold, Message>> {
  const held: HeldGrant[] = [];
  const hold: PrepaidHold = {
    isWhole: () =>
      held.every(
        ({ request }) => core.ports.database.read.grantByRequest(request)?.state === 'accepted',
      ),
    close(writes) {
      for (const { request } of held) {
        const grant = writes.grantByRequest(request);
        if (grant !== null) closeHeld(core, writes, grant, 'spent');
      }
    },
    end() {
      for (const { request } of held) core.counter.asking.delete(request);
      // What no return has closed is held for nothing: the next contact gives it back.
      core.wakeSync();
    },
  };
  const taken = takenBack(core, sale, refund);
  if (!taken.ok) return taken;
  if (taken.value.length > 0 && !core.link.online) return err(refusal('return-prepaid-offline'));
  for (const one of taken.value) {
    const got = await take(core, returnId, one);
    if (!got.ok) {
      hold.end();
      return got;
    }
    held.push(got.value);
  }
  return ok(hold);
}

/** What the return takes off which accounts; refused where less is there than was paid in. */
function takenBack(core: Core, sale: SoldSale, refund: Refund): Result<readonly Taken[], Message> {
  const returned = new Set(refund.lines.map(({ line }) => line));
  const comesBack = sale.snapshot.lines.some(
    ({ id, kind }) => PREPAID.has(kind) && returned.has(id),
  );
  if (!comesBack) return ok([]);
  const rules = paidInRules(core, sale);
  const taken: Taken[] = [];
  for (const { programme, points, owed } of refund.reversals) {
    if (!rules.has(programme) || owed <= 0 || sale.member === null) continue;
    if (points < owed) return err(used(points));
    taken.push({ holder: sale.member, programme, points });
  }
  for (const { voucher, programme, rule, opens, points } of refund.vouchers) {
    if (points <= 0 || rules.get(programme)?.has(rule) !== true) continue;
    taken.push({ holder: voucherHolder(sale.tx, voucher), programme: opens, points });
  }
  return ok(taken);
}

/** The rules of a sale's programmes that hand out what was paid in ahead, by programme. */
function paidInRules(core: Core, { snapshot }: SoldSale): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const programme of programmesOf(core, snapshot)) {
    const own = rulesPaidIn(programme, PREPAID);
    if (own.length > 0) found.set(programme.id, new Set(own.map((rule) => rule.id)));
  }
  return found;
}

async function take(
  core: Core,
  returnId: string,
  { holder: member, programme, points }: Taken,
): Promise<Result<HeldGrant, Message>> {
  const { ports, counter } = core;
  const asked: HeldGrant = {
    ...newQuestion(core, { member, programme, points }),
    purpose: 'sale',
    sale: returnId,
    reward: 'return',
  };
  const noted = commit(core, (writes) => writes.saveGrant(asked));
  if (!noted.ok) return noted;
  // As long as it is in here, nobody takes it for forgotten.
  counter.asking.add(asked.request);
  const answer = await askForGrant(core, asked, ports.clock.monoMs() + GRANT_TIMEOUT_MS);
  const got = !answer.ok
    ? err(refusal('return-prepaid-offline'))
    : answer.value.outcome === 'refused'
      ? err(wordOf(answer.value))
      : accept(core, asked, answer.value);
  if (got.ok) return got;
  counter.asking.delete(asked.request);
  commit(core, (writes) => {
    const known = writes.grantByRequest(asked.request);
    if (known?.state === 'asked') writes.saveGrant({ ...known, state: 'refused' });
  });
  // No answer is not a no: it may be set aside there.
  if (!answer.ok) core.greetAgain();
  return got;
}

function accept(
  core: Core,
  asked: HeldGrant,
  { grant, balance }: Extract<SyncOutput<'grant'>, { outcome: 'granted' }>,
): Result<HeldGrant, Message> {
  const { read } = core.ports.database;
  // A restore of the server takes questions back, too.
  const known = read.grantByRequest(asked.request) ?? asked;
  const never = read.isNeverAccepted(grant.grant);
  const { accepted, step } = acceptGrant(known, grant, { wanted: true, never });
  const written = commit(core, (writes) => {
    writeStep(core, writes, step);
    if (balance !== null) writes.saveBalance(balance);
  });
  if (!written.ok) return written;
  return accepted === null ? err(refusal('return-prepaid-offline')) : ok(accepted);
}

function wordOf({
  code,
  available,
}: Extract<SyncOutput<'grant'>, { outcome: 'refused' }>): Message {
  if (code === 'blocked') return refusal('code-blocked');
  // What others hold is not there; all else says no more than silence.
  return code === 'not-enough' || code === 'recalled'
    ? used(available)
    : refusal('return-prepaid-offline');
}

function used(leftMinor: number): Message {
  return refusal('return-prepaid-used', { leftMinor: Math.max(0, leftMinor) });
}
