import { emptyLedger, type Ledger, spendable, stateOf } from '#loyalty/ledger.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { measuresFor } from '#loyalty/ledger-facts.ts';
import { markets } from '#loyalty/market.ts';
import type { Milestone } from '#loyalty/milestones.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { scaleOf, smallestToPoints } from '#loyalty/points.ts';
import type { Programme, ProgrammeDocument } from '#loyalty/programme.ts';
import { formatRational } from '#loyalty/rational.ts';
import type { Returning } from '#loyalty/refund.ts';
import { assert, type Result } from '#loyalty/result.ts';
import type { HeldTier } from '#loyalty/tiers.ts';
import { documentsOf } from './documents.ts';
import { type Fields, instant, list, major, minor, NotTranslated, number, text } from './fields.ts';
import type { Order, Shown } from './orders.ts';
import { smallest } from './fields.ts';

const days: Readonly<Record<string, string>> = { tomorrow: '2026-01-02', yesterday: '2025-12-31' };

/** The world of one case: one ledger value, the clock, and what earlier steps named. */
export class Player {
  program: Fields;
  ledger: Ledger;
  nowMs = instant('2026-01-01T12:00:00');
  readonly orders = new Map<string, Order>();
  readonly lotIds = new Map<string, string>();
  /** Ledgers of tills that are offline, by their number, and the one of the server. */
  readonly tills = new Map<string, Ledger>();
  server: Ledger;
  version = 1;
  held: HeldTier = { tier: null, since: '2026-01-01', through: null };
  readonly heldRewards = new Set<string>();
  readonly redeemedRewards = new Set<string>();
  listed: readonly Fields[] = [];
  /** What earlier steps showed. */
  readonly shown = new Map<string, Shown>();
  private sources = 0;

  constructor(program: Fields) {
    this.program = program;
    const cash = number(program, 'cash_rounding');
    this.ledger = emptyLedger(
      {
        timeZone: 'Etc/UTC',
        cutOverHour: 0,
        store: 'store',
        channel: 'pos',
        market: markets.US,
        cashRoundingMinor: cash === null ? 1 : minor(cash),
      },
      [],
    );
    this.server = this.ledger;
    this.load(null, [], {});
  }

  /** Loads the case's programmes; `version` 2 leaves the first one to old sales. */
  load(
    variant: string | null,
    extras: readonly ProgrammeDocument[],
    changes: Fields,
    version = this.version,
  ): void {
    const loaded = [...documentsOf(this.program, variant, changes), ...extras].map((document) => {
      const parsed = parseProgramme({ ...document, version });
      if (!parsed.ok) throw new NotTranslated(JSON.stringify(parsed.error));
      return parsed.value.programme;
    });
    const old = this.ledger.programmes.filter((programme) => programme.version < version);
    this.ledger = { ...this.ledger, programmes: [...old, ...loaded] };
    this.version = version;
  }

  /** The programme that "earned" and "balance" are about. */
  get main(): Programme {
    const current = this.ledger.programmes.filter(({ version }) => version === this.version);
    const found = current.find(({ holder }) => holder === 'member') ?? current[0];
    assert(found !== undefined, 'a case has a programme');
    return found;
  }

  show(points: number): number {
    return Number(formatRational(smallestToPoints(points, this.main.unit)));
  }

  points(of: Fields, key = 'points', programme = this.main): number {
    return smallest(number(of, key) ?? 0, scaleOf(programme.unit));
  }

  account(step: Fields, programme = this.main.id) {
    return spendable(text(step, 'member') ?? 'm', programme);
  }

  at(step: Fields, key = 'at'): number {
    const value = text(step, key);
    if (value === null || value === 'now') return this.nowMs;
    const years = /^now\+(\d+)y$/.exec(value)?.[1];
    if (years !== undefined) return instant(`20${26 + Number(years)}-01-02`);
    const short = /^\d+ \w+$/.test(value) ? new Date(`${value} 2026 UTC`).toISOString() : value;
    return instant((days[short] ?? short).replace('.000Z', ''));
  }

  source(prefix: string): string {
    this.sources += 1;
    return `${prefix}-${this.sources}`;
  }

  /** Keeps the new ledger, or shows the refusal. */
  take<Refusal extends { readonly code: string }>(result: Result<Ledger, Refusal>): Shown {
    if (!result.ok) return { error: result.error.code.replaceAll('-', '_') };
    this.ledger = result.value;
    return {};
  }

