import type { Message } from '#contract/till-state.ts';
import { normaliseCode } from '#loyalty/card.ts';
import type { ReceiptLine } from '#loyalty/receipt.ts';
import { fill, pairLine, textLine, type Writing } from './writing.ts';

/** What the shopper is told besides points, on paper: one fact a line, a voucher with its code. */
export function awardLines(writing: Writing, awards: readonly Message[]): readonly ReceiptLine[] {
  const lines = awards
    .filter(({ code }) => !code.startsWith('award-voucher'))
    .flatMap((award) => plainLine(writing, award));
  const vouchers = awards.filter(({ code }) => code.startsWith('award-voucher'));
  return [
    ...(lines.length === 0 ? [] : [{ kind: 'rule' as const }, ...lines]),
    ...vouchers.flatMap((award) => voucherLines(writing, award)),
  ];
}

function plainLine(writing: Writing, award: Message): readonly ReceiptLine[] {
  const { words } = writing;
  const name = nameOf(writing, award);
  const { lastDayMs, lastDay, points, valueMinor } = award.params;
  switch (award.code) {
    case 'award-tier-up':
      return [pairLine(words.newTier, name, { size: 'large', bold: true })];
    case 'award-tier-down':
      return [pairLine(words.tierNow, name)];
    case 'award-membership':
      return [pairLine(name, until(writing, lastDayMs), { bold: true })];
    case 'award-points':
      return [pairLine(name, `+${writing.number(Number(points))}`)];
    case 'award-money':
      return [pairLine(name, `+${writing.moneyNamed(Number(valueMinor))}`)];
    case 'award-badge':
      return [pairLine(words.badge, name)];
    case 'award-comeback':
      return [pairLine(name, fill(words.until, { date: writing.day(String(lastDay)) }))];
    default:
      return [textLine(name)];
  }
}

/** A voucher is taken home: its name, its end, and its code to scan and to read. */
function voucherLines(writing: Writing, award: Message): readonly ReceiptLine[] {
  const code = String(award.params['voucher']);
  const { lastDayMs } = award.params;
  return [
    { kind: 'rule' },
    textLine(nameOf(writing, award), { align: 'center', size: 'large', bold: true }),
    {
      kind: 'qr',
      content: `V:${normaliseCode(code)}`,
      caption: lastDayMs === undefined ? writing.words.voucher : until(writing, lastDayMs),
    },
    textLine(`${writing.words.code}: ${code}`, { align: 'center' }),
  ];
}

function until(writing: Writing, lastDayMs: string | number | undefined): string {
  return fill(writing.words.until, { date: writing.date(Number(lastDayMs)) });
}

/** Names cross as JSON text in several languages; a plain text is itself. */
function nameOf(writing: Writing, { params }: Message): string {
  const name = String(params['name'] ?? '');
  return name.startsWith('{') ? writing.text(JSON.parse(name) as Record<string, string>) : name;
}
