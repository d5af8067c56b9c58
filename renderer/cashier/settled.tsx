import type { ReactNode } from 'react';
import type { LastSaleView } from '#contract/till-state.ts';
import { amountText, earnedWords } from '#renderer/i18n/amounts.ts';
import { useSpeech, type Speech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { show } from './member-actions.ts';
import { PrintState } from './print-state.tsx';
import styles from './settled.module.css';
import { useCounter } from './use-counter.ts';

/** After the sale: what to give back, what was earned, whether the receipt is out. The next scan ends it. */
export function Settled(props: {
  readonly last: LastSaleView;
  readonly changeMinor: number | null;
}): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const { last, changeMinor } = props;
  return (
    <section
      className={styles.settled}
      aria-label={t('settled.region')}
      data-part="settled"
      data-sale={last.saleId}
    >
      <div className={styles.done} role="status">
        <span className={styles.tick}>
          <Icon name="check" />
        </span>
        <p className={styles.title}>
          {t(last.kind === 'return' ? 'settled.refunded' : 'settled.done')}
        </p>
        {changeMinor === null || changeMinor === 0 ? (
          <p className={styles.big} data-part="settled-total">
            <bdi>{format.money(last.dueMinor)}</bdi>
          </p>
        ) : (
          <>
            <p className={styles.label}>{t('settled.change')}</p>
            <p className={styles.big} data-part="settled-change" data-minor={changeMinor}>
              <bdi>{format.money(changeMinor)}</bdi>
            </p>
            <p className={styles.label}>
              {t('settled.of', { money: format.money(last.dueMinor) })}
            </p>
          </>
        )}
        <PointsWord last={last} />
        <Awards last={last} />
      </div>
      <PrintState last={last} />
      <Button
        look="filled"
        size="key"
        part="next-sale"
        className={styles.next}
        onPress={() => show(counter, { kind: 'sell' })}
      >
        {t('settled.next')}
      </Button>
    </section>
  );
}

/** What the shopper is told besides points: the cashier says it, the receipt repeats it. */
function Awards({ last }: { readonly last: LastSaleView }): ReactNode {
  const words = useWords();
  if (last.awards.length === 0) return null;
  return (
    <ul className={styles.awards} data-part="awards">
      {last.awards.map((award, index) => (
        <li
          key={`${index}-${award.code}`}
          className={styles.award}
          data-code={award.code}
          {...(award.code.startsWith('award-tier') ? { 'data-tier': '' } : {})}
        >
          {words(award, 'info')}
        </li>
      ))}
    </ul>
  );
}

function PointsWord({ last }: { readonly last: LastSaleView }): ReactNode {
  const speech = useSpeech();
  const { t } = speech;
  const hasMember = useTillState((state) => state.member !== null);
  if (last.balanceAfter === null && last.earned === 0 && last.claimable === 0) {
    return hasMember ? null : <p className={styles.label}>{t('settled.no-points')}</p>;
  }
  return (
    <p
      className={styles.points}
      data-part="settled-points"
      data-earned={last.earned}
      data-balance={last.balanceAfter ?? ''}
      data-claimable={last.claimable}
    >
      {pointsWord(speech, last)}
    </p>
  );
}

function pointsWord(speech: Speech, last: LastSaleView): string {
  const { unit, claimable } = last;
  return claimable > 0
    ? speech.t('settled.claimable', { amount: amountText(speech, unit, claimable) })
    : earnedWords(speech, last);
}
