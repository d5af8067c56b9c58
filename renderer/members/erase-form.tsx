import { type ReactNode, useState } from 'react';
import type { ErasurePreview } from '#contract/member-data.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { PinLine } from '#renderer/day/pin-line.tsx';
import { useProgrammes } from '#renderer/day/programmes.tsx';
import { useAnswer } from '#renderer/day/use-answer.ts';
import { Field } from '#renderer/setup/field.tsx';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useDeed } from './use-deed.ts';

/** Erasing a person: what goes and what stays, the word of the preview, and a manager's PIN. */
export function EraseForm(props: {
  readonly member: string;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { member, onDone, onCancel } = props;
  const say = useSay();
  const till = useTill();
  const first = useAnswer(`erase ${member}`, () =>
    till.call['manager.erase']({ member, confirm: null, pin: null }),
  );
  const [newer, setNewer] = useState<ErasurePreview | null>(null);
  const [word, setWord] = useState('');
  const [pin, setPin] = useState('');
  const { busy, problem, run } = useDeed(() => setPin(''));
  const shown = newer ?? (first.answer?.step === 'confirm' ? first.answer.preview : null);
  const isWord = shown !== null && word.trim().toUpperCase() === shown.confirm;
  const erase = (): void =>
    run(
      () => till.call['manager.erase']({ member, confirm: word, pin }),
      (answer) => {
        if (answer.step === 'erased') return onDone();
        setNewer(answer.preview);
        setWord('');
        setPin('');
      },
    );
  const trouble = problem ?? first.problem ?? (newer === null ? null : say('mem.erase-changed'));
  return (
    <>
      {trouble === null ? null : (
        <Note tone="refusal" announce part="erase-problem">
          {trouble}
        </Note>
      )}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('mem.erase')}>
        {shown === null ? null : isWord ? (
          <PinLine value={pin} onChange={setPin} />
        ) : (
          <Preview preview={shown} word={word} onWord={setWord} />
        )}
      </div>
      <div className={styles.pair}>
        <Button part="erase-cancel" onPress={onCancel}>
          {say('ui.cancel')}
        </Button>
        <Button
          look="danger"
          part="erase-confirm"
          isDisabled={busy || !isWord || pin === ''}
          onPress={erase}
        >
          {say('mem.erase-now')}
        </Button>
      </div>
    </>
  );
}

/** A member of hundreds of programmes is not read out whole. */
const amountsShown = 6;

function Preview(props: {
  readonly preview: ErasurePreview;
  readonly word: string;
  readonly onWord: (word: string) => void;
}): ReactNode {
  const say = useSay();
  const { figure, text } = useProgrammes();
  const { preview, word, onWord } = props;
  const ending = preview.points.filter(({ points }) => points !== 0);
  const shown = ending
    .slice(0, amountsShown)
    .map(({ points, programme }) => text(points, programme));
  const points = ending.length === 0 ? figure(0) : shown.join(' · ');
  const name = preview.name ?? preview.masked[0] ?? say('mem.nameless');
  return (
    <div className={styles.deeds}>
      <p className={styles.words}>
        {say('mem.erase-what', {
          name,
          points: ending.length > shown.length ? `${points} …` : points,
        })}
      </p>
      <Field
        label={say('mem.erase-type', { code: preview.confirm })}
        value={word}
        onChange={(next) => onWord(next.slice(0, 16))}
        part="erase-word"
      />
    </div>
  );
}
