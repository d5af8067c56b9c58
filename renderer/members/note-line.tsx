import type { ReactNode } from 'react';
import type { FollowUp } from '#contract/manager-members.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { usePeople } from '#renderer/day/people.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';

/** One thing to do, whose it is and about whom, and the key that says it is done. */
export function NoteLine(props: {
  readonly note: FollowUp;
  readonly onDone: () => void;
}): ReactNode {
  const say = useSay();
  const person = usePeople();
  const { format } = useSpeech();
  const { note, onDone } = props;
  const words = note.words === null ? say('mem.note-erased') : note.words;
  return (
    <li className={styles.note} data-part="note">
      <div>
        <p className={styles.words}>
          {note.member?.name === undefined || note.member.name === null ? null : (
            <>
              <bdi>{note.member.name}</bdi>:{' '}
            </>
          )}
          <bdi>
            {words === '' ? say(note.till === null ? 'way.contact' : 'way.check-till') : words}
          </bdi>
        </p>
        <p className={styles.where}>
          <bdi>{person(note.by)}</bdi> · {format.day(note.atMs)} {format.time(note.atMs)}
        </p>
      </div>
      <Button icon="check" part="note-done" onPress={onDone}>
        {say('mem.note-done')}
      </Button>
    </li>
  );
}
