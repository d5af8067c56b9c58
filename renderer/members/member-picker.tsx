import { type ReactNode, useState } from 'react';
import type { MemberListRow } from '#contract/manager-members.ts';
import type { MemberLabel } from '#contract/manager-parts.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { useAnswer } from '#renderer/day/use-answer.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Note } from '#renderer/ui/note.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { MemberSearch } from './member-search.tsx';
import { MemberLine } from './member-line.tsx';

/** Finds one member and hands it on. `except` is not offered: it is the other one. */
export function MemberPicker(props: {
  readonly label: string;
  readonly except?: string;
  readonly onPick: (member: MemberLabel) => void;
}): ReactNode {
  const { label, except, onPick } = props;
  const say = useSay();
  const till = useTill();
  const [text, setText] = useState('');
  const { answer, problem } = useAnswer(`pick ${text}`, () =>
    till.call['manager.members']({ text, cursor: null }),
  );
  const rows: readonly MemberListRow[] = (answer?.rows ?? []).filter(
    ({ member, status }) => member !== except && status === 'active',
  );
  return (
    <div className={styles.deeds}>
      <MemberSearch label={label} onSearch={setText} />
      {problem === null ? null : <Note tone="warning">{problem}</Note>}
      {answer !== null && rows.length === 0 ? (
        <p className={styles.words}>{say('mem.none-found')}</p>
      ) : null}
      <ul className={styles.list}>
        {rows.slice(0, pickMax).map((row) => (
          <li key={row.member}>
            <Press
              className={styles.item ?? ''}
              data-part="pick-member"
              data-member={row.member}
              onPress={() => onPick({ member: row.member, name: row.name ?? row.masked })}
            >
              <MemberLine row={row} />
            </Press>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Most that are offered: who is not among them is searched for more closely. */
const pickMax = 20;
