import { sealEntry, type JournalHead } from '#journal/chain.ts';
import type { EntryBody, StoredEntry } from '#journal/entry.ts';
import { type GrantStep, type InUse } from '#journal/held-grant.ts';
import { assert } from '#loyalty/result.ts';
import { NOON_MS, TODAY, txOf } from '#test/journal/support/test-till.ts';
import type { Agenda } from './agenda.ts';
import {
  copyDisk,
  emptyDisk,
  hashAt,
  headOf,
  openGrants,
  saveGrant,
  type Disk,
  type SimGrant,
} from './disk.ts';
import type { Judge } from './judge.ts';
import type { Network } from './network.ts';
import type { Stream } from './random.ts';
import type { Ports, Rules } from './rules.ts';
import { type ServerRows } from './server-rows.ts';

/** A sale that was settled somewhere, for returns. */
export interface SoldSale {
  readonly tx: string;
  readonly member: string;
  readonly earned: number;
  readonly redeemed: number;
}

/** A sale to nobody that was settled somewhere: who has its receipt can claim its points. */
export interface NobodysSale {
  readonly tx: string;
  readonly receipt: string;
}

export interface TillParts {
  readonly agenda: Agenda;
  readonly network: Network;
  readonly rules: Rules;
  readonly ports: Ports;
  readonly judge: Judge;
  readonly random: Stream;
  /** All sales of the shop, newest last. */
  readonly sold: SoldSale[];
  /** All sales of the shop to nobody, newest last. */
  readonly nobodys: NobodysSale[];
  /** Numbers that are used once in the whole run. */
  next(): number;
}

/** The machine under a till: its disk, its clocks, its crashes. */
export abstract class Machine {
  readonly name: string;
  disk: Disk;
  running = true;
  /** Nothing happens any more: the loop may rest longer. */
  calm = false;
  protected readonly parts: TillParts;
  /** What a power cut leaves, where a seeded bug does not sync each transaction. */
  protected synced: Disk;
  protected snapshot: Disk | null = null;
  protected process = 1;
  protected readonly asking = new Set<string>();
  protected wallOffsetMs = 0;
  protected leaseSeenMs = 0;

  constructor(name: string, epoch: number, parts: TillParts) {
    this.name = name;
    this.parts = parts;
    this.disk = emptyDisk(epoch);
    this.synced = copyDisk(this.disk);
  }

  // --- what others look at

  head(): JournalHead {
    return headOf(this.disk);
  }
  hashAt(seq: number): string | null {
    return hashAt(this.disk, seq);
  }
  openGrants(): SimGrant[] {
    return openGrants(this.disk);
  }
  grantOf(ref: string): SimGrant | null {
    return this.disk.grants.get(this.disk.byGrant.get(ref) ?? '') ?? null;
  }
  /** Entries the server does not have. */
  unsent(rows: ServerRows): readonly StoredEntry[] {
    if (!this.parts.judge.isHostile(this.name)) {
      return this.disk.entries.slice(rows.terminals.get(this.name)?.ackSeq ?? 0);
    }
    const hashes = rows.hashes.get(this.name) ?? [];
    return this.disk.entries.filter(({ entry, hash }) => hashes[entry.seq] !== hash);
  }

  // --- life and death

  /** What a process does when it begins. */
  protected abstract boot(): void;

  crash(forMs: number): void {
    if (!this.running) return;
    this.running = false;
    this.process += 1;
    if (!this.parts.ports.tillSyncs) this.disk = copyDisk(this.synced);
    this.parts.agenda.after(forMs, () => this.start());
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.parts.judge.restarted(this);
    this.boot();
  }

  saveSnapshot(): void {
    this.snapshot = copyDisk(this.disk);
  }

  /** Somebody puts an older disk in. */
  rollBack(): void {
    if (this.snapshot === null || !this.running) return;
    this.running = false;
    this.process += 1;
    this.disk = copyDisk(this.snapshot);
    this.synced = copyDisk(this.disk);
    this.parts.judge.rolledBack(this);
    this.start();
  }

  protected later(delayMs: number, run: () => void): void {
    const { process } = this;
    this.parts.agenda.after(delayMs, () => {
      if (process === this.process && this.running) run();
    });
  }

  // --- writing

  protected readonly inUse: InUse = (held) => this.disk.sale?.pays === held.request;

  /** One transaction: entries and what they stand for. */
  protected write(
    step: GrantStep<SimGrant>,
    tx = txOf(this.parts.next()),
    before: readonly EntryBody[] = [],
  ): void {
    for (const held of step.grants) saveGrant(this.disk, held);
    for (const ref of step.never) this.disk.never.add(ref);
    const bodies = [...before, ...step.bodies];
    if (bodies.length === 0) return;
    const written = bodies.map((entryBody) => this.append(tx, entryBody));
    this.parts.judge.journalled(this, written);
  }

  protected append(tx: string, entryBody: EntryBody): StoredEntry {
    const { agenda } = this.parts;
    const head = headOf(this.disk);
    const sealed = sealEntry(
      {
        v: 1,
        tenant: 'demo',
        store: 'moda',
        till: this.name,
        inc: 1,
        seq: head.seq + 1,
        tx,
        atMs: NOON_MS + agenda.nowMs + this.wallOffsetMs,
        monoMs: agenda.nowMs,
        day: TODAY,
        cashier: 'cashier-deniz',
        role: 'cashier',
        app: 'simulation',
        body: entryBody,
      },
      head,
      this.parts.rules.chain,
    );
    assert(sealed.ok, 'the entry is sealed');
    this.disk.entries.push(sealed.value);
    return sealed.value;
  }
}
