import { businessDay, endOfLocalDay } from './business-day.ts';
import { addSpan } from './expiry.ts';
import { accountKey, type AccountRef, type LedgerEntry } from './entry.ts';
import {
  append,
  currentProgrammes,
  entriesOf,
  type Ledger,
  type LedgerVoucher,
  type NewEntry,
  spendable,
  stateOf,
} from './ledger.ts';
import { recordBirthdays } from './ledger-events.ts';
import { reviewMember } from './ledger-tiers.ts';
import { type Lot, replay } from './lots.ts';
import type { Programme } from './programme.ts';
import { assertNever } from './result.ts';
import type { ExpirySettings, AutoRedeemSettings } from './settings.ts';

/** The jobs of a night, in the only order they run. */
export const nightJobs = [
  'activate-pending',
  'auto-redeem',
  'review-tiers-earned',
  'expire-points',
  'review-tiers-balance',
] as const;

/** One job of a night. */
export type NightJob = (typeof nightJobs)[number];

function accountsOf(ledger: Ledger, programme: Programme): AccountRef[] {
  const accounts = new Map<string, AccountRef>();
  for (const { account } of ledger.entries) {
    if (account.programme === programme.id && account.purpose === 'spendable') {
      accounts.set(accountKey(account), account);
    }
  }
  return [...accounts.values()];
}

function write(ledger: Ledger, entries: readonly NewEntry[]): Ledger {
  const written = append(ledger, entries);
  return written.ok ? written.value : ledger;
}

/** Takes what is open in a lot, with the end it had; a lot may be closed again after more came back. */
function closing(
  entries: readonly LedgerEntry[],
  account: AccountRef,
  lot: Lot,
  { atMs, endMs }: { readonly atMs: number; readonly endMs: number },
): NewEntry {
  const closedBefore = entries.filter(
    ({ type, lotId }) => type === 'expire' && lotId === lot.id,
  ).length;
  return {
    account,
    type: 'expire',
    amount: -lot.open,
    source: `${lot.id}:${closedBefore}`,
    sourceType: 'expiry',
    lotId: lot.id,
    atMs,
    effectiveAtMs: endMs,
  };
}

/** Closes the lots that have ended; the rows take effect at the end itself, whenever this runs. */
function expireLots(ledger: Ledger, account: AccountRef, nowMs: number): NewEntry[] {
  const entries = entriesOf(ledger, account);
  return replay(entries, nowMs).lots.flatMap((lot): NewEntry[] => {
    if (lot.expiresAtMs === null || lot.expiresAtMs > nowMs) return [];
    return [closing(entries, account, lot, { atMs: nowMs, endMs: lot.expiresAtMs })];
  });
}

/** When an idle account ends: so long after the last activity, with the end of that day. */
function idleEndMs(
  ledger: Ledger,
  account: AccountRef,
  settings: Extract<ExpirySettings, { kind: 'inactivity' }>,
  nowMs: number,
): number | null {
  const activity = entriesOf(ledger, account).filter(
    (entry) =>
      entry.effectiveAtMs <= nowMs && settings.activity.some((kind) => kind === entry.type),
  );
  if (activity.length === 0) return null;
  const last = Math.max(...activity.map(({ effectiveAtMs }) => effectiveAtMs));
  const day = addSpan(businessDay(last, ledger.settings), settings.span);
  return endOfLocalDay(day, ledger.settings.timeZone);
}

function expireIdle(
  ledger: Ledger,
  account: AccountRef,
  programme: Programme,
  nowMs: number,
): NewEntry[] {
  if (programme.expiry.kind !== 'inactivity') return [];
  const endMs = idleEndMs(ledger, account, programme.expiry, nowMs);
  if (endMs === null || endMs > nowMs) return [];
  const entries = entriesOf(ledger, account);
  const { lots } = replay(entries, nowMs);
  return lots.map((lot) => closing(entries, account, lot, { atMs: nowMs, endMs }));
}

/** Writes the expiry rows that are due; a second run finds nothing. */
export function expireDue(ledger: Ledger, nowMs: number): Ledger {
  let next = ledger;
  for (const programme of currentProgrammes(ledger)) {
    for (const account of accountsOf(ledger, programme)) {
      next = write(next, expireLots(next, account, nowMs));
      next = write(next, expireIdle(next, account, programme, nowMs));
    }
  }
  return next;
}

