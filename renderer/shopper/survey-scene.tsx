import type { ReactNode } from 'react';
import type { ShopperScene } from '#contract/shopper.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import styles from './survey-scene.module.css';

type Survey = Extract<ShopperScene, { kind: 'survey' }>;

interface Scale {
  readonly question: MessageKey;
  readonly low: MessageKey;
  readonly high: MessageKey;
  readonly answers: readonly number[];
}

const fromNoughtToTen = Array.from({ length: 11 }, (_, index) => index);
const fromOneToSix = Array.from({ length: 6 }, (_, index) => index + 1);
const cli = { low: 'survey.certainly', high: 'survey.never', answers: fromOneToSix } as const;

const scales: Readonly<Record<Survey['question'], Scale>> = {
  nps: {
    question: 'survey.nps',
    low: 'survey.not-at-all',
    high: 'survey.very',
    answers: fromNoughtToTen,
  },
  'cli-recommend': { question: 'survey.cli-recommend', ...cli },
  'cli-again': { question: 'survey.cli-again', ...cli },
  'cli-other': { question: 'survey.cli-other', ...cli },
};

/** One question about the shop: one tap answers it, another is asked no more. */
export function SurveyScene(props: {
  readonly scene: Survey;
  readonly onAnswer: (answer: number | null) => void;
}): ReactNode {
  const { t, format } = useSpeech();
  const { scene, onAnswer } = props;
  const { question, low, high, answers } = scales[scene.question];
  return (
    <section
      className={styles.survey}
      aria-label={t('survey.region')}
      data-part="survey"
      data-question={scene.question}
    >
      <div role="status">
        <p className={styles.place}>{t('survey.place', { number: scene.number, of: scene.of })}</p>
        <h1 className={styles.question}>{t(question)}</h1>
      </div>
      <div>
        <div className={styles.answers} role="group" aria-label={t(question)}>
          {answers.map((answer) => (
            <Button
              key={answer}
              size="key"
              part={`survey-${answer}`}
              className={styles.answer}
              onPress={() => onAnswer(answer)}
            >
              {format.points(answer)}
            </Button>
          ))}
        </div>
        <p className={styles.ends}>
          <span>{t(low)}</span>
          <span>{t(high)}</span>
        </p>
      </div>
      <Button part="survey-skip" className={styles.skip} onPress={() => onAnswer(null)}>
        {t('survey.skip')}
      </Button>
    </section>
  );
}
