import { type ReactNode, useState } from 'react';
import type { MemberListRow } from '#contract/manager-members.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { useAnswer, useProblem } from '#renderer/day/use-answer.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { MemberLine } from './member-line.tsx';
import { MemberPane } from './member-pane.tsx';
import { MemberSearch } from './member-search.tsx';

/** All members: on the left the list with its search, on the right the one that was tapped. */
export function MembersPage({ open }: { readonly open: string | null }): ReactNode {
  const say = useSay();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(open);
  const [round, setRound] = useState(0);
  return (
    <section className={styles.columns} aria-label={say('tab.members')} data-part="members">
      <div className={styles.card}>
        <MemberSearch label={say('mem.search')} hint={say('mem.search-hint')} onSearch={setText} />
        <MemberList key={`${text} ${round}`} text={text} chosen={chosen} onChoose={setChosen} />
      </div>
      <div className={styles.card}>
        {chosen === null ? (
          <p className={styles.empty}>{say('mem.choose')}</p>
        ) : (
          <MemberPane
            key={chosen}
            member={chosen}
            onGone={(next) => {
              setChosen(next);
              setRound(round + 1);
            }}
          />
        )}
      </div>
    </section>
  );
}

function MemberList(props: {
  readonly text: string;
  readonly chosen: string | null;
  readonly onChoose: (member: string) => void;
}): ReactNode {
  const { text, chosen, onChoose } = props;
  const say = useSay();
  const till = useTill();
  const problemOf = useProblem();
  const first = useAnswer(`members ${text}`, () =>
    till.call['manager.members']({ text, cursor: null }),
  );
  const [more, setMore] = useState<{ rows: readonly MemberListRow[]; next: string | null } | null>(
    null,
  );
  const [trouble, setTrouble] = useState<string | null>(null);
  const rows = [...(first.answer?.rows ?? []), ...(more?.rows ?? [])];
  const next = more === null ? (first.answer?.next ?? null) : more.next;
  const showMore = (): void => {
    till.call['manager.members']({ text, cursor: next }).then(
      (told) => {
        if (told.outcome === 'refused') return setTrouble(problemOf(told.refusal));
        setMore({ rows: [...(more?.rows ?? []), ...told.answer.rows], next: told.answer.next });
      },
      (error: unknown) => setTrouble(problemOf(error instanceof Error ? error : new Error(''))),
    );
  };
  const problem = first.problem ?? trouble;
  return (
    <>
      {problem === null ? null : (
        <Note tone="warning" announce>
          {problem}
        </Note>
      )}
      {first.answer?.partly === true ? <Note tone="info">{say('mem.partly')}</Note> : null}
      {first.answer !== null && rows.length === 0 ? (
        <p className={styles.empty} role="status">
          {say(text === '' ? 'mem.none' : 'mem.none-found')}
        </p>
      ) : null}
      {rows.length === 0 ? null : (
        <ul className={styles.list} data-part="member-list">
          {rows.map((row) => (
            <li key={row.member}>
              <Press
                className={styles.item ?? ''}
                aria-current={row.member === chosen}
                data-part="member-row"
                data-member={row.member}
                onPress={() => onChoose(row.member)}
              >
                <MemberLine row={row} />
              </Press>
            </li>
          ))}
        </ul>
      )}
      {next === null ? null : (
        <Button part="members-more" onPress={showMore}>
          {say('ui.more')}
        </Button>
      )}
    </>
  );
}
