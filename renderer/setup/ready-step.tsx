import type { ReactNode } from 'react';
import type { SetupAnswers } from '#contract/setup.ts';
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
  const { format } = useSpeech();
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
