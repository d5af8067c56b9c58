import type { ReactNode } from 'react';
import type { StaffView } from '#contract/staff.ts';
import { Clock } from '#renderer/cashier/bar.tsx';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { Deeds } from './deeds.tsx';
import styles from './people-screen.module.css';
import { choosePerson, leavePeople, peopleFor, type PeopleMode } from './people.ts';
import { PinPanel } from './pin-panel.tsx';

/** Names that can be chosen by a number key. */
const numberedMax = 9;

/** Who is at the till: big names, then a PIN. Stands over everything; the sale under it stays as it is. */
export function PeopleScreen({ mode }: { readonly mode: PeopleMode }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const shop = useTillState((state) => state.shop);
  const staff = useTillState((state) => state.staff);
  const chosen = useCounterUi((ui) => ui.people.chosen);
  const people = peopleFor(mode, staff.people);
  const person = people.find(({ cashier }) => cashier === chosen) ?? null;
  return (
    <div className={styles.screen} data-part="people" data-mode={mode.kind}>
      <header className={styles.bar}>
        <h1 className={styles.title}>{t(titles[mode.kind])}</h1>
        <p className={styles.place}>
          <bdi>{shop.storeName}</bdi> · <bdi>{shop.tillName}</bdi>
        </p>
        <Clock />
        {mode.kind === 'locked' ? null : (
          <Button icon="back" part="people-back" onPress={() => leavePeople(counter)}>
            {t('ui.back')}
          </Button>
        )}
      </header>
      <main className={styles.columns}>
        <div className={styles.names}>
          <Why mode={mode} />
          <ul className={styles.list}>
            {people.map((known, at) => (
              <li key={known.cashier}>
                <Name
                  person={known}
                  place={at < numberedMax ? at + 1 : null}
                  isChosen={known.cashier === chosen}
                  isHere={known.cashier === staff.signedIn?.cashier}
                />
              </li>
            ))}
          </ul>
        </div>
        <div className={styles.hand}>
          {person !== null && person.hasPin ? (
            <PinPanel key={person.cashier} person={person} />
          ) : (
            <Deeds mode={mode} />
          )}
        </div>
      </main>
    </div>
  );
}

const titles = { locked: 'people.locked', switch: 'people.switch', word: 'people.word' } as const;

/** What a scan at a locked till may be told. */
const heardHere: ReadonlySet<string> = new Set(['locked', 'badge-unknown']);

/** What is kept, and what somebody's word is for. */
function Why({ mode }: { readonly mode: PeopleMode }): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const items = useTillState((state) => state.basket.lines.length);
  const scanned = useTillState((state) =>
    heardHere.has(state.notice?.message.code ?? '') ? state.notice : null,
  );
  if (mode.kind === 'word') return <p className={styles.why}>{t(`people.for-${mode.right}`)}</p>;
  return (
    <>
      {scanned === null || mode.kind !== 'locked' ? null : (
        <Note key={scanned.id} tone="refusal" part="people-locked" announce>
          {words(scanned.message, 'refusal')}
        </Note>
      )}
      <p className={styles.why} data-part="people-kept" data-items={items}>
        {items > 0 ? t('people.kept', { items }) : t('people.choose')}
      </p>
    </>
  );
}

function Name(props: {
  readonly person: StaffView;
  readonly place: number | null;
  readonly isChosen: boolean;
  readonly isHere: boolean;
}): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { person, place, isChosen, isHere } = props;
  return (
    <Press
      className={styles.name ?? ''}
      onPress={() => choosePerson(counter, person)}
      data-part="person"
      data-cashier={person.cashier}
      data-chosen={isChosen}
      aria-pressed={isChosen}
    >
      <Icon name="person" />
      <span className={styles.who}>
        <span className={styles.called}>
          <bdi>{person.name}</bdi>
        </span>
        <span className={styles.role}>
          {t(`role.${person.role}`)}
          {isHere ? ` · ${t('people.here')}` : ''}
        </span>
      </span>
      {place === null ? null : (
        <kbd className={styles.place} aria-hidden="true">
          {place}
        </kbd>
      )}
    </Press>
  );
}
