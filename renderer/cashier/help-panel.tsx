import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import styles from './help-panel.module.css';
import { SCREEN_KEYS } from '#scan/screen-key.ts';
import { Button } from '#renderer/ui/button.tsx';
import { counterKeys, lockKey, undoKey } from './keys.ts';
import { perform } from './perform.ts';
import { printedKeys } from './screen-keys.ts';
import { back } from './member-actions.ts';
import { useCounter } from './use-counter.ts';

/** Every key of the counter, from the same list that acts on them. */
export function HelpPanel(): ReactNode {
  const { t, language } = useSpeech();
  const counter = useCounter();
  const print = (): void => {
    const keys = SCREEN_KEYS.map((key) => {
      const { words } = printedKeys[key];
      return { key, words: words === null ? key.slice(-1) : t(words) };
    });
    void perform(counter, () =>
      counter.till.call['screen-keys.print']({ language, title: t('help.print-title'), keys }),
    );
  };
  return (
    <Panel
      title={t('help.title')}
      part="help"
      onBack={() => back(counter)}
      foot={
        <Button icon="printer" part="print-keys" onPress={() => print()}>
          {t('help.print')}
        </Button>
      }
    >
      <dl className={styles.keys}>
        {[...counterKeys, undoKey, lockKey].map((key) => (
          <div key={key.key} className={styles.row}>
            <dt>
              <kbd className={styles.key}>{key.shown}</kbd>
            </dt>
            <dd>{t(key.words)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t('help.scan')}</p>
      <p className={styles.note}>{t('help.digits')}</p>
    </Panel>
  );
}
