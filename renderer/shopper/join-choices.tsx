import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';
import type { ConsentChoice } from '#renderer/enrol/consent-profile.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import type { Joining } from './join-answers.ts';
import styles from './join-choices.module.css';

/** Separate and unticked; joining works with all of them off. */
export function JoinChoices(props: {
  readonly joining: Joining;
  readonly choices: readonly ConsentChoice[];
  readonly shopName: string;
}): ReactNode {
  const { t } = useSpeech();
  const { joining, choices, shopName } = props;
  const { given } = joining.answers;
  const set = (purpose: ConsentChoice['purpose'], isGiven: boolean): void => {
    const next = new Set(given);
    if (isGiven) next.add(purpose);
    else next.delete(purpose);
    joining.change({ given: next });
  };
  return (
    <div className={styles.choices} role="group" aria-label={t('consent.region')}>
      {choices.map(({ purpose, title, text }) => (
        <Checkbox
          key={purpose}
          className={styles.choice ?? ''}
          isSelected={given.has(purpose)}
          onChange={(isGiven) => set(purpose, isGiven)}
          data-part={`consent-${purpose}`}
        >
          <span className={styles.box} aria-hidden="true">
            {given.has(purpose) ? <Icon name="check" /> : null}
          </span>
          <span className={styles.words}>
            <span className={styles.title}>{t(title)}</span>
            <span className={styles.text}>{t(text, { shop: shopName })}</span>
          </span>
        </Checkbox>
      ))}
    </div>
  );
}
