import type { ReactNode } from 'react';
import { back } from '#renderer/cashier/member-actions.ts';
import { eraseLast, type } from '#renderer/cashier/sale-actions.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { countryCode, groupPhone } from '#renderer/format/phone.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { askShopper, nextFromPhone } from './enrol-actions.ts';
import styles from './enrol.module.css';

/** The number, or none: ten keys and Next. A printed card alone is a full membership. */
export function PhoneStep({ useScannedCard }: { readonly useScannedCard: boolean }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const entry = useCounterUi((ui) => ui.entry);
  const shop = useTillState((state) => state.shop);
  return (
    <Panel
      title={t('enrol.title')}
      part="enrol-phone"
      onBack={() => back(counter)}
      foot={
        <>
          <NumberPad
            onDigit={(digits) => type(counter, digits)}
            onErase={() => eraseLast(counter)}
          />
          <Button
            look="filled"
            size="key"
            part="enrol-next"
            className={styles.deed}
            isDisabled={entry === ''}
            onPress={() => void nextFromPhone(counter)}
          >
            {t('enrol.next')}
          </Button>
        </>
      }
    >
      <div className={styles.number} data-part="enrol-number">
        <span className={styles.country} dir="ltr">
          {countryCode(shop.market)}
        </span>
        {entry === '' ? (
          <span className={styles.placeholder}>{t('enrol.phone')}</span>
        ) : (
          <bdi className={styles.digits} dir="ltr">
            {groupPhone(entry, shop.market)}
          </bdi>
        )}
      </div>
      {useScannedCard ? (
        <Note tone="info" icon="card">
          {t('enrol.scanned-card')}
        </Note>
      ) : null}
      <p className={styles.hint}>{t('enrol.phone-hint')}</p>
      <Button
        part="enrol-no-phone"
        className={styles.noPhone}
        onPress={() => askShopper(counter, null, { takesSms: false, unusual: false })}
      >
        {t('enrol.no-phone')}
      </Button>
    </Panel>
  );
}
