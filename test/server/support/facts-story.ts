import { ledgerEntry, type LedgerEntry } from '#loyalty/entry.ts';
import { emptyLedger, newLedgerMember, type Ledger, type LedgerSale } from '#loyalty/ledger.ts';
import { noRefunds } from '#loyalty/refund.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { DEMO_STORE, demoShop } from '#server/demo/demo.ts';
import { rulesOf } from '#server/shop.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { factsProgrammes, snapshotOf } from './facts-shop.ts';
import { hashOf, type ShopServer, type WireTill } from './shop-server.ts';

const DAYS = [
  '2025-12-30',
  '2026-10-30',
  '2026-11-02',
  '2026-11-16',
  '2026-11-20',
  '2026-11-21',
] as const;

/** Something that happens in the shop, or between it and the server. */
export type Deed =
  | {
      readonly kind: 'sale';
      readonly till: number;
      readonly member: number | null;
      readonly day: number;
      readonly points: number;
      readonly stars: number;
      readonly qualifying: number;
      readonly rules: readonly string[];
      readonly rewards: readonly ('promo-reward' | 'ten-off')[];
    }
  | {
      readonly kind: 'return';
      readonly till: number;
      readonly of: number;
      readonly whole: boolean;
      readonly day: number;
    }
  | {
      readonly kind: 'claim';
      readonly till: number;
      readonly of: number;
      readonly member: number;
      readonly points: number;
      readonly day: number;
    }
  | { readonly kind: 'merge'; readonly from: number; readonly into: number }
  | { readonly kind: 'push'; readonly till: number; readonly most: number; readonly again: number };

interface ToldSale {
  readonly tx: string;
  readonly number: number;
  readonly snapshot: SaleSnapshot;
  readonly atMs: number;
  member: string | null;
  claimed: boolean;
  returnedMilli: Record<string, number>;
  refundedMinor: number;
  /** Which till takes its goods back: which day a smaller part is lost on depends on who tells first. */
  returnedAt: number | null;
}

interface Earned {
  readonly member: string;
  readonly programme: string;
  readonly source: string;
  readonly points: number;
  readonly qualifying: number;
  left: number;
  qualifyingLeft: number;
}

/** Plays deeds on a server's tills and keeps beside them what the pure ledger would hold. */
export class Story {
  readonly #server: ShopServer;
  readonly #tills: readonly WireTill[];
  readonly #sales: ToldSale[] = [];
  readonly #earned: Earned[] = [];
  readonly #entries: LedgerEntry[] = [];
  #owners = new Map<string, string>();
  #acknowledged = [0, 0];
  #run = 0;
  #next = 1;
  #firstSale = 0;

  constructor(server: ShopServer, tills: readonly WireTill[]) {
    this.#server = server;
    this.#tills = tills;
  }

  /** Members of the last run that are still themselves. */
  owners(): readonly string[] {
    return [...this.#owners].flatMap(([member, owner]) =>
      member === owner && member.startsWith(`f${this.#run}-`) ? [member] : [],
    );
  }

