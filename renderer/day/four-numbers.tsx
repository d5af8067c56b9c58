import type { ReactNode } from 'react';
import type { DayReport, DayTotals } from '#contract/day.ts';
import type { DayFigure } from '#contract/manager.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Press } from '#renderer/ui/press.tsx';
import type { OpenEntries } from './day-page.tsx';
import styles from './four-numbers.module.css';
import { useSay } from './manager-words.ts';
import { useProgrammes } from './programmes.tsx';
import { worthMinor } from './tie.ts';

/** Sales with a member, new members, rewards given, points owed: the four a manager asks first. */
export function FourNumbers(props: {
  readonly report: DayReport;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { report, onOpen } = props;
  const { t, format } = useSpeech();
  const { figure } = useProgrammes();
  const compared = useCompared(report);
  const { totals } = report;
  const points = report.points[0];
  const given = totals.salesTotalMinor === 0 ? 0 : totals.discountMinor / totals.salesTotalMinor;
  return (
    <ul className={styles.numbers}>
      <Figure
        part="scan-rate"
        figure="with-member"
        label={t('day.with-member')}
        value={format.percent(scanRate(totals))}
        note={t('day.with-member-note', { with: totals.salesWithMember, sales: totals.sales })}
        compared={compared((of) => format.percent(scanRate(of)))}
        onOpen={onOpen}
      />
      <Figure
        part="new-members"
        figure="new-members"
        label={t('day.new-members')}
        value={format.points(totals.newMembers)}
        note={t('day.new-members-note', {
          money: format.money(totals.salesTotalMinor),
          sales: totals.sales,
        })}
        compared={compared((of) => format.points(of.newMembers))}
        onOpen={onOpen}
      />
      <Figure
        part="rewards-given"
        figure="discounts"
        label={t('day.rewards')}
        value={format.money(totals.discountMinor)}
        note={t('day.rewards-note', { share: format.percent(given) })}
        compared={compared((of) => format.amount(of.discountMinor))}
        onOpen={onOpen}
      />
      <Figure
        part="points-owed"
        figure="points"
        label={t(report.source === 'server' ? 'day.owed' : 'day.owed-till')}
        value={figure(points?.closing ?? 0, points?.programme)}
        note={t('day.owed-note', {
          money: format.money(points === undefined ? 0 : worthMinor(points.closing, points.worth)),
        })}
        compared={null}
        onOpen={(opened) =>
          onOpen(opened, points === undefined ? {} : { programme: points.programme })
        }
      />
    </ul>
  );
}

function scanRate({ sales, salesWithMember }: DayTotals): number {
  return sales === 0 ? 0 : salesWithMember / sales;
}

/** The same figure of the days before, and of a week earlier; null where nobody could be asked. */
function useCompared({ compare, day, through }: DayReport) {
  const say = useSay();
  const key = day === through ? 'cmp.day' : 'cmp.span';
  return (figure: (of: DayTotals) => string): string | null => {
    const { before, weekAgo } = compare;
    if (before === null || weekAgo === null) return null;
    return say(key, { before: figure(before), week: figure(weekAgo) });
  };
}

function Figure(props: {
  readonly part: string;
  readonly figure: DayFigure;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly compared: string | null;
  readonly onOpen: OpenEntries;
}): ReactNode {
  const { part, figure, label, value, note, compared, onOpen } = props;
  return (
    <li>
      <Press className={styles.figure ?? ''} data-part={part} onPress={() => onOpen(figure)}>
        <span className={styles.label}>{label}</span>
        <span className={styles.value}>
          <bdi>{value}</bdi>
        </span>
        <span className={styles.note}>{note}</span>
        {compared === null ? null : <span className={styles.note}>{compared}</span>}
      </Press>
    </li>
  );
}