  /** An account and its member, in the words of expectations. */
  balances(step: Fields): Shown {
    const account = this.account(step);
    const state = stateOf(this.ledger, account, this.nowMs);
    const held = this.ledger.members.get(account.holder)?.tiers[this.main.id];
    const tier = held?.tier ?? null;
    const entries = this.ledger.entries.filter(
      (entry) => entry.account.holder === account.holder && entry.account.purpose === 'spendable',
    );
    const byId = new Map(state.lots.map((lot) => [lot.id, lot.open] as const));
    return {
      balance: this.show(state.balance),
      local_balance: this.show(state.balance),
      wallet: this.show(state.balance),
      loyalty_balance: this.show(state.balance),
      available: this.show(state.available),
      pending: this.show(state.pending),
      deficit: this.show(state.deficit),
      open_lots: state.lots.length,
      lots: Object.fromEntries(
        [...this.lotIds].map(([lot, id]) => [lot, this.show(byId.get(id) ?? 0)]),
      ),
      lots_open: Object.fromEntries(
        [...this.orders.keys()].map((id) => {
          const earned = entries.find((entry) => entry.type === 'earn' && entry.source === id);
          return [id, this.show(byId.get(earned?.id ?? '') ?? 0)];
        }),
      ),
      lifetime_earned: this.show(
        measuresFor(this.ledger, this.main, account.holder, this.nowMs)['earned-points'] ?? 0,
      ),
      ledger_entries: entries.length,
      available_points_min: this.show(state.available),
      tier_through: (held?.through ?? null) === null ? null : `${held?.through ?? ''}T23:59:59`,
      lot_open: this.show(state.lots.at(-1)?.open ?? 0),
      entries: entries.filter(({ sourceType }) => sourceType !== 'manual').length,
      tier: this.main.tiers.find(({ id }) => id === tier)?.name['en'] ?? null,
      level: this.main.tiers.find(({ id }) => id === tier)?.name['en'] ?? null,
    };
  }

  /** Takes goods of an order back. */
  giveBack(step: Fields, returning: Returning): Shown {
    const saleId = text(step, 'order') ?? '';
    const order = this.orders.get(saleId);
    const source = this.source('return');
    const done = returnSale(this.ledger, { saleId, source, returning, nowMs: this.at(step) });
    if (!done.ok)
      return done.error.code === 'nothing-chosen'
        ? this.afterReturn(order)
        : { error: done.error.code };
    this.ledger = done.value.ledger;
    const { reversals, returns } = done.value.refund;
    return {
      ...this.afterReturn(order),
      reversed_earn: this.show(
        reversals.find(({ programme }) => programme === this.main.id)?.points ?? 0,
      ),
      returned_spend: this.show(
        returns.find(({ programme }) => programme === this.main.id)?.points ?? 0,
      ),
      rollback_entries: done.value.entries.length,
    };
  }

  private afterReturn(order: Order | undefined): Shown {
    const shown = this.balances({ member: order?.member ?? 'm' });
    const overdrawn = Number(shown['balance']) < 0;
    return {
      ...shown,
      ...this.sideEffects(order),
      error_or_policy: overdrawn ? 'points_already_redeemed' : null,
    };
  }

  /** Vouchers, cards and memberships around an order. */
  sideEffects(order: Order | undefined): Shown {
    const owned = this.ledger.vouchers.filter(
      ({ owner }) => owner !== null && owner === order?.member,
    );
    const of = this.ledger.vouchers.filter(({ sale }) => sale === order?.id);
    const value = (holder: string, programme: string): number =>
      stateOf(this.ledger, spendable(holder, programme), this.nowMs).available;
    const active = owned.filter(({ holder, programme }) => value(holder, programme) > 0);
    const until =
      this.ledger.members.get(order?.member ?? 'm')?.membershipUntilMs[this.main.id] ?? 0;
    const first = of[0];
    return {
      vouchers_active: active.length,
      voucher_value: first === undefined ? 0 : major(value(first.holder, first.programme)),
      coupon_points: first === undefined ? 0 : value(first.holder, first.programme),
      card_balance: first === undefined ? 0 : this.show(value(first.holder, first.programme)),
      membership_active: until > this.nowMs,
    };
  }

  order(step: Fields): Order {
    const order = this.orders.get(text(step, 'order') ?? '');
    if (order === undefined) throw new NotTranslated(`order ${text(step, 'order') ?? ''}`);
    return order;
  }

  /** Balance of every member, for expectations that name several. */
  everyBalance(): Shown {
    const holders = new Set([
      ...this.ledger.members.keys(),
      ...this.ledger.entries.map(({ account }) => account.holder),
    ]);
    return Object.fromEntries(
      [...holders].map((member) => [member, this.balances({ member })['balance']]),
    );
  }

  milestones(): Milestone[] {
    return list(this.program, 'milestones').map((of) =>
      text(of, 'on') === 'create'
        ? { on: 'enrol', send: text(of, 'send') ?? '' }
        : { on: 'balance', points: number(of, 'points') ?? 0, send: text(of, 'send') ?? '' },
    );
  }
}
