import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import { displayReceiptToken } from '#loyalty/card.ts';
import type { Refund } from '#loyalty/refund.ts';
import type { Core } from '#till/core.ts';
import type { CachedMember } from '#till/database.ts';
import { pointsWorthMinor } from '#till/points-worth.ts';
import type { SoldSale } from '#till/return-in-progress.ts';
import { returnFigures } from '#till/returning.ts';
import { balancesAsOf, type ShownBalance } from '#till/standing.ts';
import { foot, heading, pointsBlock, receiptCode } from './parts.ts';
import { unitWords } from './words.ts';
import { pairLine, receiptLanguage, writingFor, type Writing } from './writing.ts';

/** A return as it is frozen on its receipt. */
export interface PrintedReturn {
  readonly sale: SoldSale;
  readonly refund: Refund;
  readonly receipt: string;
  readonly number: number;
  readonly atMs: number;
  readonly member: CachedMember | null;
  /** The programme that matters most here, with this return in it. */
  readonly balance: ShownBalance | null;
}

/** The receipt of a return: which sale, what came back, how much money and how many points. */
export function returnReceipt(core: Core, figures: PrintedReturn): ReceiptDocument {
  const { config } = core;
  const { sale, refund, atMs } = figures;
  const language = receiptLanguage(figures.member?.language ?? null, config);
  const writing = writingFor(language, config);
  const { words } = writing;
  return {
    language,
    openDrawer: true,
    lines: [
      ...heading(writing, config, atMs, `${words.receipt} ${figures.number}`),
      pairLine(words.refundOf, displayReceiptToken(sale.receipt)),
      ...refund.lines.map(({ line, quantityMilli, amountMinor }) => {
        const sold = sale.snapshot.lines.find(({ id }) => id === line);
        const product = config.products.find(({ sku }) => sku === sold?.sku);
        const name = product === undefined ? words.amount : writing.text(product.name);
        const label =
          quantityMilli === 1000 ? name : `${writing.quantity(quantityMilli)} x ${name}`;
        return pairLine(label, `-${writing.money(amountMinor)}`);
      }),
      { kind: 'rule' },
      pairLine(words.refund, writing.moneyNamed(refund.refundMinor), { size: 'huge', bold: true }),
      ...points(core, writing, figures),
      ...receiptCode(writing, figures.receipt, words.keep),
      ...foot(writing),
    ],
  };
}

function points(core: Core, writing: Writing, figures: PrintedReturn): readonly ReceiptLine[] {
  const { refund, balance } = figures;
  const told = returnFigures(core, refund);
  const { programme, takenBack: taken, givenBack: given } = told;
  const { words } = writing;
  const moved: ReceiptLine[] = [];
  if (told.valueBackMinor > 0) {
    moved.push(pairLine(words.valueBack, writing.moneyNamed(told.valueBackMinor)));
  }
  if (programme === null) return moved;
  const { takenBack, returned } = unitWords(words, programme.unit.kind);
  if (taken > 0) moved.push(pairLine(takenBack, writing.pointsNamed(taken, programme)));
  if (given > 0) moved.push(pairLine(returned, writing.pointsNamed(given, programme)));
  const block = pointsBlock(writing, {
    programme,
    earned: 0,
    claimable: 0,
    used: null,
    balance:
      balance === null
        ? null
        : {
            points: balance.total,
            worthMinor: pointsWorthMinor(programme, balance.total),
            asOfMs: balancesAsOf(core, core.ports.database.read.syncState()),
          },
    nextTier: null,
  });
  return moved.length === 0 && block.length === 0
    ? []
    : [{ kind: 'rule' }, ...moved, ...block.slice(1)];
}
