import type { ReactNode } from 'react';
import type { ShopperState } from '#contract/shopper.ts';
import { consentProfile } from '#renderer/enrol/consent-profile.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { languages, ownNames } from '#renderer/settings/settings-store.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { TextLine } from '#renderer/ui/text-line.tsx';
import { JoinChoices } from './join-choices.tsx';
import { JoinNumber } from './join-number.tsx';
import styles from './join-scene.module.css';
import { choicesFor, type Join, type JoinAnswers, type Joining } from './join-answers.ts';
import type { Wishes } from './shopper-page.tsx';

const nameLengthMax = 80;

/** What every page of joining is given. */
export interface PageProps {
  readonly joining: Joining;
  readonly scene: Join;
  readonly shop: ShopperState['shop'];
  readonly wishes: Wishes;
}

/** The language, by its own name. */
export function LanguagePage({ joining, wishes }: PageProps): ReactNode {
  const { language } = useSpeech();
  const { go } = joining;
  return (
    <>
      <div className={styles.four}>
        {languages.map((known) => (
          <Button
            key={known}
            size="key"
            part={`join-${known}`}
            className={known === language ? `${styles.big} ${styles.chosen}` : styles.big}
            onPress={() => {
              wishes.setLanguage(known);
              go('notice');
            }}
          >
            <bdi lang={known}>{ownNames[known]}</bdi>
          </Button>
        ))}
      </div>
      <Answers joining={joining} />
    </>
  );
}

/** The notice, to be read and not agreed to, before anything is asked. */
export function NoticePage({ joining, shop }: PageProps): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <p className={styles.notice} data-part="join-notice">
        {t(consentProfile(shop.market).notice, { shop: shop.storeName })}
      </p>
      <Answers joining={joining} deed="join.next" onDeed={() => joining.go('age')} />
    </>
  );
}

/** Old enough or not; a birthday is never asked for it. */
export function AgePage({ joining, scene }: PageProps): ReactNode {
  const { t } = useSpeech();
  const { change } = joining;
  return (
    <>
      <div className={styles.two}>
        <Button
          size="key"
          part="join-age-no"
          className={styles.big}
          onPress={() => change({ page: 'choices', ofAge: false, digits: '', name: '' })}
        >
          {t('ui.no')}
        </Button>
        <Button
          size="key"
          part="join-age-yes"
          className={styles.big}
          onPress={() => change({ page: scene.phone === null ? 'number' : 'name', ofAge: true })}
        >
          {t('ui.yes')}
        </Button>
      </div>
      <Answers joining={joining} />
    </>
  );
}

/** The number, or none. */
export function NumberPage({ joining, shop }: PageProps): ReactNode {
  const { answers } = joining;
  return (
    <JoinNumber joining={joining} market={shop.market}>
      <Answers
        joining={joining}
        deed="join.next"
        canDo={answers.digits !== ''}
        onDeed={() => void joining.checkNumber()}
      />
    </JoinNumber>
  );
}

/** Somebody has joined with the number already: no twin is made. */
export function ExistingPage({ joining }: PageProps): ReactNode {
  const { t } = useSpeech();
  const { change } = joining;
  return (
    <>
      <div className={styles.two}>
        <Button
          size="key"
          part="join-other-number"
          className={styles.big}
          onPress={() => change({ page: 'number', digits: '', number: null, problem: null })}
        >
          {t('join.existing-other')}
        </Button>
        <Button
          size="key"
          part="join-use-existing"
          className={styles.big}
          onPress={() => void joining.useExisting()}
        >
          {t('join.existing-use')}
        </Button>
      </div>
      <Answers joining={joining} />
    </>
  );
}

/** A name, if they like. */
export function NamePage({ joining }: PageProps): ReactNode {
  const { t } = useSpeech();
  const { answers, change, go } = joining;
  return (
    <>
      <div className={styles.body}>
        <NumberNote answers={answers} />
        <div className={styles.name}>
          <TextLine
            label={t('enrol.name')}
            value={answers.name}
            maxLength={nameLengthMax}
            part="join-name"
            onChange={(name) => change({ name })}
            onEnter={() => go('choices')}
          />
        </div>
      </div>
      <Answers joining={joining} deed="join.next" onDeed={() => go('choices')} />
    </>
  );
}

/** The separate choices; under age there are none. */
export function ChoicesPage({ joining, shop }: PageProps): ReactNode {
  const { t, language } = useSpeech();
  const { answers } = joining;
  const profile = consentProfile(shop.market);
  return (
    <>
      {answers.ofAge === true ? (
        <JoinChoices
          joining={joining}
          choices={choicesFor(profile, answers.number)}
          shopName={shop.storeName}
        />
      ) : (
        <p className={styles.notice}>{t('enrol.minor')}</p>
      )}
      <Answers
        joining={joining}
        deed="enrol.join"
        part="join-join"
        onDeed={() => void joining.join(language, profile)}
      />
    </>
  );
}

/** What is worth knowing about the number, without stopping anybody. */
function NumberNote({ answers }: { readonly answers: JoinAnswers }): ReactNode {
  const { t } = useSpeech();
  const { number } = answers;
  if (number === null) return <Note tone="info">{t('enrol.card-only')}</Note>;
  if (number.unusual) return <Note tone="warning">{t('enrol.unusual')}</Note>;
  if (!number.takesSms) return <Note tone="warning">{t('enrol.no-sms')}</Note>;
  return <Note tone="ok">{t('join.known', { masked: number.masked })}</Note>;
}

/** "No thanks" is always there, of one size and colour with whatever goes on. */
function Answers(props: {
  readonly joining: Joining;
  readonly deed?: MessageKey;
  readonly part?: string;
  readonly canDo?: boolean;
  readonly onDeed?: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const { joining, deed, part = 'join-next', canDo = true, onDeed } = props;
  const { problem, isAsking } = joining.answers;
  return (
    <div className={styles.foot}>
      {problem === null ? null : (
        <Note tone="refusal" part="join-problem" announce>
          {problem === 'try-again' ? t('join.try-again') : words(problem, 'refusal')}
        </Note>
      )}
      <div className={styles.answers}>
        <Button size="key" part="join-decline" className={styles.equal} onPress={joining.decline}>
          {t('enrol.decline')}
        </Button>
        {deed === undefined || onDeed === undefined ? null : (
          <Button
            size="key"
            part={part}
            className={styles.equal}
            isDisabled={!canDo || isAsking}
            onPress={onDeed}
          >
            {t(deed)}
          </Button>
        )}
      </div>
    </div>
  );
}
