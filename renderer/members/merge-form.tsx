import { type ReactNode, useState } from 'react';
import type { MemberDetail } from '#contract/manager-members.ts';
import type { MemberLabel } from '#contract/manager-parts.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { PinLine } from '#renderer/day/pin-line.tsx';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { MemberPicker } from './member-picker.tsx';
import { useDeed } from './use-deed.ts';

/** Two records of one person become one: which other, and a manager's PIN. */
export function MergeForm(props: {
  readonly detail: MemberDetail;
  readonly onDone: (member: string) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { detail, onDone, onCancel } = props;
  const say = useSay();
  const till = useTill();
  const [into, setInto] = useState<MemberLabel | null>(null);
  const [pin, setPin] = useState('');
  const { busy, problem, run } = useDeed(() => setPin(''));
  const merge = (): void => {
    if (into === null) return;
    run(
      () => till.call['manager.merge']({ from: detail.member, into: into.member, pin }),
      ({ member }) => onDone(member),
    );
  };
  return (
    <>
      {into === null ? null : (
        <p className={styles.words}>
          {say('mem.merge-what', { name: into.name ?? say('mem.nameless') })}
        </p>
      )}
      {problem === null ? null : (
        <Note tone="refusal" announce part="merge-problem">
          {problem}
        </Note>
      )}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('mem.merge')}>
        {into === null ? (
          <MemberPicker label={say('mem.merge-with')} except={detail.member} onPick={setInto} />
        ) : (
          <PinLine value={pin} onChange={setPin} />
        )}
      </div>
      <div className={styles.pair}>
        <Button part="merge-cancel" onPress={onCancel}>
          {say('ui.cancel')}
        </Button>
        <Button
          look="filled"
          part="merge-confirm"
          isDisabled={busy || into === null || pin === ''}
          onPress={merge}
        >
          {say('mem.merge-now')}
        </Button>
      </div>
    </>
  );
}
