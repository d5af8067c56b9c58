import type { ReactNode } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './needs-you.module.css';
import { useProgrammes } from './programmes.tsx';

/** From this share on a budget is worth a line before it is spent. */
const nearlySpent = 0.9;

/** Whether the day has anything to tell of tiers, budgets and memberships. */
export function hasLoyaltyNews(report: DayReport): boolean {
  return (
    report.tierMoves.length > 0 || report.renewals.length > 0 || toldBudgets(report).length > 0
  );
}

/** What loyalty itself brought today: budgets running out, fees to ring up, members who moved. */
export function LoyaltyNews({ report }: { readonly report: DayReport }): ReactNode {
  const { t, format, name } = useSpeech();
  const named = (key: string): string => {
    const known = report.names[key];
    return known === undefined ? key : name(known);
  };
  const { figure, text } = useProgrammes();
  const who = (member: string | null): string => member ?? t('member.nameless');
  return (
    <>
      {toldBudgets(report).map((budget) => (
        <li key={budget.programme} className={styles.item} data-part="budget">
          <p className={styles.what}>
            {t(`day.budget-${budget.state}`, {
              programme: named(budget.programme),
              given: figure(budget.givenPoints, budget.programme),
              budget: text(budget.budgetPoints, budget.programme),
              over: text(budget.overPoints, budget.programme),
            })}
          </p>
        </li>
      ))}
      {report.renewals.map((fee) => (
        <li key={`${fee.member}/${fee.sku}`} className={styles.item} data-part="renewal">
          <p className={styles.what}>
            {t('day.renewal', {
              name: who(fee.name),
              programme: named(fee.programme),
              date: format.date(fee.paidUntilMs),
            })}
          </p>
        </li>
      ))}
      {report.tierMoves.map((move) => (
        <li
          key={`${move.member}/${move.programme}/${move.atMs}`}
          className={styles.item}
          data-tone="info"
          data-part="tier-move"
        >
          <p className={styles.what}>
            {t(move.kind === 'up' ? 'day.tier-up' : 'day.tier-down', {
              name: who(move.name),
              tier: move.to === null ? t('day.no-tier') : named(`${move.programme}/${move.to}`),
            })}
          </p>
          <p className={styles.where}>{format.time(move.atMs)}</p>
        </li>
      ))}
    </>
  );
}

function toldBudgets({ budgets }: DayReport): DayReport['budgets'] {
  return budgets.filter(
    ({ state, givenPoints, budgetPoints }) =>
      state !== 'within' || givenPoints >= budgetPoints * nearlySpent,
  );
}