function autoRedeemOne(
  ledger: Ledger,
  account: AccountRef,
  settings: AutoRedeemSettings,
  nowMs: number,
): Ledger {
  const times = Math.floor(stateOf(ledger, account, nowMs).available / settings.atPoints);
  if (times === 0) return ledger;
  const before = entriesOf(ledger, account).filter(({ type }) => type === 'redeem').length;
  const source = `auto-${settings.reward}-${before}`;
  const holder = `v-${source}-${account.holder}`;
  const voucher: LedgerVoucher = {
    code: holder,
    programme: account.programme,
    holder,
    owner: account.holder,
    sale: null,
    rule: null,
    expiresAtMs: null,
    state: 'active',
  };
  const points = times * settings.atPoints;
  const written = write(ledger, [
    {
      account,
      type: 'redeem',
      amount: -points,
      source,
      sourceType: 'voucher',
      atMs: nowMs,
      breakdown: { [settings.reward]: points },
    },
    {
      account: spendable(holder, account.programme),
      type: 'earn',
      amount: points,
      source,
      sourceType: 'voucher',
      atMs: nowMs,
    },
  ]);
  return { ...written, vouchers: [...written.vouchers, voucher] };
}

function autoRedeem(ledger: Ledger, nowMs: number): Ledger {
  let next = ledger;
  for (const programme of currentProgrammes(ledger)) {
    if (programme.autoRedeem === null) continue;
    for (const account of accountsOf(ledger, programme)) {
      if (ledger.vouchers.some(({ holder }) => holder === account.holder)) continue;
      next = autoRedeemOne(next, account, programme.autoRedeem, nowMs);
    }
  }
  return next;
}

function usesBalance(programme: Programme): boolean {
  return JSON.stringify(programme.tiers).includes('"metric":"balance"');
}

function review(ledger: Ledger, byBalance: boolean, nowMs: number): Ledger {
  const concerned = currentProgrammes(ledger).some(
    (programme) => programme.tiers.length > 0 && usesBalance(programme) === byBalance,
  );
  if (!concerned) return ledger;
  let next = ledger;
  for (const { ref, mergedInto } of ledger.members.values()) {
    if (mergedInto === null) next = reviewMember(next, ref, nowMs);
  }
  return next;
}

/** Runs one job. */
export function runJob(ledger: Ledger, job: NightJob, nowMs: number): Ledger {
  switch (job) {
    case 'activate-pending':
      return recordBirthdays(ledger, nowMs);
    case 'auto-redeem':
      return autoRedeem(ledger, nowMs);
    case 'review-tiers-earned':
      return review(ledger, false, nowMs);
    case 'expire-points':
      return expireDue(ledger, nowMs);
    case 'review-tiers-balance':
      return review(ledger, true, nowMs);
    default:
      return assertNever(job, 'runJob');
  }
}

/**
 * A whole night, in its fixed order; running it again changes nothing.
 *
 * Waiting points need no deed: they count from their own instant on.
 */
export function runNight(ledger: Ledger, nowMs: number): Ledger {
  return nightJobs.reduce((next, job) => runJob(next, job, nowMs), ledger);
}

/**
 * The yearly review: tiers by what is there now, then, where the programme starts each year anew,
 * all points are taken.
 */
export function runYearlyReview(ledger: Ledger, nowMs: number): Ledger {
  let next = ledger;
  for (const { ref } of ledger.members.values()) next = reviewMember(next, ref, nowMs);
  for (const programme of currentProgrammes(ledger)) {
    if (!programme.tierSettings.resetPointsAtReview) continue;
    const year = businessDay(nowMs, ledger.settings).slice(0, 4);
    for (const account of accountsOf(next, programme)) {
      const { lots } = stateOf(next, account, nowMs);
      next = write(
        next,
        lots.map((lot) => ({
          account,
          type: 'expire',
          amount: -lot.open,
          source: `${lot.id}:review:${year}`,
          sourceType: 'expiry',
          lotId: lot.id,
          atMs: nowMs,
        })),
      );
    }
  }
  return next;
}
