import type { ReactNode } from 'react';
import { perform } from '#renderer/cashier/perform.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { closedPeople, lockTill, type PeopleMode } from './people.ts';
import styles from './people-screen.module.css';

/** Beside the names: what whoever is at the till does besides selling. Nothing while it is locked. */
export function Deeds({ mode }: { readonly mode: PeopleMode }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  if (mode.kind !== 'switch') return <p className={styles.hint}>{t('people.hint')}</p>;
  const away = (then: () => void): void => {
    counter.change({ people: closedPeople });
    then();
  };
  return (
    <div className={styles.deeds}>
      <Button size="key" icon="lock" part="lock" onPress={() => away(() => lockTill(counter))}>
        {t('people.lock')}
      </Button>
      <Button
        size="key"
        icon="cash"
        part="open-drawer"
        onPress={() =>
          away(() => void perform(counter, () => counter.till.call['drawer.open'](null)))
        }
      >
        {t('people.drawer')}
      </Button>
      <Button
        size="key"
        icon="person"
        part="open-staff"
        onPress={() => away(() => counter.change({ screen: 'staff' }))}
      >
        {t('people.staff')}
      </Button>
      <p className={styles.hint}>{t('people.hint')}</p>
    </div>
  );
}
