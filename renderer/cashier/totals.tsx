import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { amountText } from '#renderer/i18n/amounts.ts';
import styles from './totals.module.css';
import { useCounter, useCounterUi } from './use-counter.ts';

/** What it comes to and what it earns, with "why?" beside what it explains. */
export function Totals(): ReactNode {
  const speech = useSpeech();
  const { t, format } = speech;
  const counter = useCounter();
  const whyOpen = useCounterUi((ui) => ui.whyOpen);
  const basket = useTillState((state) => state.basket);
  const hasMember = useTillState((state) => state.member !== null);
  const earned = basket.earns[0];
  const paidMinor = basket.totalMinor - basket.dueMinor;
  const earns =
    basket.lines.length === 0
      ? null
      : earned !== undefined
        ? t('totals.earns-also', { points: amountText(speech, earned.unit, earned.points) })
        : basket.claimable
          ? t('totals.claimable')
          : hasMember
            ? t('totals.earns-nothing')
            : null;
  return (
    <section
      className={styles.totals}
      aria-label={t('totals.region')}
      data-part="totals"
      data-total-minor={basket.totalMinor}
    >
      <div className={styles.side}>
        <p className={styles.earns} data-part="earns" data-points={earned?.points ?? 0}>
          {earns}
        </p>
        {basket.trace.length === 0 || basket.lines.length === 0 ? null : (
          <Button
            look="quiet"
            expanded={whyOpen}
            part="why-open"
            className={styles.why}
            onPress={() => counter.change({ whyOpen: !whyOpen })}
          >
            {t('why.ask')}
          </Button>
        )}
      </div>
      <dl className={styles.sums}>
        {basket.discountMinor === 0 || paidMinor > 0 ? null : (
          <div className={styles.parts}>
            <dt>{t('totals.subtotal')}</dt>
            <dd>
              <bdi>{format.amount(basket.subtotalMinor)}</bdi>
            </dd>
            <dt>{t('totals.rewards')}</dt>
            <dd className={styles.saved}>
              <bdi>{format.amount(-basket.discountMinor)}</bdi>
            </dd>
          </div>
        )}
        {paidMinor === 0 ? null : (
          <div className={styles.parts} data-part="paid-by-value">
            <dt>{t('totals.total')}</dt>
            <dd>
              <bdi>{format.amount(basket.totalMinor)}</bdi>
            </dd>
            <dt>{t('totals.by-value')}</dt>
            <dd className={styles.saved}>
              <bdi>{format.amount(-paidMinor)}</bdi>
            </dd>
          </div>
        )}
        <div className={styles.total}>
          <dt>{t(paidMinor === 0 ? 'totals.total' : 'totals.due')}</dt>
          <dd data-part="total">
            <bdi>{format.money(basket.dueMinor)}</bdi>
          </dd>
        </div>
      </dl>
    </section>
  );
}
