import { type ReactNode, useEffect, useState } from 'react';
import type { ShopRules } from '#contract/shop-rules.ts';
import type { SetupProblem } from '#contract/setup.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { writesComma } from './draft.ts';
import { Field } from './field.tsx';
import { useProblemWords } from './problem-words.ts';
import { RiskForm } from './risk-form.tsx';
import screen from './setup-screen.module.css';
import { SetupText, useSay } from './setup-text.tsx';
import {
  daysFrom,
  nothingTyped,
  rulesChanges,
  type RulesDraft,
  SURVEY_DAYS_MAX,
  typedCaps,
} from './shop-rules-draft.ts';
import styles from './shop-rules-screen.module.css';

/** What a store decides for itself: points at its risk while offline, and how often it asks members. */
export function ShopRulesScreen(): ReactNode {
  const market = useTillState(({ shop }) => shop.market);
  const rules = useShopRules();
  if (rules === null) return null;
  return (
    <SetupText market={market}>
      <Rules rules={rules} />
    </SetupText>
  );
}

/** As the till has them: asked again with each state, so that a change shows when it is here. */
function useShopRules(): ShopRules | null {
  const till = useTill();
  const [rules, setRules] = useState<ShopRules | null>(null);
  const revision = useTillState((state) => state.revision);
  useEffect(() => {
    let current = true;
    till.call['shop.rules'](null).then(
      (seen) => {
        if (current) setRules(seen);
      },
      // A till that does not answer is told over the whole page.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [till, revision]);
  return rules;
}

type Outcome =
  | { readonly kind: 'asking' | 'silent' | 'done' }
  | { readonly kind: 'refused'; readonly problem: SetupProblem };

function Rules({ rules }: { readonly rules: ShopRules }): ReactNode {
  const say = useSay();
  const till = useTill();
  const { language } = useSpeech();
  const [chosen, setChosen] = useState<string | null>(null);
  const [draft, setDraft] = useState<RulesDraft>(nothingTyped);
  const [managerPin, setManagerPin] = useState('');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const programme =
    rules.programmes.find((one) => one.programme === chosen) ?? rules.programmes[0] ?? null;
  const changes = rulesChanges(draft, rules, programme);
  const type = (typed: Partial<RulesDraft>): void => {
    setDraft({ ...draft, ...typed });
    setOutcome(null);
  };
  const save = async (): Promise<void> => {
    setOutcome({ kind: 'asking' });
    try {
      for (const change of changes ?? []) {
        const done = await till.call['staff.change']({ change, managerPin });
        const [problem] = done.outcome === 'refused' ? done.problems : [];
        if (problem !== undefined) return setOutcome({ kind: 'refused', problem });
      }
      setOutcome({ kind: 'done' });
      setManagerPin('');
    } catch {
      setOutcome({ kind: 'silent' });
    }
  };
  const standing =
    programme === null || programme.caps === null
      ? null
      : typedCaps(programme.caps, programme, writesComma(language));
  return (
    <div className={screen.screen} data-part="shop-rules">
      <RulesBar />
      <main className={styles.page}>
        {programme === null ? (
          <section className={styles.part}>
            <Note tone="info">{say('risk.no-programme')}</Note>
          </section>
        ) : (
          <RiskForm
            programmes={rules.programmes}
            programme={programme}
            caps={draft.caps === undefined ? standing : draft.caps}
            onProgramme={(next) => {
              setChosen(next);
              type({ caps: undefined });
            }}
            onChange={(caps) => type({ caps })}
          />
        )}
        <SurveyForm
          typed={draft.surveyDays ?? String(rules.survey.everyDays)}
          onChange={(surveyDays) => type({ surveyDays })}
        />
      </main>
      <footer className={screen.foot}>
        <Field
          kind="pin"
          label={say('people.pin')}
          value={managerPin}
          onChange={setManagerPin}
          part="shop-rules-pin"
        />
        <OutcomeNote outcome={outcome} />
        <Button
          look="filled"
          size="key"
          part="shop-rules-save"
          isDisabled={
            changes === null ||
            changes.length === 0 ||
            managerPin === '' ||
            outcome?.kind === 'asking'
          }
          onPress={() => void save()}
        >
          {say('staff.save')}
        </Button>
      </footer>
    </div>
  );
}

/** How often a member is asked about the shop. */
function SurveyForm(props: {
  readonly typed: string;
  readonly onChange: (typed: string) => void;
}): ReactNode {
  const say = useSay();
  const { typed, onChange } = props;
  const days = daysFrom(typed);
  return (
    <section
      className={styles.part}
      aria-label={say('survey-rules.title')}
      data-part="survey-rules"
    >
      <h2 className={styles.heading}>{say('survey-rules.title')}</h2>
      <p className={styles.words}>{say('survey-rules.what')}</p>
      <Field
        kind="numeric"
        label={say('survey-rules.days')}
        value={typed}
        onChange={onChange}
        problem={Number.isNaN(days) ? say('survey-rules.range', { most: SURVEY_DAYS_MAX }) : null}
        part="survey-days"
      />
      {Number.isNaN(days) ? null : (
        <Note tone="info" part="survey-says">
          {days === 0 ? say('survey-rules.never') : say('survey-rules.every', { days })}
        </Note>
      )}
    </section>
  );
}

function OutcomeNote({ outcome }: { readonly outcome: Outcome | null }): ReactNode {
  const say = useSay();
  const words = useProblemWords();
  if (outcome?.kind === 'refused') {
    return (
      <Note tone="refusal" part="shop-rules-problem" announce>
        {words(outcome.problem)}
      </Note>
    );
  }
  if (outcome?.kind === 'done') {
    return (
      <Note tone="ok" part="shop-rules-done" announce>
        {say('staff.done')}
      </Note>
    );
  }
  if (outcome?.kind === 'silent') {
    return (
      <Note tone="warning" part="shop-rules-silent" announce>
        {say('problem.no-answer')}
      </Note>
    );
  }
  return <span />;
}

function RulesBar(): ReactNode {
  const say = useSay();
  const counter = useCounter();
  return (
    <header className={screen.bar}>
      <h1 className={screen.brand}>{say('shop-rules.title')}</h1>
      <Button
        icon="back"
        part="shop-rules-back"
        onPress={() => {
          counter.change({ screen: 'counter' });
          show(counter, { kind: 'sell' });
        }}
      >
        {say('programmes.back')}
      </Button>
    </header>
  );
}
