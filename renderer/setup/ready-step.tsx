import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import type { SetupAnswers } from '#contract/setup.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Note } from '#renderer/ui/note.tsx';
import type { Draft } from './draft.ts';
import { sayIfThere, useSay } from './setup-text.tsx';
import styles from './steps.module.css';

/** Everything once more, before it is written. */
export function ReadyStep(props: {
  readonly draft: Draft;
  readonly answers: SetupAnswers;
}): ReactNode {
  const say = useSay();
  const { format, t } = useSpeech();
  const counter = useCounter();
  // The screen that shows once there is a shop.
  const devicesNext = useCounterUi((ui) => ui.screen === 'devices');
  const { answers, draft } = props;
  const { tax } = answers;
  const facts: readonly (readonly [string, string])[] = [
    [say('short.store'), answers.storeName],
    [say('store.market'), say(`market.${answers.market}`)],
    [
      say('short.money'),
      tax === null
        ? `${answers.currency} · ${say('tax.none')}`
        : [
            answers.currency,
            say('ready.tax', { percent: format.exact(tax.percent) }),
            say(`tax.${draft.tax}`),
          ].join(' · '),
    ],
    [say('short.programme'), sayIfThere(say, `preset.${answers.choice.preset}`)],
    [say('short.people'), answers.cashiers.join(' · ')],
    [say('short.goods'), say('goods.count', { count: answers.goods.length + 1 })],
  ];
  return (
    <div className={styles.narrow}>
      <section className={styles.card}>
        <dl className={styles.facts} data-part="facts">
          {facts.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      </section>
      <Switch
        className={styles.switch ?? ''}
        isSelected={devicesNext}
        onChange={(next) => counter.change({ screen: next ? 'devices' : 'counter' })}
        data-part="setup-devices"
      >
        {say('ready.devices')}
        <span className={styles.state}>{t(devicesNext ? 'ui.on' : 'ui.off')}</span>
      </Switch>
      <Note tone="info">{say('ready.next')}</Note>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}
