import { Component, type ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './core-lost.module.css';

/**
 * Holds when a screen throws, or its file is gone because the till was updated beneath it.
 *
 * Nothing of the sale lives in the page, so loading it again loses nothing.
 */
export class Unbroken extends Component<
  { readonly children: ReactNode },
  { readonly isBroken: boolean }
> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className={styles.veil} data-part="broken">
      <div className={styles.card}>
        <Icon name="warning" />
        <div>
          <p className={styles.title} role="alert">
            {t('broken.title')}
          </p>
          <p className={styles.note}>{t('broken.note')}</p>
        </div>
        <Button look="filled" part="broken-reload" onPress={() => window.location.reload()}>
          {t('broken.reload')}
        </Button>
      </div>
    </main>
  );
}
