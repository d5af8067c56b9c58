import { type ReactNode, useState } from 'react';
import { type MemberDetail, NOTE_LENGTH_MAX } from '#contract/manager-members.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { Field } from '#renderer/setup/field.tsx';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { NoteLine } from './note-line.tsx';
import { useDeed } from './use-deed.ts';

/** What somebody means to do about this member: a line to write, and what is still open. */
export function MemberNotes(props: {
  readonly detail: MemberDetail;
  readonly onChange: () => void;
  readonly onBack: () => void;
}): ReactNode {
  const { detail, onChange, onBack } = props;
  const say = useSay();
  const till = useTill();
  const [words, setWords] = useState('');
  const { busy, problem, run } = useDeed();
  const save = (): void =>
    run(
      () => till.call['manager.note']({ id: crypto.randomUUID(), member: detail.member, words }),
      () => {
        setWords('');
        onChange();
      },
    );
  const finish = (id: string): void => run(() => till.call['manager.note-done']({ id }), onChange);
  return (
    <>
      {problem === null ? null : (
        <Note tone="refusal" announce>
          {problem}
        </Note>
      )}
      <Field
        label={say('mem.note-new')}
        value={words}
        onChange={(next) => setWords(next.slice(0, NOTE_LENGTH_MAX))}
        part="note-words"
      >
        <Button part="note-save" isDisabled={busy || words.trim() === ''} onPress={save}>
          {say('mem.note-save')}
        </Button>
      </Field>
      {detail.followUps.length === 0 ? (
        <p className={styles.empty}>{say('mem.notes-none')}</p>
      ) : (
        <ul className={styles.list}>
          {detail.followUps.map((note) => (
            <NoteLine key={note.id} note={note} onDone={() => finish(note.id)} />
          ))}
        </ul>
      )}
      <Button icon="back" part="notes-back" onPress={onBack}>
        {say('ui.back')}
      </Button>
    </>
  );
}
