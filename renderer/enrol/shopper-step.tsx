import { type ReactNode, useState } from 'react';
import { Checkbox } from 'react-aria-components';
import type { EnrolInput } from '#contract/till.ts';
import { back } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { TextLine } from '#renderer/ui/text-line.tsx';
import { type ConsentChoice, consentProfile } from './consent-profile.ts';
import { join } from './enrol-actions.ts';
import styles from './enrol.module.css';
import type { EnrolNotes } from './enrol-step.ts';

const nameLengthMax = 80;
type Purpose = ConsentChoice['purpose'];

interface ShopperStepProps {
  readonly phone: string | null;
  readonly notes: EnrolNotes;
  readonly useScannedCard: boolean;
}

/**
 * The screen is turned to the shopper: notice first, then age, then separate unticked choices.
 *
 * Joining works with all of them off; "No thanks" is as large as "Join". Under age, there is no
 * number, no name and no message to ask about.
 */
export function ShopperStep({ phone, notes, useScannedCard }: ShopperStepProps): ReactNode {
  const { t, language } = useSpeech();
  const counter = useCounter();
  const shop = useTillState((state) => state.shop);
  const profile = consentProfile(shop.market);
  const [ofAge, setOfAge] = useState<boolean | null>(null);
  const [name, setName] = useState('');
  const [given, setGiven] = useState<ReadonlySet<Purpose>>(new Set());
  const choices = profile.choices.filter(
    (choice) => !choice.needsPhone || (phone !== null && notes.takesSms),
  );
  const submit = (): void => {
    const grown = ofAge === true;
    const input: EnrolInput = {
      phone: grown ? phone : null,
      name: grown && name.trim() !== '' ? name.trim() : null,
      language,
      ofAge: grown,
      noticeVersion: profile.textVersion,
      consents: grown
        ? choices.map(({ purpose }) => ({
            purpose,
            given: given.has(purpose),
            textVersion: profile.textVersion,
          }))
        : [],
      useScannedCard,
    };
    void join(counter, input);
  };
  return (
    <Panel
      title={t('enrol.hello', { shop: shop.storeName })}
      part="enrol-shopper"
      foot={<Answers canJoin={ofAge !== null} onJoin={submit} />}
    >
      <p className={styles.notice} data-part="enrol-notice">
        {t(profile.notice, { shop: shop.storeName })}
      </p>
      <AgeQuestion question={t(profile.age)} answer={ofAge} onAnswer={setOfAge} />
      {ofAge === false ? (
        <Note tone="info">{t('enrol.minor')}</Note>
      ) : ofAge === null ? null : (
        <>
          <PhoneNotes phone={phone} notes={notes} />
          <Choices choices={choices} given={given} onChange={setGiven} />
          <TextLine
            label={t('enrol.name')}
            value={name}
            maxLength={nameLengthMax}
            onChange={setName}
            part="enrol-name"
          />
        </>
      )}
    </Panel>
  );
}

/** Two answers of one size and colour. */
function Answers(props: { readonly canJoin: boolean; readonly onJoin: () => void }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { canJoin, onJoin } = props;
  return (
    <div className={styles.answer}>
      <Button
        size="key"
        part="enrol-decline"
        className={styles.equal}
        onPress={() => back(counter)}
      >
        {t('enrol.decline')}
      </Button>
      <Button
        size="key"
        part="enrol-join"
        className={styles.equal}
        isDisabled={!canJoin}
        onPress={onJoin}
      >
        {t('enrol.join')}
      </Button>
    </div>
  );
}

function Choices(props: {
  readonly choices: readonly ConsentChoice[];
  readonly given: ReadonlySet<Purpose>;
  readonly onChange: (given: ReadonlySet<Purpose>) => void;
}): ReactNode {
  const { t } = useSpeech();
  const shop = useTillState((state) => state.shop);
  const { choices, given, onChange } = props;
  return (
    <div className={styles.choices} role="group" aria-label={t('consent.region')}>
      {choices.map((choice) => (
        <Choice
          key={choice.purpose}
          title={t(choice.title)}
          text={t(choice.text, { shop: shop.storeName })}
          purpose={choice.purpose}
          isGiven={given.has(choice.purpose)}
          onChange={(isGiven) => onChange(withChoice(given, choice.purpose, isGiven))}
        />
      ))}
    </div>
  );
}

function withChoice(
  given: ReadonlySet<Purpose>,
  purpose: Purpose,
  isGiven: boolean,
): ReadonlySet<Purpose> {
  const next = new Set(given);
  if (isGiven) next.add(purpose);
  else next.delete(purpose);
  return next;
}

function AgeQuestion(props: {
  readonly question: string;
  readonly answer: boolean | null;
  readonly onAnswer: (ofAge: boolean) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { question, answer, onAnswer } = props;
  return (
    <div className={styles.age} role="group" aria-label={question} data-part="enrol-age">
      <p className={styles.question}>{question}</p>
      <Button
        part="enrol-age-yes"
        {...(answer === true ? { className: styles.chosen, icon: 'check' as const } : {})}
        onPress={() => onAnswer(true)}
      >
        {t('ui.yes')}
      </Button>
      <Button
        part="enrol-age-no"
        {...(answer === false ? { className: styles.chosen, icon: 'check' as const } : {})}
        onPress={() => onAnswer(false)}
      >
        {t('ui.no')}
      </Button>
    </div>
  );
}

function PhoneNotes({
  phone,
  notes,
}: {
  readonly phone: string | null;
  readonly notes: EnrolNotes;
}): ReactNode {
  const { t } = useSpeech();
  if (phone === null)
    return (
      <Note tone="info" icon="card">
        {t('enrol.card-only')}
      </Note>
    );
  if (!notes.takesSms) return <Note tone="warning">{t('enrol.no-sms')}</Note>;
  return notes.unusual ? <Note tone="warning">{t('enrol.unusual')}</Note> : null;
}

function Choice(props: {
  readonly title: string;
  readonly text: string;
  readonly purpose: Purpose;
  readonly isGiven: boolean;
  readonly onChange: (isGiven: boolean) => void;
}): ReactNode {
  const { title, text, purpose, isGiven, onChange } = props;
  return (
    <Checkbox
      className={styles.choice ?? ''}
      isSelected={isGiven}
      onChange={onChange}
      data-part={`consent-${purpose}`}
    >
      <span className={styles.box} aria-hidden="true">
        {isGiven ? <Icon name="check" /> : null}
      </span>
      <span className={styles.words}>
        <span className={styles.choiceTitle}>{title}</span>
        <span className={styles.choiceText}>{text}</span>
      </span>
    </Checkbox>
  );
}
