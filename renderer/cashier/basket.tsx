import { memo, type ReactNode, useEffect, useRef } from 'react';
import type { BasketView } from '#contract/till-state.ts';
import { useSpeech, type Speech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { amountText } from '#renderer/i18n/amounts.ts';
import { CodeRow } from './basket-codes.tsx';
import styles from './basket.module.css';
import { NoticeLine } from './notice-line.tsx';
import { removeLine, stepQuantity, toggleReward } from './sale-actions.ts';
import { useCounter, useCounterUi } from './use-counter.ts';
import { UndoClear } from './undo.tsx';
import { Why } from './why.tsx';

type Line = BasketView['lines'][number];
type Applied = BasketView['rewards'][number];

/** The sale so far: rows of 56 u, rewards in the accent colour, quiet lines at the foot. */
export function Basket(): ReactNode {
  const { t } = useSpeech();
  const lines = useTillState((state) => state.basket.lines);
  const rewards = useTillState((state) => state.basket.rewards).filter(({ code }) => code === null);
  const codes = useTillState((state) => state.basket.codes);
  const list = useRef<HTMLDivElement>(null);
  const rows = lines.length + rewards.length + codes.length;
  useEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [rows]);
  return (
    <section
      className={styles.basket}
      aria-label={t('basket.region')}
      data-part="basket"
      data-lines={lines.length}
    >
      {rows === 0 ? (
        <div className={styles.empty}>
          <span className={styles.emptyIcon}>
            <Icon name="goods" />
          </span>
          <p className={styles.emptyTitle}>{t('basket.empty')}</p>
          <p className={styles.emptyNote}>{t('basket.empty-note')}</p>
          <UndoClear />
        </div>
      ) : (
        <div className={styles.scroll} ref={list}>
          <ul>
            {lines.map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
            {rewards.map((reward) => (
              <RewardRow key={`${reward.programme}/${reward.reward}`} reward={reward} />
            ))}
            {codes.map((code) => (
              <CodeRow key={code.text} code={code} />
            ))}
          </ul>
        </div>
      )}
      <Why />
      <NoticeLine />
    </section>
  );
}

const LineRow = memo(function LineRow({ line }: { readonly line: Line }): ReactNode {
  const { t, format, name } = useSpeech();
  const counter = useCounter();
  const isSelected = useCounterUi((ui) => ui.selectedLine === line.id);
  const words = line.name === null ? t('basket.amount') : name(line.name);
  return (
    <li
      className={isSelected ? `${styles.row} ${styles.selected}` : styles.row}
      data-part="line"
      data-sku={line.sku ?? ''}
    >
      <Press
        className={styles.pick ?? ''}
        aria-pressed={isSelected}
        onPress={() => counter.change({ selectedLine: isSelected ? null : line.id })}
      >
        <span className={styles.quantity}>
          {t('basket.times', { quantity: format.quantity(line.quantityMilli) })}
        </span>
        <bdi className={styles.what}>{words}</bdi>
        <bdi className={styles.sum}>{format.amount(line.grossMinor)}</bdi>
      </Press>
      {isSelected ? (
        <span className={styles.tools}>
          <Button
            icon="minus"
            label={t('basket.less', { name: words })}
            part="line-less"
            onPress={() => stepQuantity(counter, line, -1)}
          />
          <Button
            icon="plus"
            label={t('basket.more', { name: words })}
            part="line-more"
            onPress={() => stepQuantity(counter, line, 1)}
          />
          <Button
            icon="trash"
            look="danger"
            label={t('basket.void', { name: words })}
            part="line-void"
            onPress={() => void removeLine(counter, line.id)}
          />
        </span>
      ) : null}
    </li>
  );
});

const RewardRow = memo(function RewardRow({ reward }: { readonly reward: Applied }): ReactNode {
  const speech = useSpeech();
  const { t, format, name } = speech;
  const counter = useCounter();
  const words = name(reward.name);
  return (
    <li
      className={`${styles.row} ${styles.reward}`}
      data-part="applied-reward"
      data-reward={reward.reward}
    >
      <span className={styles.rewardFacts}>
        <span className={styles.quantity}>
          <Icon name="star" />
        </span>
        <span className={styles.what}>
          <bdi>{words}</bdi>
          <span className={styles.cost}>{rewardWords(speech, reward)}</span>
        </span>
        {reward.valueMinor === 0 ? null : (
          <bdi className={styles.sum}>{format.amount(-reward.valueMinor)}</bdi>
        )}
      </span>
      {reward.removable ? (
        <Button
          icon="cross"
          look="quiet"
          label={t('reward.remove', { name: words })}
          onPress={() => toggleReward(counter, reward)}
          part="reward-remove"
        />
      ) : (
        <span className={styles.noButton} />
      )}
    </li>
  );
});

/** What a reward costs, or who brought it where it costs nothing. */
function rewardWords(speech: Speech, reward: Applied): string {
  const { t, name } = speech;
  if (reward.added !== null) {
    return t('reward.added', { units: reward.added.units, name: name(reward.added.name) });
  }
  return reward.points === 0 ? t('reward.by-shop') : amountText(speech, reward.unit, reward.points);
}
