import type { ReactNode } from 'react';
import { back } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { takeExisting } from './enrol-actions.ts';
import styles from './enrol.module.css';
import type { EnrolStep } from './enrol-step.ts';

/** The number belongs to somebody already: use that membership, never make a twin. */
export function ExistingMember({
  step,
}: {
  readonly step: Extract<EnrolStep, { at: 'existing' }>;
}): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Panel
      title={t('enrol.existing')}
      part="enrol-existing"
      onBack={() => back(counter)}
      foot={
        <Button
          look="filled"
          size="key"
          part="enrol-use-existing"
          className={styles.deed}
          onPress={() => void takeExisting(counter, step.phone)}
        >
          {t('enrol.use-existing')}
        </Button>
      }
    >
      <div className={styles.found}>
        <Icon name="person" />
        <p className={styles.foundName}>
          <bdi>{step.displayName ?? t('member.nameless')}</bdi> <bdi dir="ltr">{step.masked}</bdi>
        </p>
        <p className={styles.hint}>{t('enrol.existing-note')}</p>
      </div>
    </Panel>
  );
}
