import type { Agenda } from './agenda.ts';
import type { Judge } from './judge.ts';
import type { SimAnswer, SimCall } from './messages.ts';
import type { Stream } from './random.ts';
import type { Ports, Rules } from './rules.ts';
import { needsOf, SIM_LEASE_MS } from './hashing.ts';
import { planCall } from './server-calls.ts';
import { planExpire, planFence, planReclaim } from './server-commands.ts';
import { copyRows, ownerOf, type ServerRows } from './server-rows.ts';

/** What a transaction does once it commits; the answer is made with it. */
export interface Committed {
  readonly answer: SimAnswer;
  apply(): void;
}

/** A transaction that somebody asked for. `EVERYTHING` among its locks: it waits until it is alone. */
interface Asked {
  locks(): readonly string[];
  plan(): Committed;
  readonly deed: ServerDeed;
  reply(answer: SimAnswer): void;
}

const EVERYTHING = 'everything';

export interface ServerParts {
  readonly agenda: Agenda;
  readonly rules: Rules;
  readonly ports: Ports;
  readonly random: Stream;
  readonly judge: Judge;
}

/** What the server was made to do, in the order of its commits: a database replays it. */
export type ServerDeed =
  | {
      readonly kind: 'call';
      readonly till: string;
      readonly call: SimCall;
      /** The reference a grant gets if one is given. */
      readonly grant: string;
      readonly answer: SimAnswer | null;
    }
  | { readonly kind: 'fence'; readonly till: string }
  | { readonly kind: 'expire' }
  | { readonly kind: 'backup' }
  | { readonly kind: 'restore'; readonly epoch: number }
  | { readonly kind: 'reclaim' };

/** The central server: begin and commit of a transaction are two events, and it may die between them. */
export class SimServer {
  rows: ServerRows;
  up = true;
  backup: ServerRows | null = null;
  grants = 0;
  lives: number;
  readonly deeds: ServerDeed[] = [];
  readonly parts: ServerParts;
  private waiting: Asked[] = [];
  private readonly locks = new Set<string>();
  /** Transactions of a server process that died must not commit. */
  private process = 1;

  constructor(rows: ServerRows, parts: ServerParts) {
    this.rows = rows;
    this.lives = rows.epoch;
    this.parts = parts;
  }

  receive(till: string, call: SimCall, reply: (answer: SimAnswer) => void): void {
    const grant = `grant_${(this.grants += 1)}`;
    this.ask({
      locks: () => this.locksOf(till, call),
      plan: () => planCall(this, till, call, grant),
      deed: { kind: 'call', till, call, grant, answer: null },
      reply,
    });
  }

  /** Two people give a till up. */
  fence(till: string): void {
    this.command({ kind: 'fence', till }, () => planFence(this, till));
  }

  /** What has ended expires, as far as nobody holds it. */
  expire(): void {
    this.command({ kind: 'expire' }, () => planExpire(this));
  }

  private command(deed: ServerDeed, plan: () => Committed): void {
    this.ask({ locks: () => [EVERYTHING], plan, deed, reply: () => undefined });
  }

  private ask(asked: Asked): void {
    if (!this.up) return;
    this.waiting.push(asked);
    this.beginAll();
  }

  /** Begins every transaction whose rows nobody else has locked. */
  private beginAll(): void {
    for (const asked of [...this.waiting]) {
      if (this.locks.has(EVERYTHING)) return;
      const locks = asked.locks();
      const alone = locks.includes(EVERYTHING);
      if (alone ? this.locks.size > 0 : locks.some((lock) => this.locks.has(lock))) continue;
      this.waiting = this.waiting.filter((known) => known !== asked);
      this.begin(asked, locks);
    }
  }

  private locksOf(till: string, call: SimCall): readonly string[] {
    if (call.name === 'pull' || call.name === 'find-sale') return [];
    if (call.name === 'profile') return [EVERYTHING];
    const locks = [`till ${till}`];
    if (call.name === 'grant') locks.push(`account ${ownerOf(this.rows, call.member)}`);
    if (call.name === 'push') {
      const needs = needsOf(call.batch);
      for (const member of needs.members) locks.push(`account ${ownerOf(this.rows, member)}`);
      for (const ref of needs.grants) {
        const grant = this.rows.grants.get(ref);
        if (grant !== undefined) locks.push(`account ${ownerOf(this.rows, grant.member)}`);
      }
      for (const sale of needs.sales) locks.push(`sale ${sale}`);
    }
    return locks;
  }

  private begin(asked: Asked, locks: readonly string[]): void {
    const { agenda, random, ports } = this.parts;
    for (const lock of locks) this.locks.add(lock);
    const { process } = this;
    const committed = asked.plan();
    if (ports.answersEarly) asked.reply(committed.answer);
    agenda.after(1 + random.below(8), () => {
      if (process !== this.process) return;
      committed.apply();
      for (const lock of locks) this.locks.delete(lock);
      if (asked.deed.kind !== 'call' || asked.deed.call.name !== 'pull') {
        const { deed } = asked;
        const { answer } = committed;
        this.deeds.push(deed.kind === 'call' ? { ...deed, answer } : deed);
        this.parts.judge.afterServer();
      }
      if (!ports.answersEarly) asked.reply(committed.answer);
      this.beginAll();
    });
  }

  /** What no server may do: take a grant back because time has passed. A seeded bug lets it. */
  reclaimLater(ref: string): void {
    this.parts.agenda.after(SIM_LEASE_MS, () =>
      this.command({ kind: 'reclaim' }, () => planReclaim(this, ref)),
    );
  }

  crash(): void {
    this.up = false;
    this.process += 1;
    this.waiting = [];
    this.locks.clear();
  }

  start(): void {
    this.up = true;
  }

  saveBackup(): void {
    this.backup = copyRows(this.rows);
    this.deeds.push({ kind: 'backup' });
  }

  /** Puts the backup back: all that was posted and given since is forgotten here. */
  restore(): void {
    if (this.backup === null) return;
    this.crash();
    this.rows = copyRows(this.backup);
    if (this.parts.ports.restoreBeginsLife) this.rows.epoch = this.lives += 1;
    this.deeds.push({ kind: 'restore', epoch: this.rows.epoch });
    this.parts.judge.restored();
    this.start();
  }
}
