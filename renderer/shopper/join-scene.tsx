import { type ReactNode, useEffect, useRef } from 'react';
import type { ShopperState } from '#contract/shopper.ts';
import { assertNever } from '#loyalty/result.ts';
import { consentProfile } from '#renderer/enrol/consent-profile.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import {
  AgePage,
  ChoicesPage,
  ExistingPage,
  LanguagePage,
  NamePage,
  NoticePage,
  NumberPage,
  type PageProps,
} from './join-pages.tsx';
import styles from './join-scene.module.css';
import {
  choicesFor,
  type Join,
  type JoinAnswers,
  type Joining,
  useJoining,
} from './join-answers.ts';
import type { ShopperClient, Wishes } from './shopper-page.tsx';

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

/** The page of the question that is open. */
function Body(props: PageProps): ReactNode {
  const { page } = props.joining.answers;
  switch (page) {
    case 'language':
      return <LanguagePage {...props} />;
    case 'notice':
      return <NoticePage {...props} />;
    case 'age':
      return <AgePage {...props} />;
    case 'number':
      return <NumberPage {...props} />;
    case 'existing':
      return <ExistingPage {...props} />;
    case 'name':
      return <NamePage {...props} />;
    case 'choices':
      return <ChoicesPage {...props} />;
    default:
      return assertNever(page, 'a page of joining');
  }
}
