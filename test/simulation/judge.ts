import type { StoredEntry } from '#journal/entry.ts';
import { accountKey } from '#journal/posting-rows.ts';
import { RISK_HOLDER } from '#journal/risk.ts';
import type { LedgerWrite, PostingPlan } from '#journal/posting-writes.ts';
import type { SimServer } from './sim-server.ts';
import type { Machine } from './machine.ts';
import { checkClaims, checkClaimsFinally, isClaim, lostClaims } from './judge-claims.ts';
import { Violation } from './violation.ts';
import { ownerOf, PROGRAMME, RISK, type ServerGrantRow } from './server-rows.ts';

/** How many commits pass between two recomputations of every balance from the ledger. */
const AUDIT_EVERY = 16;

/** Watches tills and server after every event and says which invariant broke. Believes neither side. */
export class Judge {
  private server: SimServer | null = null;
  private tills: readonly Machine[] = [];
  /** What each till has shown: it must stay in the journal. */
  private readonly shownHeads = new Map<string, { seq: number; hash: string }>();
  /** Points per grant that sales took, whoever wrote it down. */
  private readonly used = new Map<string, number>();
  /** Overdraft that is allowed per member: of tills that were fenced, cloned or rolled back, of claims lost. */
  private readonly allowed = new Map<string, number>();
  /** Places of what claims gave, in any life of the server. */
  private readonly given = new Set<string>();
  private readonly hostile = new Set<string>();
  /** A till was given up while a restored server had not heard all of it: nothing bounds that. */
  private unbounded = false;
  private commits = 0;
  private recovering = false;
  facts = 0;

  watch(server: SimServer, tills: readonly Machine[]): void {
    this.server = server;
    this.tills = tills;
  }

  isHostile(till: string): boolean {
    return this.hostile.has(till);
  }

  /** Entries a till has just written. */
  journalled(till: Machine, entries: readonly StoredEntry[]): void {
    this.facts += entries.length;
    for (const { entry } of entries) {
      const { body } = entry;
      if (body.kind !== 'redeem') continue;
      const used = (this.used.get(body.grant) ?? 0) + body.points;
      this.used.set(body.grant, used);
      const held = till.grantOf(body.grant);
      if (held === null) throw new Violation('I6', `${till.name} spent ${body.grant}, not its own`);
      if (used > held.amount && !this.hostile.has(till.name)) {
        throw new Violation('I6', `${body.grant} of ${held.amount} was spent for ${used}`);
      }
      this.checkTrueBalance(body.member);
      if (held.purpose === 'risk') this.checkRisk();
    }
  }

  /** What the screen or the receipt of a till showed. */
  shown(till: Machine): void {
    this.shownHeads.set(till.name, till.head());
  }

  /** A till is back from a crash: all it had shown must be there. */
  restarted(till: Machine): void {
    const shown = this.shownHeads.get(till.name);
    if (shown === undefined || till.hashAt(shown.seq) === shown.hash) return;
    throw new Violation('I1', `${till.name} showed ${shown.seq} and has ${till.head().seq}`);
  }

  /** A till takes in how far the server is. */
  acknowledged(till: Machine, ackSeq: number): void {
    const terminal = this.server?.rows.terminals.get(till.name);
    if (terminal === undefined || this.present().rows.epoch !== till.disk.sync.epoch) return;
    if (terminal.ackSeq < ackSeq) {
      throw new Violation(
        'I4',
        `${till.name} was told ${ackSeq}, the server has ${terminal.ackSeq}`,
      );
    }
  }

  /** Somebody put an old disk back into a till: it may spend again what it held then. */
  rolledBack(till: Machine): void {
    this.hostile.add(till.name);
    this.shownHeads.delete(till.name);
    for (const held of till.openGrants()) this.allow(held.member, held.amount - held.spent);
  }

  private allow(member: string, points: number): void {
    this.allowed.set(member, (this.allowed.get(member) ?? 0) + points);
  }

  /** A batch is in the ledger. */
  posted(name: string, plan: PostingPlan): void {
    const { rows } = this.present();
    const hashes = rows.hashes.get(name) ?? [];
    const ackSeq = rows.terminals.get(name)?.ackSeq ?? 0;
    if (hashes.length !== ackSeq + 1) {
      throw new Violation('I3', `${name} has ${hashes.length - 1} entries up to ${ackSeq}`);
    }
    const till = this.tills.find((known) => known.name === name);
    for (const { entry, text, hash } of plan.writes.entries) {
      if (this.present().parts.rules.chain(hashes[entry.seq - 1] ?? '', text) !== hash) {
        throw new Violation('I2', `${name}: entry ${entry.seq} does not follow what is posted`);
      }
      if (!this.hostile.has(name) && till?.hashAt(entry.seq) !== hash) {
        throw new Violation('I2', `${name}: entry ${entry.seq} is not the till's`);
      }
    }
    for (const row of plan.writes.ledger) this.checkReversal(row);
    checkClaims(rows, plan);
    for (const { member, points } of lostClaims(rows, plan, this.given)) this.allow(member, points);
    for (const owner of new Set(plan.writes.ledger.map((row) => row.owner))) {
      this.checkTrueBalance(owner);
    }
  }

