import type { EntryBody } from '#journal/entry.ts';
import { closeGrant, leftOf, type GrantPurpose } from '#journal/held-grant.ts';
import { RISK_HOLDER } from '#journal/risk.ts';
import { body, NOON_MS, txOf } from '#test/journal/support/test-till.ts';
import { copyDisk, saveGrant, type SimGrant } from './disk.ts';
import type { Rules } from './rules.ts';
import { PROGRAMME, RISK } from './server-rows.ts';

import { TillReceipts } from './till-receipts.ts';
import type { SoldSale, TillParts } from './machine.ts';

const GRANT_TIMEOUT_MS = 3000;
const RECALL_RETRY_MS = 300;
const IDLE_MS = 3000;
const LEASE_LOOK_MS = 10_000;
const LATE_SYNC_MS = 5000;

/** One till: what happens at its counter. */
export class SimTill extends TillReceipts {
  constructor(name: string, epoch: number, parts: TillParts) {
    super(name, epoch, parts);
    this.boot();
  }

  protected boot(): void {
    const { agenda, rules, ports, random } = this.parts;
    const { process } = this;
    this.greeted = false;
    this.talking = false;
    this.failures = 0;
    this.asking.clear();
    this.leaseSeenMs = this.leaseClock();
    this.write(rules.afterStart(this.openGrants(), this.inUse));
    const { sale } = this.disk;
    if (sale !== null) this.later(1000 + random.below(3000), () => this.settle());
    this.round(random.below(IDLE_MS));
    const look = (): void => {
      this.lookAtLeases();
      this.later(LEASE_LOOK_MS, look);
    };
    this.later(LEASE_LOOK_MS, look);
    if (ports.tillSyncs) return;
    const sync = (): void => {
      if (process !== this.process) return;
      this.synced = copyDisk(this.disk);
      agenda.after(LATE_SYNC_MS, sync);
    };
    agenda.after(LATE_SYNC_MS, sync);
  }

  // --- the counter

  setClock(byMs: number): void {
    if (!this.running) return;
    this.wallOffsetMs += byMs;
    this.write({ bodies: [{ kind: 'clock-jump', deltaMs: byMs }], grants: [], never: [] });
  }

  protected memberOf(card: number): string {
    const known = this.disk.cards.get(`card_${card}`);
    if (known !== undefined) return this.disk.merged.get(known) ?? known;
    const member = `m_${this.name}_${card}_${this.parts.next()}`;
    this.disk.cards.set(`card_${card}`, member);
    this.disk.profiles.set(member, { member, card: `card_${card}`, acknowledged: false });
    this.write({ bodies: [body.enrol(member, true)], grants: [], never: [] });
    return member;
  }

  sell(sale: { card: number; earns: number; costs: number; takesMs: number }): void {
    if (!this.running) return;
    this.settle();
    const number = this.parts.next();
    const member = this.memberOf(sale.card);
    const { earns, costs } = sale;
    const tx = txOf(number);
    this.disk.sale = { tx, number, member, earns, costs, pays: null };
    if (costs > 0 && this.disk.stopped === null) this.reward(member, costs);
    this.later(sale.takesMs, () => {
      if (this.disk.sale?.tx === tx) this.settle();
    });
  }

  protected reward(member: string, points: number): void {
    const wish = { member, programme: PROGRAMME, points };
    const held = this.parts.rules.heldFor(this.openGrants(), wish);
    const pays = held ?? this.riskFor(member, points);
    const { sale } = this.disk;
    if (pays !== null && sale !== null) this.disk.sale = { ...sale, pays: pays.request };
    else this.ask(member, points, 'sale');
  }

  /** While the server is away the shop may take a risk. */
  protected riskFor(member: string, points: number): SimGrant | null {
    if (this.failures === 0) return null;
    let unheard = 0;
    for (const { entry } of this.disk.entries.slice(this.disk.sync.ackSeq)) {
      const { body: entryBody } = entry;
      if (entryBody.kind === 'redeem' && entryBody.member === member) unheard += entryBody.points;
    }
    const wish = { programme: PROGRAMME, points, unheard };
    return this.parts.rules.riskFor(this.openGrants(), wish, RISK);
  }

  takeRisk(): void {
    if (!this.running || this.disk.stopped !== null) return;
    if (this.openGrants().some(({ purpose }) => purpose === 'risk')) return;
    this.ask(RISK_HOLDER, RISK.perTillDay, 'risk');
  }

  protected ask(member: string, points: number, purpose: GrantPurpose): void {
    const asked: SimGrant = {
      request: txOf(this.parts.next()),
      grant: null,
      purpose,
      sale: this.disk.sale?.tx ?? null,
      member,
      programme: PROGRAMME,
      amount: points,
      spent: 0,
      state: 'asked',
      leaseLeftMs: 0,
    };
    saveGrant(this.disk, asked);
    this.asking.add(asked.request);
    this.askServer(asked, this.parts.agenda.nowMs + GRANT_TIMEOUT_MS);
  }