  async play(deeds: readonly Deed[]): Promise<void> {
    this.#run += 1;
    this.#firstSale = this.#sales.length;
    for (const [index, till] of this.#tills.entries()) {
      const members = index === 0 ? [0, 1] : [2, 3];
      till.journal.append(this.#tx(), ...members.map((number) => body.enrol(this.#name(number))));
      await this.#push(index, 500, 0);
    }
    for (const deed of deeds) await this.#do(deed);
    for (const index of this.#tills.keys()) await this.#push(index, 500, 0);
    const rows = await this.#server.database.query<{ member: string; owner: string }>(
      'select member, owner from member',
    );
    this.#owners = new Map(rows.map(({ member, owner }) => [member, owner]));
  }

  /** Everything that ever happened, with each member's things at its owner. */
  ledger(owner: string): Ledger {
    const view = rulesOf(DEMO_STORE, { ...demoShop(), programmes: factsProgrammes() });
    const ownerOf = (member: string): string => this.#owners.get(member) ?? member;
    const sales = this.#sales.map((sale): readonly [string, LedgerSale] => [
      sale.tx,
      {
        id: sale.tx,
        atMs: sale.atMs,
        member: sale.member === null ? null : ownerOf(sale.member),
        snapshot: sale.snapshot,
        refunds: {
          ...noRefunds,
          returned: { milliByLine: { ...sale.returnedMilli }, amountMinor: 0 },
        },
        complete: sale.snapshot.lines.every(
          ({ id, quantityMilli }) => (sale.returnedMilli[id] ?? 0) >= quantityMilli,
        ),
        claimedBy: null,
      },
    ]);
    return {
      ...emptyLedger(view.settings, view.programmes),
      members: new Map([[owner, newLedgerMember(owner, 0)]]),
      sales: new Map(sales),
      entries: this.#entries.map((entry) => ({
        ...entry,
        account: { ...entry.account, holder: ownerOf(entry.account.holder) },
      })),
    };
  }

  #name(number: number): string {
    return `f${this.#run}-${number}`;
  }

  #tx(): string {
    this.#next += 1;
    return txOf(this.#next);
  }

  #at(day: number): { day: string; atMs: number } {
    const date = DAYS[day] ?? '2026-11-21';
    // Two sales never share an instant, so that "last" names one of them.
    return { day: date, atMs: Date.parse(`${date}T08:00:00Z`) + this.#next };
  }

  async #do(deed: Deed): Promise<void> {
    switch (deed.kind) {
      case 'sale':
        return this.#sell(deed);
      case 'return':
        return this.#takeBack(deed);
      case 'claim':
        return this.#claim(deed);
      case 'merge':
        return this.#merge(deed);
      case 'push':
        return this.#push(deed.till, deed.most, deed.again);
      default:
        return deed satisfies never;
    }
  }

  async #push(index: number, most: number, again: number): Promise<void> {
    const till = this.#tills[index];
    const acknowledged = this.#acknowledged[index] ?? 0;
    if (till === undefined || till.journal.head.seq === acknowledged) return;
    const from = Math.max(1, acknowledged + 1 - again);
    const to = Math.min(till.journal.head.seq, acknowledged + most);
    const answer = await till.push(from, to);
    if (answer.outcome !== 'acknowledged') throw new Error(`The server said ${answer.outcome}`);
    this.#acknowledged[index] = answer.ackSeq;
  }

  #sell(deed: Extract<Deed, { kind: 'sale' }>): void {
    const till = this.#tills[deed.till];
    if (till === undefined) return;
    const tx = this.#tx();
    const at = this.#at(deed.day);
    const member = deed.member === null ? null : this.#name(deed.member);
    const breakdown = Object.fromEntries(deed.rules.map((rule) => [rule, deed.points]));
    const points = deed.points * deed.rules.length;
    const qualifying = points - Math.floor((points * deed.qualifying) / 16);
    const earnings = [
      { programme: 'points', points, qualifying, breakdown },
      ...(deed.stars === 0
        ? []
        : [{ programme: 'stars', points: deed.stars, qualifying: deed.stars, breakdown: {} }]),
    ];
    const snapshot = snapshotOf(
      deed.rewards.map((reward) => ({ reward, member })),
      member === null ? [] : earnings,
      at.atMs,
    );
    const number = this.#next;
    till.journal.append(
      { tx, ...at },
      {
        ...body.sale(number, member, snapshot.totalMinor),
        snapshot,
      },
    );
    const sale = { tx, number, snapshot, atMs: at.atMs, member, claimed: false };
    this.#sales.push({ ...sale, returnedMilli: {}, refundedMinor: 0, returnedAt: null });
    if (member === null) return;
    for (const earning of earnings) this.#earn(till, { tx, ...at }, member, tx, earning);
  }

  #earn(
    till: WireTill,
    written: { readonly tx: string; readonly day: string; readonly atMs: number },
    member: string,
    source: string,
    earning: {
      readonly programme: string;
      readonly points: number;
      readonly qualifying: number;
      readonly breakdown: Record<string, number>;
    },
  ): void {
    const { programme: id, points, qualifying, breakdown } = earning;
    till.journal.append(written, {
      ...body.earn(member, source, points, written.atMs),
      programme: id,
      breakdown,
      ...(qualifying === points ? {} : { qualifyingPoints: qualifying }),
    });
    const account = { holder: member, programme: id, purpose: 'spendable' as const };
    const common = {
      type: 'earn',
      source,
      sourceType: 'sale',
      atMs: written.atMs,
      breakdown,
    } as const;
    this.#book({ ...common, account, amount: points }, `${member}/${id}/${source}`);
    if (qualifying > 0) {
      this.#book(
        { ...common, account: { ...account, purpose: 'qualifying' }, amount: qualifying },
        `${member}/${id}/${source}/q`,
      );
    }
    const left = { left: points, qualifyingLeft: qualifying };
    this.#earned.push({ member, programme: id, source, points, qualifying, ...left });
  }

  #book(
    entry: Pick<LedgerEntry, 'account' | 'type' | 'source' | 'amount' | 'atMs'> & {
      readonly sourceType: LedgerEntry['sourceType'];
    } & Partial<LedgerEntry>,
    id: string,
  ): void {
    this.#entries.push(ledgerEntry({ actor: 'till', ...entry, id }));
  }

  #chosen(of: number): ToldSale | undefined {
    const sales = this.#sales.slice(this.#firstSale);
    return sales.length === 0 ? undefined : sales[of % sales.length];
  }

  #takeBack(deed: Extract<Deed, { kind: 'return' }>): void {
    const sale = this.#chosen(deed.of);
    if (sale === undefined) return;
    sale.returnedAt ??= deed.till;
    const till = this.#tills[sale.returnedAt];
    if (till === undefined) return;
    const lines = sale.snapshot.lines.flatMap(({ id, quantityMilli }) => {
      const left = quantityMilli - (sale.returnedMilli[id] ?? 0);
      const back = deed.whole ? left : Math.min(left, 1000);
      return back === 0 || (!deed.whole && id === 'line-2')
        ? []
        : [{ line: id, quantityMilli: back }];
    });
    if (lines.length === 0) return;
    const tx = this.#tx();
    const at = { tx, ...this.#at(deed.day) };
    for (const { line, quantityMilli } of lines) {
      sale.returnedMilli[line] = (sale.returnedMilli[line] ?? 0) + quantityMilli;
    }
    const complete = sale.snapshot.lines.every(
      ({ id, quantityMilli }) => (sale.returnedMilli[id] ?? 0) >= quantityMilli,
    );
    const left = sale.snapshot.totalMinor - sale.refundedMinor;
    const refundMinor = complete ? left : Math.floor(left / 3);
    sale.refundedMinor += refundMinor;
    till.journal.append(at, {
      ...body.return(this.#next, sale.tx, sale.member, refundMinor),
      lines,
    });
    for (const earned of this.#earned.filter(({ source }) => source === sale.tx)) {
      const points = complete ? earned.left : Math.floor(earned.left / 2);
      if (points === 0) continue;
      const { member, programme: id, source } = earned;
      const original = { source, type: 'earn' as const };
      const said = complete || points % 2 > 0 ? null : Math.floor(earned.qualifyingLeft / 2);
      till.journal.append(at, {
        ...body.reverse(member, tx, original, -points),
        programme: id,
        ...(said === null ? {} : { qualifyingPoints: -said }),
      });
      const account = { holder: member, programme: id, purpose: 'spendable' as const };
      const common = {
        type: 'reverse',
        source: `${tx}:earn`,
        sourceType: 'refund',
        atMs: at.atMs,
      } as const;
      const of = `${member}/${id}/${source}`;
      earned.left -= points;
      this.#book({ ...common, account, amount: -points, ofEntryId: of }, `${of}/${tx}`);
      const part = complete
        ? earned.qualifyingLeft
        : (said ?? Math.min(earned.qualifyingLeft, points));
      earned.qualifyingLeft -= part;
      if (part > 0) {
        const qualifying = { ...account, purpose: 'qualifying' as const };
        this.#book(
          { ...common, account: qualifying, amount: -part, ofEntryId: `${of}/q` },
          `${of}/${tx}/q`,
        );
      }
    }
  }

  #claim(deed: Extract<Deed, { kind: 'claim' }>): void {
    const till = this.#tills[deed.till];
    const sale = this.#chosen(deed.of);
    if (till === undefined || sale === undefined || sale.member !== null) return;
    if (Object.keys(sale.returnedMilli).length > 0) return;
    const member = this.#name(deed.member);
    const tx = this.#tx();
    const at = { tx, ...this.#at(deed.day) };
    till.journal.append(at, body.claim(sale.number, sale.tx, member));
    const breakdown = { base: deed.points };
    const { points } = deed;
    const earning = { programme: 'points', points, qualifying: points, breakdown };
    this.#earn(till, at, member, sale.tx, earning);
    const place = this.#sales.indexOf(sale);
    const snapshot = snapshotOf([], [earning], sale.atMs);
    this.#sales[place] = {
      ...sale,
      member,
      claimed: true,
      snapshot: { ...sale.snapshot, earnings: snapshot.earnings },
    };
  }

  async #merge(deed: Extract<Deed, { kind: 'merge' }>): Promise<void> {
    const [till] = this.#tills;
    if (till === undefined || deed.from === deed.into) return;
    this.#next += 1;
    const hash = hashOf('card', `${this.#run}-${this.#next}`);
    for (const number of [deed.into, deed.from]) {
      await till.call('profile', {
        profiles: [
          {
            member: this.#name(number),
            version: this.#next,
            market: 'TR',
            name: null,
            phone: null,
            phoneTakesSms: false,
            language: 'tr',
            identifiers: [{ kind: 'card', hash, masked: '··' }],
            consents: [],
          },
        ],
      });
    }
  }
}
