import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useCounter, useCounterUi } from './use-counter.ts';
import { whySteps } from './why-steps.ts';
import styles from './why.module.css';

/** How the figures came about, in words. Not a dialog: nothing waits for it, the next scan closes it. */
export function Why(): ReactNode {
  const { t, name } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const trace = useTillState((state) => state.basket.trace);
  const member = useTillState((state) => state.member);
  if (!useCounterUi((ui) => ui.whyOpen)) return null;
  return (
    <section className={styles.why} aria-label={t('why.title')} data-part="why">
      <header className={styles.head}>
        <h2 className={styles.title}>{t('why.title')}</h2>
        <Button
          icon="cross"
          look="quiet"
          label={t('ui.close')}
          onPress={() => counter.change({ whyOpen: false })}
          part="why-close"
        />
      </header>
      {trace.length === 0 ? (
        <p className={styles.none}>{t('why.nothing')}</p>
      ) : (
        <ol className={styles.steps}>
          {whySteps(trace, member, name).map((step, index) => (
            <li key={`${index}-${step.code}`}>{words(step, 'info')}</li>
          ))}
        </ol>
      )}
    </section>
  );
}
