import { type ReactNode, useEffect, useRef } from 'react';
import type { ShopperState } from '#contract/shopper.ts';
import { assertNever } from '#loyalty/result.ts';
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
import {
  choicesFor,
  type Join,
  type JoinAnswers,
  type Joining,
  useJoining,
} from './join-answers.ts';
import type { ShopperClient, Wishes } from './shopper-page.tsx';

const nameLengthMax = 80;

/** Joining by the shopper's own hand: one thing at a time, the notice before the first of them. */
export function JoinScene(props: {
  readonly shopper: ShopperClient;
  readonly scene: Join;
  readonly shop: ShopperState['shop'];
  readonly wishes: Wishes;
}): ReactNode {
  const { t } = useSpeech();
  const { shopper, scene, shop, wishes } = props;
  const joining = useJoining(shopper, scene);
  const { page } = joining.answers;
  return (
    <section
      className={styles.join}
      aria-label={t('join.region')}
      data-part="join"
      data-page={page}
    >
      {scene.endsSoon ? (
        <div className={styles.head} role="alert">
          <p className={styles.title}>{t('join.ends-soon')}</p>
          <Button part="join-more-time" className={styles.more} onPress={joining.moreTime}>
            {t('join.more-time')}
          </Button>
        </div>
      ) : (
        <Head joining={joining} shop={shop} />
      )}
      <Body joining={joining} scene={scene} shop={shop} wishes={wishes} />
    </section>
  );
}

function Head(props: {
  readonly joining: Joining;
  readonly shop: ShopperState['shop'];
}): ReactNode {
  const { t } = useSpeech();
  const { joining, shop } = props;
  const { back, answers } = joining;
  const title = useRef<HTMLHeadingElement>(null);
  // Each page is a new question: whoever listens to the screen hears it from its title on.
  useEffect(() => title.current?.focus(), [answers.page]);
  const key = titleOf(answers, shop);
  return (
    <div className={styles.head}>
      {back === null ? null : (
        <Button icon="back" look="quiet" label={t('ui.back')} part="join-back" onPress={back} />
      )}
      <h1 ref={title} tabIndex={-1} className={styles.title}>
        {t(key, { shop: shop.storeName, masked: answers.number?.masked ?? '' })}
      </h1>
    </div>
  );
}

function titleOf(
  { page, ofAge, number }: JoinAnswers,
  { market }: ShopperState['shop'],
): MessageKey {
  switch (page) {
    case 'language':
      return 'join.language';
    case 'notice':
      return 'enrol.hello';
    case 'age':
      return consentProfile(market).age;
    case 'number':
      return 'join.number';
    case 'existing':
      return 'join.existing';
    case 'name':
      return 'join.name';
    case 'choices':
      if (ofAge !== true) return 'join.minor';
      return choicesFor(consentProfile(market), number).length === 0
        ? 'join.choices-none'
        : 'join.choices';
    default:
      return assertNever(page, 'a page of joining');
  }
}

interface BodyProps {
  readonly joining: Joining;
  readonly scene: Join;
  readonly shop: ShopperState['shop'];
  readonly wishes: Wishes;
}

function Body({ joining, scene, shop, wishes }: BodyProps): ReactNode {
  const { t, language } = useSpeech();
  const { answers, change, go } = joining;
  const profile = consentProfile(shop.market);
  switch (answers.page) {
    case 'language':
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
    case 'notice':
      return (
        <>
          <p className={styles.notice} data-part="join-notice">
            {t(profile.notice, { shop: shop.storeName })}
          </p>
          <Answers joining={joining} deed="join.next" onDeed={() => go('age')} />
        </>
      );
    case 'age':
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
              onPress={() =>
                change({ page: scene.phone === null ? 'number' : 'name', ofAge: true })
              }
            >
              {t('ui.yes')}
            </Button>
          </div>
          <Answers joining={joining} />
        </>
      );
    case 'number':
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
    case 'existing':
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
    case 'name':
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
    case 'choices':
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
    default:
      return assertNever(answers.page, 'a page of joining');
  }
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
