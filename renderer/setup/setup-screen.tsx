import { type ReactNode, useEffect, useRef, useState } from 'react';
import { checkAnswers } from '#contract/setup-shop.ts';
import type { SetupAnswers, SetupProblem } from '#contract/setup.ts';
import { isSilence } from '#renderer/till/core-client.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { answersOf, pastedGoods, rememberDraft } from './draft.ts';
import { useProblemAt, useProblemWords } from './problem-words.ts';
import { ProgrammeStep } from './programme-step.tsx';
import { ReadyStep } from './ready-step.tsx';
import { useSay } from './setup-text.tsx';
import styles from './setup-screen.module.css';
import { GoodsStep, LanguageStep, MoneyStep, PeopleStep, StoreStep } from './simple-steps.tsx';
import { type Step, stepOf, steps } from './steps.ts';
import type { StepProps } from './use-draft.ts';

/** Set-up, one question at a time; nothing is written before the last button. */
export function SetupScreen(props: Pick<StepProps, 'draft' | 'change'>): ReactNode {
  const { draft, change } = props;
  const say = useSay();
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState<ReadonlySet<Step>>(new Set());
  const step = steps[at] ?? 'ready';
  const answers = answersOf(draft, say('item.usual'));
  const problems = problemsOf(answers, draft.goods, draft.currency);
  const here = problems.filter((problem) => stepOf(problem) === step);
  const apply = useApply(answers);
  const shown = [...(tried.has(step) ? here : []), ...apply.problems];
  const problemAt = useProblemAt(shown);
  const heading = useFocusOn(step);

  const next = (): void => {
    setTried(new Set([...tried, step]));
    if (here.length === 0) setAt(Math.min(at + 1, steps.length - 1));
  };
  const finish = (): void => {
    const first = problems[0];
    if (first === undefined) {
      apply.run();
      return;
    }
    setTried(new Set(steps));
    setAt(steps.indexOf(stepOf(first)));
  };
  const stepProps: StepProps = { draft, change, problemAt };
  return (
    <div className={styles.screen} data-part="setup" data-step={step}>
      <header className={styles.bar}>
        <p className={styles.brand}>Regulars</p>
        <Progress at={at} />
      </header>
      <main className={styles.page}>
        <h1 className={styles.title} ref={heading} tabIndex={-1}>
          {say(`step.${step}`)}
        </h1>
        <div className={styles.body} key={step}>
          {step === 'programme' ? (
            <ProgrammeStep {...stepProps} problems={here} />
          ) : step === 'ready' ? (
            <ReadyStep draft={draft} answers={answers} />
          ) : (
            <SimpleStep step={step} {...stepProps} />
          )}
        </div>
      </main>
      <footer className={styles.foot}>
        {at === 0 ? (
          <span />
        ) : (
          <Button icon="back" size="key" part="setup-back" onPress={() => setAt(at - 1)}>
            {say('foot.back')}
          </Button>
        )}
        <Told problems={shown} failed={apply.failed} />
        {step === 'ready' ? (
          <Button
            look="filled"
            size="key"
            part="setup-finish"
            isDisabled={apply.running}
            onPress={finish}
          >
            {say(apply.running ? 'foot.opening' : 'foot.open')}
          </Button>
        ) : (
          <Button look="filled" size="key" part="setup-next" onPress={next}>
            {say(step === 'goods' && draft.goods.trim() === '' ? 'foot.skip' : 'foot.next')}
          </Button>
        )}
      </footer>
    </div>
  );
}

function SimpleStep(
  props: StepProps & { readonly step: Exclude<Step, 'programme' | 'ready'> },
): ReactNode {
  switch (props.step) {
    case 'language':
      return <LanguageStep {...props} />;
    case 'store':
      return <StoreStep {...props} />;
    case 'money':
      return <MoneyStep {...props} />;
    case 'people':
      return <PeopleStep {...props} />;
    case 'goods':
      return <GoodsStep {...props} />;
  }
}

/** What the core would refuse, and pasted lines that could not be read. */
function problemsOf(
  answers: SetupAnswers,
  pasted: string,
  currency: string,
): readonly SetupProblem[] {
  const unread = pastedGoods(pasted, currency).find(({ goods }) => goods === null);
  return [
    ...checkAnswers(answers),
    ...(unread === undefined
      ? []
      : [{ path: 'goods', code: 'goods-unread', params: { number: unread.number } }]),
  ];
}

interface Applying {
  readonly running: boolean;
  /** Nobody answered; nothing is lost. */
  readonly failed: boolean;
  readonly problems: readonly SetupProblem[];
  readonly run: () => void;
}

/** Sends the answers, once; the counter comes by itself when the shop is there. */
function useApply(answers: SetupAnswers): Applying {
  const till = useTill();
  const [state, setState] = useState<Omit<Applying, 'run'>>({
    running: false,
    failed: false,
    problems: [],
  });
  const run = (): void => {
    if (state.running) return;
    setState({ running: true, failed: false, problems: [] });
    till.call['setup.apply'](answers).then(
      (done) => {
        const problems = done.outcome === 'refused' ? done.problems : [];
        if (done.outcome === 'done') rememberDraft(null);
        setState({ running: done.outcome === 'done', failed: false, problems });
        till.refresh();
      },
      (error: unknown) => {
        // It may still be at work: the next heartbeat finds the till where it succeeded.
        setState({ running: false, failed: true, problems: [] });
        if (!isSilence(error)) till.refresh();
      },
    );
  };
  return { ...state, run };
}

/** The first problem that has no field of its own on this step, said beside the button. */
function Told(props: {
  readonly problems: readonly SetupProblem[];
  readonly failed: boolean;
}): ReactNode {
  const say = useSay();
  const words = useProblemWords();
  const [problem] = props.problems;
  if (props.failed) {
    return (
      <Note tone="warning" part="setup-failed" announce>
        {say('problem.no-answer')}
      </Note>
    );
  }
  if (problem === undefined) return <span />;
  return (
    <Note tone="refusal" part="setup-problem" announce>
      {words(problem)}
    </Note>
  );
}

function Progress({ at }: { readonly at: number }): ReactNode {
  const say = useSay();
  return (
    <ol className={styles.progress} aria-label={say('progress', { at: at + 1, of: steps.length })}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={styles.dot}
          data-state={index < at ? 'done' : index === at ? 'now' : 'to-come'}
          aria-current={index === at ? 'step' : undefined}
        >
          {say(`short.${step}`)}
        </li>
      ))}
    </ol>
  );
}

/** A new step begins at its heading for a screen reader; a field that asks for the focus gets it. */
function useFocusOn(step: Step): React.RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const inside = document.activeElement?.closest('main') ?? null;
    if (inside === null) heading.current?.focus();
  }, [step]);
  return heading;
}
