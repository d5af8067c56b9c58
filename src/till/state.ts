import type { BasketView, LastSaleView, MemberView, TillState } from '#contract/till-state.ts';
import type { LocalText } from '#contract/member.ts';
import { mayEarn } from '#loyalty/market.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import { programmeOf, wallMs, type Core } from './core.ts';
import type { CachedMember, SyncState } from './database.ts';
import { lastSaleView } from './last-sale.ts';
import { shopMarket } from './market.ts';
import { offerViews } from './offer-view.ts';
import { pointsWorthMinor } from './points-worth.ts';
import { quoteOf } from './pricing.ts';
import { returnView } from './returning.ts';
import { codeViews, voucherViews } from './code-view.ts';
import { rewardViews } from './reward-view.ts';
import { undoableView } from './undo.ts';
import { membershipViews, newsOf } from './member-news.ts';
import { traceView } from './trace-view.ts';
import { unitView } from './unit-view.ts';
import type { Session } from './session.ts';
import { isFloatCounted } from './shifts.ts';
import { displayView } from './shopper-ask.ts';
import { parkedView } from './parked.ts';
import { balancesAsOf, shownBalances, spendableHere, tellingFirst } from './standing.ts';
import { staffState } from './staff.ts';
import { tierView } from './tier-view.ts';

/**
 * Everything the counter shows, derived each time from the open sale, the database and the devices.
 *
 * Nothing here is remembered from the last time: a number that is not computed cannot be stale.
 */
export function deriveState(core: Core, revision: number): TillState {
  const { counter, devices, config, options } = core;
  const { read } = core.ports.database;
  const nowMs = wallMs(core);
  const sync = read.syncState();
  const quoted = quoteOf(core, counter.session);
  const attached = counter.session.member;
  const cached = attached === null ? null : read.member(attached.member);
  const shift = read.openShift();
  return {
    revision,
    nowMs,
    shop: {
      storeName: config.storeName,
      tillName: config.tills.find(({ till }) => till === options.identity.till)?.name ?? '',
      timeZone: config.timeZone,
      currency: config.currency,
      market: config.market,
      language: config.language,
    },
    cashierName: config.cashiers.find(({ cashier }) => cashier === core.cashier)?.name ?? '',
    staff: staffState(core),
    link: {
      state: sync.stopped !== null ? 'stopped' : core.link.online ? 'online' : 'offline',
      waiting: read.waitingAfter(sync.ackSeq),
      lastContactMs: sync.contactAtMs,
      problem: sync.stopped ?? core.link.problem,
      isClockWrong: core.link.isClockWrong,
    },
    printer: devices.printer,
    scanners: [...devices.scanners.values()],
    basket: basketView(core, counter.session, quoted),
    member: cached === null ? null : memberView(core, counter.session, cached, sync),
    lookingUp: counter.lookup !== null,
    unknown:
      counter.unknown === null
        ? null
        : { kind: counter.unknown.kind, masked: counter.unknown.masked },
    undo:
      counter.undo === null || counter.undo.untilMs <= nowMs
        ? null
        : {
            displayName: read.member(counter.undo.member.member)?.displayName ?? null,
            untilMs: counter.undo.untilMs,
          },
    offers: offerViews(core, quoted),
    vouchers: cached === null ? [] : voucherViews(core, counter.session, cached),
    undoable: undoableView(core),
    parked: parkedView(core),
    notice: counter.notice,
    returning: counter.returning === null ? null : returnView(core, counter.returning),
    lastSale: lastSale(core),
    display: displayView(core),
    shift:
      shift === null
        ? null
        : {
            openedAtMs: shift.openedAtMs,
            sales: shift.sales,
            isFloatCounted: isFloatCounted(read, shift),
          },
  };
}

/** The basket with its totals and what it will earn. */
function basketView(core: Core, open: Session, quoted: Quote): BasketView {
  const names = new Map<string, LocalText | null>(open.lines.map(({ id, name }) => [id, name]));
  return {
    saleId: open.saleId,
    lines: quoted.lines.map(({ line, grossMinor }) => ({
      id: line.id,
      name: names.get(line.id) ?? null,
      sku: line.sku,
      quantityMilli: line.quantityMilli,
      unitPriceMinor: line.unitPriceMinor,
      grossMinor,
    })),
    rewards: rewardViews(core, open, quoted),
    codes: codeViews(core, open, quoted),
    subtotalMinor: quoted.subtotalMinor,
    discountMinor: quoted.discountMinor,
    totalMinor: quoted.totalMinor,
    dueMinor: quoted.dueMinor,
    earns: quoted.earnings.map(({ programme, name, points }) => ({
      programme,
      name,
      points,
      unit: unitView(programmeOf(core, programme)),
    })),
    claimable: quoted.claimable.length > 0,
    trace: traceView(core, quoted),
  };
}

function memberView(
  core: Core,
  open: Session,
  cached: CachedMember,
  sync: SyncState,
): MemberView | null {
  if (open.member === null) return null;
  const market = shopMarket(core);
  const state =
    cached.status === 'blocked'
      ? 'blocked'
      : cached.provisional
        ? 'provisional'
        : mayEarn(market, open.member.proof)
          ? 'known'
          : 'waiting-for-proof';
  return {
    member: cached.member,
    displayName: cached.displayName,
    masked: open.member.masked ?? cached.masked,
    proof: open.member.proof,
    state,
    tier: tierView(core, cached),
    balances: tellingFirst(shownBalances(core, cached))
      .slice(0, 16)
      .flatMap((balance) => {
        const { programme, posted, pending, available } = balance;
        const known = programmeOf(core, programme);
        if (known === undefined) return [];
        const worthMinor = pointsWorthMinor(known, available);
        const unit = unitView(known);
        const here = spendableHere(core, cached.member, balance);
        const points = { posted, pending, available, spendableHere: here };
        return [{ programme, name: known.name, ...points, unit, worthMinor }];
      }),
    memberships: membershipViews(core, cached),
    news: newsOf(core, cached).map(({ message }) => message),
    asOfMs: cached.provisional ? null : balancesAsOf(core, sync),
  };
}

function lastSale(core: Core): LastSaleView | null {
  return core.counter.lastTx === null ? null : lastSaleView(core, core.counter.lastTx);
}
