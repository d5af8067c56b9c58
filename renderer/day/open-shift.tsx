import { type ReactNode, useState } from 'react';
import { show } from '#renderer/cashier/member-actions.ts';
import { perform } from '#renderer/cashier/perform.ts';
import { receivedMinor } from '#renderer/cashier/tender-amounts.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import styles from './close-shift.module.css';
import { ShiftPanel, TypedAmount } from './shift-panel.tsx';

/** No shift is open: the drawer can be counted before the first sale opens one without a count. */
export function OpenShift(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const floatMinor = receivedMinor(useCounterUi((ui) => ui.entry));
  const [isAsked, setIsAsked] = useState(false);
  const open = async (counted: number): Promise<void> => {
    setIsAsked(true);
    const isOpen = await perform(counter, () =>
      counter.till.call['shift.open']({ floatMinor: counted }),
    );
    if (isOpen) show(counter, { kind: 'sell' });
    else setIsAsked(false);
  };
  return (
    <ShiftPanel
      part="open-panel"
      title={t('open.title')}
      hint={t('open.hint')}
      amounts={<TypedAmount label={t('z.float')} part="float" amountMinor={floatMinor} />}
    >
      <Button
        look="filled"
        size="key"
        part="open-commit"
        className={styles.only}
        isDisabled={isAsked || floatMinor === null}
        onPress={() => {
          if (floatMinor !== null) void open(floatMinor);
        }}
      >
        {t('open.deed')}
      </Button>
    </ShiftPanel>
  );
}
