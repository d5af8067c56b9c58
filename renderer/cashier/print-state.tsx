import type { ReactNode } from 'react';
import type { LastSaleView } from '#contract/till-state.ts';
import type { PrintJobState } from '#contract/device.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note, type Tone } from '#renderer/ui/note.tsx';
import { show } from './member-actions.ts';
import { printAgain } from './pay-actions.ts';
import styles from './print-state.module.css';
import { useCounter } from './use-counter.ts';

const tones: Readonly<Record<PrintJobState, Tone>> = {
  queued: 'info',
  sending: 'info',
  sent: 'info',
  confirmed: 'ok',
  unconfirmed: 'warning',
  failed: 'warning',
  cancelled: 'warning',
};

/** Whether the receipt is out: known to be printed, or said not to be. */
export function PrintState({ last }: { readonly last: LastSaleView }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { print } = last;
  return (
    <div
      className={styles.print}
      data-part="print"
      data-state={print?.state ?? 'none'}
      data-copy={print?.copy ?? 0}
    >
      {print === null ? (
        <Note tone="info" icon="receipt">
          {t('print.none')}
        </Note>
      ) : (
        <Note
          tone={tones[print.state]}
          icon={
            tones[print.state] === 'info'
              ? 'printer'
              : tones[print.state] === 'ok'
                ? 'check'
                : 'warning'
          }
          announce
        >
          {print.problem === null
            ? t(`print.${print.state}`)
            : t('ui.two-sentences', {
                first: t(`print.${print.state}`),
                second: t(`problem.print-${print.problem}`),
              })}
        </Note>
      )}
      <div className={styles.buttons}>
        <Button
          icon="receipt"
          part="receipt-open"
          onPress={() => show(counter, { kind: 'receipt', saleId: last.saleId })}
        >
          {t('print.view')}
        </Button>
        <Button
          icon="printer"
          part="print-again"
          isDisabled={print === null}
          onPress={() => printAgain(counter)}
        >
          {t('print.again')}
        </Button>
      </div>
    </div>
  );
}