  private checkReversal(row: LedgerWrite): void {
    if (row.ofSource === null) return;
    const { rows } = this.present();
    const original = (rows.bySource.get(row.ofSource) ?? []).find(
      ({ type }) => type === row.ofType,
    );
    const reversed = (rows.byOriginal.get(row.ofSource) ?? [])
      .filter(({ ofType }) => ofType === row.ofType)
      .reduce((sum, { points }) => sum + points, 0);
    if (original !== undefined && Math.abs(reversed) > Math.abs(original.points)) {
      throw new Violation('I5', `${row.ofSource} of ${original.points} was taken back ${reversed}`);
    }
  }

  /** Points were set aside: they must have been there. */
  granted(owner: string): void {
    const { rows } = this.present();
    let posted = 0;
    for (const row of rows.ledger) if (ownerOf(rows, row.member) === owner) posted += row.points;
    let held = 0;
    for (const ref of rows.open) {
      const grant = rows.grants.get(ref);
      if (grant !== undefined && ownerOf(rows, grant.member) === owner) {
        held += grant.amount - grant.spent;
      }
    }
    if (posted < held) throw new Violation('I5', `${owner} has ${posted} and ${held} is set aside`);
  }

  expired(writes: readonly LedgerWrite[]): void {
    for (const owner of new Set(writes.map((row) => row.owner))) this.checkTrueBalance(owner);
  }

  fenced(name: string, open: readonly (ServerGrantRow & { readonly owner: string })[]): void {
    for (const { member, amount, spent } of open) this.allow(member, amount - spent);
    const { rows } = this.present();
    const terminal = rows.terminals.get(name);
    if (terminal?.epoch !== rows.epoch || !terminal.recovered) this.unbounded = true;
    this.hostile.add(name);
  }

  quarantined(name: string): void {
    if (!this.hostile.has(name)) throw new Violation('I2', `${name} was called forked and is not`);
  }

  restored(): void {
    if (this.hostile.size > 0) this.unbounded = true;
  }

  /** After each commit; every so often all balances are computed anew from the ledger. */
  afterServer(): void {
    this.commits += 1;
    const { rows, parts } = this.present();
    const recovering = parts.rules.isRecovering(rows.terminals.values(), rows.epoch);
    if (this.recovering && !recovering) {
      for (const { owner } of rows.accounts.values()) this.checkTrueBalance(owner);
    }
    this.recovering = recovering;
    if (this.commits % AUDIT_EVERY === 0) this.audit();
  }

  private present(): SimServer {
    if (this.server === null) throw new Error('Nobody to judge');
    return this.server;
  }

  /**
   * Posted, less what tills have spent and not sent: never below zero but for what was taken back
   * after it was spent, and what tills that are not to be trusted held.
   */
  private checkTrueBalance(member: string): void {
    if (this.unbounded) return;
    const { rows, parts } = this.present();
    const owner = ownerOf(rows, member);
    // Until all has come back, what one person has may lie under two references.
    if (parts.rules.isRecovering(rows.terminals.values(), rows.epoch)) return;
    const { bound, risked } = this.trueBalance(owner);
    // What was spent at the shop's risk is bounded for all members together: see `checkRisk`.
    const strict = bound + risked;
    if (strict < 0) throw new Violation('I6', `${owner} is overdrawn by ${-strict}`);
  }

  /** What an owner really has, and how much of what they spent was at the shop's risk. */
  private trueBalance(owner: string): { readonly bound: number; readonly risked: number } {
    const { rows } = this.present();
    let bound = rows.accounts.get(accountKey(owner, PROGRAMME))?.posted ?? 0;
    let risked = 0;
    for (const row of rows.ledger) {
      if (ownerOf(rows, row.member) !== owner) continue;
      if (row.type === 'reverse' && row.points < 0) bound -= row.points;
      if (row.type === 'redeem' && this.isRisk(row.grant)) risked -= row.points;
    }
    for (const [of, points] of this.allowed) if (ownerOf(rows, of) === owner) bound += points;
    for (const till of this.tills) {
      for (const { entry } of till.unsent(rows)) {
        const { body } = entry;
        if (body.kind !== 'redeem' || ownerOf(rows, body.member) !== owner) continue;
        bound -= body.points;
        if (till.grantOf(body.grant)?.purpose === 'risk') risked += body.points;
      }
    }
    return { bound, risked };
  }

  private isRisk(grant: string | null): boolean {
    return this.present().rows.grants.get(grant ?? '')?.purpose === 'risk';
  }

