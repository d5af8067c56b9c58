import type { ReactNode } from 'react';
import { cashDifferenceMinor, expectedCashMinor, type ShiftFigures } from '#journal/entry.ts';
import { useSpeech, type Speech } from '#renderer/i18n/use-text.ts';
import { cx } from '#renderer/ui/cx.ts';
import styles from './close-shift.module.css';
import { useProgrammes } from './programmes.tsx';

interface Row {
  readonly label: string;
  readonly value: string;
  /** `part` of the row above it, or what the rows above it come to. */
  readonly is?: 'part' | 'sum';
}

/** The figures of a shift; what was counted only where it is closed. */
export function ShiftTable(props: {
  readonly figures: ShiftFigures;
  readonly isClosed: boolean;
}): ReactNode {
  const speech = useSpeech();
  const { figures, isClosed } = props;
  const { t, format } = speech;
  const { figure, text, unitOf } = useProgrammes();
  // Only points are called points; of money and stamps the amount says what it is.
  const isPoints = unitOf().kind === 'points';
  const amount = isPoints ? figure : text;
  const rows: readonly Row[] = [
    { label: t('z.sales'), value: format.points(figures.sales) },
    { label: t('z.with-member'), value: format.points(figures.salesWithMember), is: 'part' },
    { label: t('z.total'), value: format.money(figures.totalMinor), is: 'sum' },
    ...paid(figures, speech),
    { label: t('z.returns'), value: format.money(figures.returnsMinor) },
    { label: t('z.float'), value: orNotCounted(figures.floatMinor, speech) },
    { label: t('z.expected'), value: format.money(expectedCashMinor(figures)), is: 'sum' },
    ...(isClosed ? counted(figures, speech) : []),
    { label: t('z.drawer'), value: format.points(figures.drawerOpenings) },
    ...voided(figures, speech),
    { label: t(isPoints ? 'z.earned' : 'z.earned-other'), value: amount(figures.earned) },
    {
      label: t(isPoints ? 'z.redeemed' : 'z.redeemed-other'),
      value: amount(Math.abs(figures.redeemed)),
    },
    { label: t(isPoints ? 'z.reversed' : 'z.reversed-other'), value: amount(figures.reversed) },
  ];
  return (
    <dl>
      {rows.map(({ label, value, is }) => (
        <div className={cx(styles.row, is !== undefined && styles[is])} key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How the sales were paid; ways that nobody used are left out but for the two usual ones. */
function paid({ tenders }: ShiftFigures, { t, format }: Speech): readonly Row[] {
  if (tenders === undefined) return [];
  const { cashMinor, cardMinor, valueMinor, otherMinor } = tenders;
  const ways = [
    [t('pay.cash'), cashMinor, true],
    [t('pay.card'), cardMinor, true],
    [t('z.by-value'), valueMinor, false],
    [t('pay.other'), otherMinor, false],
  ] as const;
  return ways.flatMap(([label, amountMinor, isUsual]): Row[] =>
    amountMinor === 0 && !isUsual ? [] : [{ label, value: format.money(amountMinor), is: 'part' }],
  );
}

/** Goods taken off sales, and what they would have cost. */
function voided({ voids }: ShiftFigures, { t, format }: Speech): readonly Row[] {
  if (voids === undefined) return [];
  const value = t('z.voided', { lines: voids.lines, money: format.money(voids.amountMinor) });
  return [{ label: t('z.voids'), value }];
}

function orNotCounted(amountMinor: number | null | undefined, { t, format }: Speech): string {
  return typeof amountMinor !== 'number' ? t('z.not-counted') : format.money(amountMinor);
}

function counted(figures: ShiftFigures, speech: Speech): readonly Row[] {
  const { t, format } = speech;
  const row = { label: t('z.counted'), value: orNotCounted(figures.countedMinor, speech) };
  const difference = cashDifferenceMinor(figures);
  if (difference === null) return [row];
  return [row, { label: t('z.difference'), value: format.money(difference) }];
}