  protected askServer(asked: SimGrant, untilMs: number): void {
    const { request: requestId, member, amount: want, purpose } = asked;
    const leftMs = untilMs - this.parts.agenda.nowMs;
    this.call({ name: 'grant', requestId, member, want, purpose }, leftMs, (answer) => {
      const outcome = answer?.name === 'grant' ? answer.outcome : null;
      const retryAtMs = this.parts.agenda.nowMs + RECALL_RETRY_MS;
      if (outcome?.outcome === 'refused' && outcome.code === 'recalled' && retryAtMs < untilMs) {
        this.wake();
        this.later(RECALL_RETRY_MS, () => this.askServer(asked, untilMs));
        return;
      }
      this.asking.delete(requestId);
      const now = this.disk.grants.get(requestId);
      if (now?.state !== 'asked') return this.wake();
      if (outcome?.outcome !== 'granted') {
        saveGrant(this.disk, { ...now, state: 'refused' });
        if (outcome === null) this.greeted = false;
      } else this.accept(now, outcome.grant);
      this.wake();
    });
  }

  protected accept(asked: SimGrant, grant: Parameters<Rules['acceptGrant']>[1]): void {
    const { sale } = this.disk;
    const wanted =
      asked.purpose !== 'sale' || (sale !== null && sale.tx === asked.sale && sale.pays === null);
    const never = this.disk.never.has(grant.grant);
    const { accepted, step } = this.parts.rules.acceptGrant(asked, grant, { wanted, never });
    this.write(step);
    if (accepted === null) return;
    if (accepted.purpose === 'sale') {
      if (sale !== null) this.disk.sale = { ...sale, pays: accepted.request };
      return;
    }
    if (accepted.purpose === 'risk') return;
    for (const other of this.openGrants()) {
      if (other.purpose !== 'held' || other.request === accepted.request) continue;
      if (other.member === accepted.member && !this.inUse(other)) {
        this.write(closeGrant(other, 'replaced'));
      }
    }
  }

  hold(card: number, points: number): void {
    const member = this.disk.cards.get(`card_${card}`);
    if (!this.running || member === undefined || this.disk.stopped !== null) return;
    const open = this.openGrants().filter((held) => held.member === member);
    if (open.some((held) => held.state === 'asked' || leftOf(held) >= points)) return;
    this.ask(member, points, 'held');
  }

  settle(): void {
    const { sale } = this.disk;
    if (sale === null || !this.running) return;
    const held = sale.pays === null ? undefined : this.disk.grants.get(sale.pays);
    const pays = held?.state === 'accepted' && held.grant !== null ? held : null;
    const bodies: EntryBody[] = [body.sale(sale.number, sale.member)];
    if (sale.earns > 0) {
      const earned = body.earn(sale.member, sale.tx, sale.earns);
      const ends = sale.number % 3 === 0 ? NOON_MS + 86_400_000 : null;
      bodies.push({ ...earned, expiresAtMs: ends });
    }
    if (pays !== null) {
      bodies.push(body.redeem(sale.member, sale.tx, sale.costs, pays.grant ?? ''));
    }
    this.disk.sale = null;
    const none = { bodies: [], grants: [], never: [] };
    const step = pays === null ? none : this.parts.rules.spend(pays, sale.costs);
    this.write(step, sale.tx, bodies);
    this.parts.judge.shown(this);
    this.parts.sold.push({
      tx: sale.tx,
      member: sale.member,
      earned: sale.earns,
      redeemed: pays === null ? 0 : sale.costs,
    });
    this.wake();
  }

  clear(): void {
    const { sale } = this.disk;
    if (sale === null || !this.running) return;
    const held = sale.pays === null ? undefined : this.disk.grants.get(sale.pays);
    this.disk.sale = null;
    if (held?.purpose === 'sale') this.write(closeGrant(held, 'basket-cleared'));
    this.wake();
  }

  takeBack(sale: SoldSale, percent: number): void {
    if (!this.running) return;
    const number = this.parts.next();
    const tx = txOf(number);
    const part = (points: number): number => Math.ceil((points * percent) / 100);
    const bodies: EntryBody[] = [body.return(number, sale.tx, sale.member, 100 * percent)];
    if (sale.earned > 0) {
      const of = { source: sale.tx, type: 'earn' } as const;
      bodies.push(body.reverse(sale.member, tx, of, -part(sale.earned)));
    }
    if (sale.redeemed > 0) {
      const of = { source: sale.tx, type: 'redeem' } as const;
      bodies.push(body.reverse(sale.member, tx, of, part(sale.redeemed)));
    }
    this.write({ bodies: [], grants: [], never: [] }, tx, bodies);
    this.parts.judge.shown(this);
    this.wake();
  }

  protected leaseClock(): number {
    const { agenda, ports } = this.parts;
    return agenda.nowMs + (ports.leaseClock === 'wall' ? this.wallOffsetMs : 0);
  }

  protected lookAtLeases(): void {
    const now = this.leaseClock();
    const elapsedMs = now - this.leaseSeenMs;
    this.leaseSeenMs = now;
    const step = this.parts.rules.passTime(this.openGrants(), elapsedMs, this.inUse);
    this.write(step);
    if (step.bodies.length > 0) this.wake();
  }
}
