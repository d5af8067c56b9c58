import { memo, type ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { VoucherView } from '#contract/till-state.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { useHeld } from '#renderer/ui/use-held.ts';
import { enterCode, removeCode } from './code-actions.ts';
import styles from './rewards.module.css';
import { useCounter } from './use-counter.ts';

/** A coupon or gift card of the shopper's own: a tap uses it, another takes it off again. */
export const VoucherCard = memo(function VoucherCard(props: {
  readonly voucher: VoucherView;
}): ReactNode {
  const { voucher } = props;
  const { t, format, name } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const isUsed = voucher.state === 'applied';
  const about =
    voucher.state === 'requesting'
      ? t('reward.requesting')
      : voucher.reason !== null
        ? words(voucher.reason, 'info')
        : voucher.expiresAtMs === null
          ? t('voucher.plain')
          : t('voucher.until', { day: format.date(voucher.expiresAtMs - 1) });
  return (
    <ToggleButton
      className={styles.card ?? ''}
      isSelected={isUsed}
      isDisabled={voucher.state === 'unavailable'}
      onChange={() =>
        isUsed ? removeCode(counter, voucher.code) : void enterCode(counter, voucher.code)
      }
      {...useHeld()}
      data-part="voucher"
      data-state={voucher.state}
    >
      <Icon name={isUsed ? 'check' : 'ticket'} />
      <span className={styles.facts}>
        <bdi className={styles.name}>{name(voucher.name)}</bdi>
        <span className={styles.cost}>{about}</span>
      </span>
      {voucher.worthMinor === null ? null : (
        <bdi className={styles.worth}>{format.money(-voucher.worthMinor)}</bdi>
      )}
    </ToggleButton>
  );
});
