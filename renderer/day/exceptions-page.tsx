import { type ReactNode, useState } from 'react';
import type { ExceptionView } from '#contract/manager.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cx } from '#renderer/ui/cx.ts';
import { Press } from '#renderer/ui/press.tsx';
import { AnswerNote } from './answer-note.tsx';
import { ExceptionDetail } from './exception-detail.tsx';
import { FollowUps } from './follow-ups.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { useAnswer } from './use-answer.ts';

type View = 'open' | 'settled' | 'todo';

/** What tills and ledger do not agree on: on the left what waits, on the right what is behind it. */
export function ExceptionsPage(props: {
  /** The one that was tapped elsewhere; null = the first. */
  readonly open: string | null;
  readonly onChange: () => void;
}): ReactNode {
  const say = useSay();
  const till = useTill();
  const [view, setView] = useState<View>('open');
  const [chosen, setChosen] = useState(props.open);
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1) ?? null;
  const asked = useAnswer(`exceptions ${view === 'settled'} ${cursor ?? ''}`, () =>
    till.call['manager.exceptions']({ settled: view === 'settled', cursor }),
  );
  const { answer, again } = asked;
  const items = view === 'todo' ? [] : (answer?.items ?? []);
  const shown = items.find(({ id }) => id === chosen) ?? items[0] ?? null;
  const none = items.length > 0 ? null : say(view === 'settled' ? 'ex.none-settled' : 'ex.none');
  const show = (next: View): void => {
    setView(next);
    setCursors([]);
    setChosen(null);
  };
  return (
    <section className={styles.columns} aria-label={say('ex.title')} data-part="exceptions">
      <div className={styles.card}>
        <div className={styles.switch} role="group" aria-label={say('ex.title')}>
          <Choice isChosen={view === 'open'} part="exceptions-open" onPress={() => show('open')}>
            {say('ex.open')}
            {answer === null ? '' : ` · ${answer.open}`}
          </Choice>
          <Choice
            isChosen={view === 'settled'}
            part="exceptions-settled"
            onPress={() => show('settled')}
          >
            {say('ex.settled')}
          </Choice>
          <Choice isChosen={view === 'todo'} part="exceptions-todo" onPress={() => show('todo')}>
            {say('ex.todo')}
          </Choice>
        </div>
        {view === 'todo' ? <FollowUps /> : <AnswerNote view={asked} none={none} />}
        <ExceptionList items={items} shown={shown?.id ?? null} onChoose={setChosen} />
        {view === 'todo' ? null : (
          <Turn cursors={cursors} next={answer?.next ?? null} onTurn={setCursors} />
        )}
      </div>
      <div className={styles.card}>
        {shown === null ? (
          <p className={styles.empty}>{say('ex.choose')}</p>
        ) : (
          <ExceptionDetail
            key={shown.id}
            exception={shown}
            onSettled={() => {
              again();
              props.onChange();
            }}
          />
        )}
      </div>
    </section>
  );
}

/** Turns the pages of a list that is longer than one; nothing where it is not. */
function Turn(props: {
  readonly cursors: readonly string[];
  readonly next: string | null;
  readonly onTurn: (cursors: readonly string[]) => void;
}): ReactNode {
  const say = useSay();
  const { cursors, next, onTurn } = props;
  if (cursors.length === 0 && next === null) return null;
  return (
    <div className={styles.switch}>
      <Button
        icon="back"
        part="exceptions-before"
        isDisabled={cursors.length === 0}
        onPress={() => onTurn(cursors.slice(0, -1))}
      >
        {say('ui.back')}
      </Button>
      <Button
        part="exceptions-more"
        isDisabled={next === null}
        onPress={() => (next === null ? undefined : onTurn([...cursors, next]))}
      >
        {say('ui.more')}
      </Button>
    </div>
  );
}

function Choice(props: {
  readonly isChosen: boolean;
  readonly part: string;
  readonly onPress: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Button
      part={props.part}
      className={cx(props.isChosen && styles.chosen)}
      current={props.isChosen}
      onPress={props.onPress}
    >
      {props.children}
    </Button>
  );
}

function ExceptionList(props: {
  readonly items: readonly ExceptionView[];
  readonly shown: string | null;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { format } = useSpeech();
  const words = useWords();
  if (props.items.length === 0) return null;
  return (
    <ul className={styles.list}>
      {props.items.map(({ id, code, params, tillName, atMs, member }) => (
        <li key={id}>
          <Press
            className={styles.item ?? ''}
            aria-current={id === props.shown}
            data-part="exception"
            data-code={code}
            onPress={() => props.onChoose(id)}
          >
            <span className={styles.what}>
              {words({ code: `exception-${code}`, params }, 'warning')}
            </span>
            <span className={styles.where}>
              <bdi>{tillName}</bdi> · {format.day(atMs)} {format.time(atMs)}
              {member?.name === undefined || member.name === null ? null : (
                <>
                  {' '}
                  · <bdi>{member.name}</bdi>
                </>
              )}
            </span>
          </Press>
        </li>
      ))}
    </ul>
  );
}
