import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { languages, ownNames } from '#renderer/settings/settings-store.ts';
import { Button } from '#renderer/ui/button.tsx';
import styles from './corner.module.css';
import type { Wishes } from './shopper-page.tsx';

/** What a shopper may change about the screen, always in the same place. */
export function Corner({ wishes }: { readonly wishes: Wishes }): ReactNode {
  const { t, language } = useSpeech();
  return (
    <footer className={styles.corner} data-part="display-corner">
      <div className={styles.languages} role="group" aria-label={t('shopper.language')}>
        {languages.map((known) => (
          <Button
            key={known}
            look="quiet"
            part={`display-${known}`}
            className={known === language ? styles.chosen : undefined}
            onPress={() => wishes.setLanguage(known)}
          >
            <bdi lang={known}>{ownNames[known]}</bdi>
          </Button>
        ))}
      </div>
      <Button part="display-large" onPress={() => wishes.setLarge(!wishes.isLarge)}>
        <bdi dir="ltr">{wishes.isLarge ? 'A−' : 'A+'}</bdi>
        {t(wishes.isLarge ? 'shopper.usual-text' : 'shopper.large-text')}
      </Button>
    </footer>
  );
}
