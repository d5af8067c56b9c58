import { type GrantStep } from '#journal/held-grant.ts';
import { nextBatch, type TillView } from '#journal/till-sync.ts';
import { hashAt, type SimGrant } from './disk.ts';
import type { SimAnswer, SimCall } from './messages.ts';
import { noteNeeds, sha256Hex } from './hashing.ts';

import { Machine } from './machine.ts';

const MESSAGE_TIMEOUT_MS = 10_000;
const IDLE_MS = 3000;
const CALM_MS = 20_000;
const STOPPED_MS = 60_000;

type SimAnswerBalance = {
  readonly posted: number;
  readonly available: number;
  readonly version: number;
};

/** The loop that talks to the server: HELLO, PUSH, PROFILE, PULL, rest. */
export abstract class TillLoop extends Machine {
  protected greeted = false;
  /** The last HELLO said that all profiles are there. */
  protected settled = false;
  protected failures = 0;
  protected talking = false;
  protected woken = false;

  // --- the sync loop

  /** Asks the server; `then` is called once: with the first answer in time, or null. */
  protected call(
    asked: SimCall,
    timeoutMs: number,
    then: (answer: SimAnswer | null) => void,
  ): void {
    const { process } = this;
    let over = false;
    const end = (answer: SimAnswer | null): void => {
      if (over || process !== this.process || !this.running) return;
      over = true;
      timeout.run = null;
      then(answer);
    };
    const timeout = this.parts.agenda.after(timeoutMs, () => end(null));
    this.parts.network.send(this.name, asked, end);
  }

  wake(): void {
    this.woken = true;
    if (!this.talking && this.failures === 0) this.round(5);
  }

  protected scheduled = 0;

  protected round(delayMs: number): void {
    const number = (this.scheduled += 1);
    this.later(delayMs, () => {
      if (number !== this.scheduled || this.talking) return;
      this.talking = true;
      this.woken = false;
      if (this.greeted) this.push();
      else this.hello();
    });
  }

  protected rest(delayMs: number): void {
    this.talking = false;
    const idle = delayMs === IDLE_MS;
    this.round(idle && this.woken ? 5 : idle && this.calm ? CALM_MS : delayMs);
  }

  protected fail(): void {
    this.greeted = false;
    this.failures += 1;
    this.rest(Math.min(500 * 2 ** (this.failures - 1), 15_000));
  }

  protected hello(): void {
    const { seq, hash } = this.head();
    const { epoch } = this.disk.sync;
    const settled = [...this.disk.profiles.values()].every(({ acknowledged }) => acknowledged);
    const hello = { inc: 1, headSeq: seq, headHash: hash, epochSeen: epoch, settled };
    this.call({ name: 'hello', hello }, MESSAGE_TIMEOUT_MS, (answer) => {
      if (answer?.name !== 'word') return this.fail();
      if (!this.take(answer)) return;
      this.greeted = true;
      this.settled = settled;
      this.push();
    });
  }

  protected push(): void {
    const { sync, entries } = this.disk;
    const rows = entries.slice(sync.ackSeq, sync.ackSeq + 50);
    const batch = nextBatch(sync, 1, rows);
    if (batch === null) return this.profiles();
    noteNeeds(batch, rows);
    this.call({ name: 'push', batch }, MESSAGE_TIMEOUT_MS, (answer) => {
      if (answer?.name !== 'word') return this.fail();
      if (!this.take(answer)) return;
      this.push();
    });
  }

  protected view(): TillView<SimGrant> {
    const { disk } = this;
    return {
      head: this.head(),
      hashAt: (seq) => hashAt(disk, seq),
      sync: disk.sync,
      open: this.openGrants(),
      inUse: this.inUse,
      sha256Hex,
      byRequest: (request) => disk.grants.get(request) ?? null,
      byGrant: (grant) => this.grantOf(grant),
      isNever: (grant) => disk.never.has(grant),
      isOutstanding: (held) => this.asking.has(held.request),
    };
  }

  /** Takes in an answer in one transaction; false where the round is over. */
  protected take(answer: Extract<SimAnswer, { name: 'word' }>): boolean {
    const { disk } = this;
    const step = this.parts.rules.takeWord(this.view(), answer.word);
    switch (step.kind) {
      case 'taken':
        this.parts.judge.acknowledged(this, step.sync.ackSeq);
        disk.sync = step.sync;
        disk.stopped = null;
        for (const { member, ...balance } of answer.balances) this.saveBalance(member, balance);
        this.write(step.grants);
        if (!step.greet) return true;
        this.greeted = false;
        this.rest(5);
        return false;
      case 'rewind':
        disk.sync = { ...disk.sync, ...step.sync };
        this.greeted = false;
        this.rest(5);
        return false;
      case 'new-life':
        this.beginLife(step.epoch, step.grants);
        this.rest(5);
        return false;
      case 'stop':
        disk.stopped = step.why;
        this.greeted = false;
        this.rest(STOPPED_MS);
        return false;
      case 'nonsense':
        this.fail();
        return false;
    }
  }

  protected beginLife(epoch: number, grants: GrantStep<SimGrant>): void {
    const { disk } = this;
    disk.sync = { ...disk.sync, epoch };
    disk.cursor = null;
    this.greeted = false;
    this.write(grants);
    for (const [member, balance] of disk.balances) {
      disk.balances.set(member, { ...balance, version: -1 });
    }
    for (const [member, profile] of disk.profiles) {
      disk.profiles.set(member, { ...profile, acknowledged: false });
    }
  }

  protected saveBalance(member: string, balance: SimAnswerBalance): void {
    const known = this.disk.balances.get(member);
    if (known === undefined || balance.version > known.version) {
      this.disk.balances.set(member, balance);
    }
  }

  protected profiles(): void {
    const waiting = [...this.disk.profiles.values()].filter(({ acknowledged }) => !acknowledged);
    if (waiting.length === 0) return this.pull();
    this.call({ name: 'profile', profiles: waiting }, MESSAGE_TIMEOUT_MS, (answer) => {
      if (answer?.name !== 'profile') return this.fail();
      for (const member of answer.accepted) {
        const profile = this.disk.profiles.get(member);
        if (profile !== undefined) {
          this.disk.profiles.set(member, { ...profile, acknowledged: true });
        }
      }
      this.pull();
    });
  }

  protected pull(): void {
    this.call({ name: 'pull', cursor: this.disk.cursor }, MESSAGE_TIMEOUT_MS, (answer) => {
      if (answer?.name !== 'pull') return this.fail();
      const { disk } = this;
      if (!this.parts.rules.isOfThisLife(disk.sync, answer)) {
        this.greeted = false;
        return this.rest(5);
      }
      for (const change of answer.changes) {
        if (change.kind === 'merge') {
          for (const [card, member] of disk.cards) {
            if (member === change.from) disk.cards.set(card, change.into);
          }
          disk.merged.set(change.from, change.into);
          disk.balances.delete(change.from);
          continue;
        }
        if (change.mergedInto !== null) continue;
        for (const card of change.cards) disk.cards.set(card, change.member);
        if (change.balance !== null) this.saveBalance(change.member, change.balance);
      }
      disk.cursor = answer.cursor;
      const { grants, greet } = this.parts.rules.takeOpenGrants(this.view(), answer.openGrants);
      this.write(grants);
      if (grants.bodies.length > 0) this.woken = true;
      if (greet || !this.settled) this.greeted = false;
      this.failures = 0;
      this.rest(greet ? 5 : IDLE_MS);
    });
  }
}