  /** All overdrafts together stay within the budget, and what tills hold that are not to be trusted. */
  private checkRisk(): void {
    if (this.unbounded) return;
    const { rows, parts } = this.present();
    if (parts.rules.isRecovering(rows.terminals.values(), rows.epoch)) return;
    const owners = new Set([...rows.members.values()].map(({ owner }) => owner));
    for (const till of this.tills) {
      for (const { entry } of till.unsent(rows)) {
        if (entry.body.kind === 'redeem') owners.add(ownerOf(rows, entry.body.member));
      }
    }
    let overdraft = 0;
    for (const owner of owners) overdraft += Math.max(0, -this.trueBalance(owner).bound);
    const most = RISK.budget + (this.allowed.get(RISK_HOLDER) ?? 0);
    if (overdraft > most) {
      throw new Violation('I7', `${overdraft} is overdrawn, and ${most} may be`);
    }
  }

  /** Every balance is the sum of its ledger, every grant within its amount. */
  audit(): void {
    const { rows } = this.present();
    const posted = new Map<string, number>();
    const keys = new Set<string>();
    for (const row of rows.ledger) {
      const owner = ownerOf(rows, row.member);
      posted.set(owner, (posted.get(owner) ?? 0) + row.points);
      const key = `${row.member} ${row.type} ${row.source}`;
      if (keys.has(key)) throw new Violation('I3', `${key} is in the ledger twice`);
      keys.add(key);
    }
    const granted = new Map<string, number>();
    for (const ref of rows.open) {
      const grant = rows.grants.get(ref);
      if (grant === undefined) continue;
      if (grant.spent > grant.amount) throw new Violation('I6', `${ref} is overspent`);
      const owner = ownerOf(rows, grant.member);
      granted.set(owner, (granted.get(owner) ?? 0) + grant.amount - grant.spent);
    }
    for (const account of rows.accounts.values()) {
      if (account.posted !== (posted.get(account.owner) ?? 0)) {
        throw new Violation(
          'I5',
          `${account.owner}: ${account.posted}, its ledger ${posted.get(account.owner) ?? 0}`,
        );
      }
      if (account.granted !== (granted.get(account.owner) ?? 0)) {
        throw new Violation(
          'I5',
          `${account.owner}: ${account.granted} set aside, its grants ${granted.get(account.owner) ?? 0}`,
        );
      }
    }
  }

  /** After healing and rest: everything has arrived, once, and nothing is held for ever. */
  final(): void {
    const { rows } = this.present();
    this.audit();
    this.checkRisk();
    for (const till of this.tills) {
      if (this.hostile.has(till.name)) continue;
      if (till.disk.stopped !== null) {
        throw new Violation('I8', `${till.name} stopped: ${till.disk.stopped}`);
      }
      const terminal = rows.terminals.get(till.name);
      const head = till.head();
      if (terminal?.ackSeq !== head.seq || till.disk.sync.ackSeq !== head.seq) {
        throw new Violation(
          'I8',
          `${till.name} has ${head.seq}, the server ${terminal?.ackSeq ?? 0}, told ${till.disk.sync.ackSeq}`,
        );
      }
      this.checkArrived(till);
      this.checkCache(till);
    }
    const heard = this.tills.filter(({ name }) => !this.hostile.has(name));
    checkClaimsFinally(
      rows,
      heard.map(({ disk }) => disk.entries),
      heard.length < this.tills.length,
    );
    for (const ref of rows.open) {
      throw new Violation('I9', `${ref} at ${rows.grants.get(ref)?.till ?? ''} is still open`);
    }
  }

  private checkArrived(till: Machine): void {
    const { rows } = this.present();
    for (const { entry } of till.disk.entries) {
      const { body } = entry;
      if ((body.kind !== 'earn' && body.kind !== 'redeem') || isClaim(entry)) continue;
      const rowsOf = (rows.bySource.get(body.source) ?? []).filter(
        ({ type }) => type === body.kind,
      );
      if (rowsOf.length !== 1 || Math.abs(rowsOf[0]?.points ?? 0) !== body.points) {
        throw new Violation(
          'I8',
          `${till.name}: ${body.kind} of entry ${entry.seq} is not posted once`,
        );
      }
    }
  }

  private checkCache(till: Machine): void {
    const { rows } = this.present();
    for (const [member, balance] of till.disk.balances) {
      const key = accountKey(member, PROGRAMME);
      const account = rows.accounts.get(key);
      if (account === undefined) continue;
      const available = account.posted - account.granted;
      if (balance.posted !== account.posted || balance.available !== available) {
        throw new Violation(
          'I8',
          `${till.name} shows ${balance.posted}/${balance.available} of ${member}, the server ${account.posted}/${available}`,
        );
      }
    }
  }
}
