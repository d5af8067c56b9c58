import type { ReactNode } from 'react';
import type { ShownShopper } from '#contract/shopper.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './greeting.module.css';

/** By first name where the shopper has shown to be that member; else by two digits, or not at all. */
export function Greeting({ shopper }: { readonly shopper: ShownShopper | null }): ReactNode {
  const { t } = useSpeech();
  const name = shopper?.firstName ?? null;
  return (
    <h1 className={styles.greeting} data-part="display-greeting">
      {name === null ? t('shopper.welcome') : t('shopper.welcome-name', { name })}
      {name === null && shopper?.masked !== undefined && shopper.masked !== null ? (
        <bdi className={styles.masked} dir="ltr">
          {shopper.masked}
        </bdi>
      ) : null}
    </h1>
  );
}
