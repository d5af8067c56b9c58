import type { ReactNode } from 'react';
import type { Message } from '#contract/till-state.ts';
import { useSpeech, type Speech } from '#renderer/i18n/use-text.ts';
import { useWords, type Words } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useCounter, useCounterUi } from './use-counter.ts';
import { whySteps } from './why-steps.ts';
import styles from './why.module.css';

/** How the figures came about, in words. Not a dialog: nothing waits for it, the next scan closes it. */
export function Why(): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const trace = useTillState((state) => state.basket.trace);
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
          {whySteps(trace).map((step, index) => (
            <li key={`${index}-${step.code}`}>{sentence(t, words, step)}</li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** A refused code says why in the reason's own words. */
function sentence(t: Speech['t'], words: Words, step: Message): string {
  const said = words(step, 'info');
  const reason = step.params['reason'];
  if (step.code !== 'code-refused' || typeof reason !== 'string') return said;
  const second = words({ code: reason, params: step.params }, 'info');
  return t('ui.two-sentences', { first: said, second });
}
