import type { EntryBody, JournalEntry } from '#journal/entry.ts';
import { noFacts } from '#loyalty/facts.ts';
import { freshMember } from '#loyalty/member.ts';
import { claimEntries } from '#till/sale-entries.ts';
import { returnEntries } from '#till/return-entries.ts';
import type { SoldSale } from '#till/return-in-progress.ts';
import { leftMilliOf } from '#till/returning.ts';
import { body, NOON_MS, receiptOf, txOf } from '#test/journal/support/test-till.ts';
import type { NobodysSale } from './machine.ts';
import { LINE, nobodysSale, PIECE_MILLI, PROGRAMMES, SETTINGS } from './nobodys-sale.ts';
import { PROGRAMME } from './server-rows.ts';
import { TillLoop } from './till-loop.ts';

/** How long a till waits for what the server has of a sale: of its own, and of another till's. */
const FIND_OWN_MS = 1500;
const FIND_MS = 5000;

const PROOF = 'presented';

/** What happens at a counter with a receipt: sales to nobody, claims of them, and goods that come back. */
export abstract class TillReceipts extends TillLoop {
  /** Ends the open sale, if there is one. */
  protected abstract settle(): void;
  /** Whom a card belongs to, as far as this till knows; a card that nobody here knows joins. */
  protected abstract memberOf(card: number): string;

  sellToNobody(pieces: number): void {
    if (!this.running) return;
    this.settle();
    const number = this.parts.next();
    const tx = txOf(number);
    const snapshot = nobodysSale(pieces);
    this.writeShown(tx, [{ ...body.sale(number, null, snapshot.totalMinor), snapshot }]);
    this.parts.nobodys.push({ tx, receipt: receiptOf(number) });
  }

  claim(receipt: NobodysSale, card: number): void {
    if (!this.running) return;
    const shown = this.memberOf(card);
    this.findSale(receipt, (sale) => {
      if (this.claimHere(sale.tx)) return;
      const member = this.memberNow(shown);
      const claimed = this.parts.rules.claimOfSale(sale, {
        member: freshMember(member, PROOF),
        facts: noFacts,
        programmes: PROGRAMMES,
        nowMs: NOON_MS + this.parts.agenda.nowMs + this.wallOffsetMs,
        settings: SETTINGS,
      });
      if (!claimed.ok) return;
      const tx = txOf(this.parts.next());
      this.writeShown(tx, claimEntries(sale, { member, proof: PROOF }, claimed.value));
    });
  }

  /** As many of the pieces as are left come back. */
  bringBack(receipt: NobodysSale, pieces: number): void {
    if (!this.running) return;
    this.findSale(receipt, (sale) => {
      const { rules } = this.parts;
      const quantityMilli = Math.min(PIECE_MILLI * pieces, leftMilliOf(sale, LINE));
      const balance = sale.member === null ? undefined : this.disk.balances.get(sale.member);
      const refund = rules.refund({
        sale: sale.snapshot,
        programmes: PROGRAMMES,
        returning: { kind: 'lines', lines: [{ line: LINE, quantityMilli }] },
        before: rules.refundsBefore(sale, PROGRAMMES, SETTINGS),
        settings: SETTINGS,
        available: { [PROGRAMME]: Math.max(0, balance?.posted ?? 0) },
      });
      if (!refund.ok) return;
      const number = this.parts.next();
      const made = { returnId: txOf(number), sale, refund: refund.value };
      const entries = returnEntries({ ...made, receipt: receiptOf(number) }, () => ({}));
      this.writeShown(made.returnId, entries);
    });
  }

  /** The sale as this till can know it; `then` is not called where it cannot be had. */
  private findSale({ tx, receipt }: NobodysSale, then: (sale: SoldSale) => void): void {
    const isHere = this.disk.entries.some(({ entry }) => entry.tx === tx);
    const read = (told: readonly JournalEntry[]): void => {
      const here = this.entriesHere(tx);
      const known = { here, told, takenBack: [] };
      const sale = this.parts.rules.readSale(receipt, known, (member) => this.memberNow(member));
      if (sale !== null) then(sale);
    };
    if (this.failures > 0) {
      if (isHere) read([]);
      return;
    }
    const timeoutMs = isHere ? FIND_OWN_MS : FIND_MS;
    this.call({ name: 'find-sale', receipt }, timeoutMs, (answer) => {
      if (answer?.name === 'sale') read(answer.entries.map(({ entry }) => entry));
      else if (isHere) read([]);
    });
  }

  /** What this till wrote of a sale: the sale itself, its claim, its returns. */
  private entriesHere(of: string): readonly JournalEntry[] {
    const own = new Set([of]);
    const entries = this.disk.entries.map(({ entry }) => entry);
    for (const { tx, body: done } of entries) {
      if ((done.kind === 'claim' || done.kind === 'return') && done.of === of) own.add(tx);
    }
    return entries.filter(({ tx }) => own.has(tx));
  }

  private claimHere(of: string): boolean {
    return this.disk.entries.some(({ entry: { body: done } }) => {
      return done.kind === 'claim' && done.of === of;
    });
  }

  private memberNow(member: string): string {
    return this.disk.merged.get(member) ?? member;
  }

  /** One transaction that the screen or a receipt shows at once. */
  private writeShown(tx: string, bodies: readonly EntryBody[]): void {
    this.write({ bodies: [], grants: [], never: [] }, tx, bodies);
    this.parts.judge.shown(this);
    this.wake();
  }
}
