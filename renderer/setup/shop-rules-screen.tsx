import { type ReactNode, useState } from 'react';
import type { ShopRules } from '#contract/shop-rules.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import type { TillClient } from '#renderer/till/till-client.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { useAsked } from '#renderer/till/use-asked.ts';
import { Note } from '#renderer/ui/note.tsx';
import { writesComma } from './draft.ts';
import { Field } from './field.tsx';
import { RiskForm } from './risk-form.tsx';
import { SaveFooter } from './save-footer.tsx';
import { SettingsBar } from './settings-bar.tsx';
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
import { useStaffChange } from './use-staff-change.ts';

/** What a store decides for itself: points at its risk while offline, and how often it asks members. */
export function ShopRulesScreen(): ReactNode {
  const market = useTillState(({ shop }) => shop.market);
  const rules = useAsked(askRules);
  return (
    <SetupText market={market}>{rules === null ? <Awaited /> : <Rules rules={rules} />}</SetupText>
  );
}

/** The page before the till has answered: the way back is there. */
function Awaited(): ReactNode {
  return (
    <div className={screen.screen}>
      <SettingsBar title={useSay()('shop-rules.title')} part="shop-rules-back" />
      <main className={styles.page} />
    </div>
  );
}

const askRules = (till: TillClient): Promise<ShopRules> => till.call['shop.rules'](null);

function Rules({ rules }: { readonly rules: ShopRules }): ReactNode {
  const say = useSay();
  const { language } = useSpeech();
  const [chosen, setChosen] = useState<string | null>(null);
  const [draft, setDraft] = useState<RulesDraft>(nothingTyped);
  const changing = useStaffChange();
  const programme =
    rules.programmes.find((one) => one.programme === chosen) ?? rules.programmes[0] ?? null;
  const changes = rulesChanges(draft, rules, programme);
  const type = (typed: Partial<RulesDraft>): void => {
    setDraft({ ...draft, ...typed });
    changing.forget();
  };
  const standing =
    programme === null || programme.caps === null
      ? null
      : typedCaps(programme.caps, programme, writesComma(language));
  return (
    <div className={screen.screen} data-part="shop-rules">
      <SettingsBar title={say('shop-rules.title')} part="shop-rules-back" />
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
      <SaveFooter
        of="shop-rules"
        saving={changing}
        isReady={changes !== null && changes.length > 0}
        onSave={() => void changing.save(changes ?? [])}
      />
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
