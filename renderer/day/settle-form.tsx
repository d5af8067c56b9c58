import { type ReactNode, useState } from 'react';
import type { ExceptionView } from '#contract/manager.ts';
import type { MemberLabel } from '#contract/manager-parts.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { MemberPicker } from '#renderer/members/member-picker.tsx';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { PinLine } from './pin-line.tsx';
import { useProblem } from './use-answer.ts';

/** The last step before an exception is settled: with a manager's PIN where the rules ask for one. */
export function SettleForm(props: {
  readonly exception: string;
  /** Whom the exception names as the one to merge into; null where a person has to say. */
  readonly into: MemberLabel | null;
  readonly way: ExceptionView['ways'][number];
  readonly onCancel: () => void;
  readonly onSettled: () => void;
}): ReactNode {
  const { exception, way, onCancel, onSettled } = props;
  const say = useSay();
  const till = useTill();
  const problemOf = useProblem();
  const [pin, setPin] = useState('');
  const [into, setInto] = useState<MemberLabel | null>(props.into);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const needsMember = way.way === 'merge' && into === null;
  const settle = (): void => {
    setBusy(true);
    till.call['manager.settle']({
      exception,
      way: way.way,
      pin: way.needsPin ? pin : null,
      into: into?.member ?? null,
    })
      .then(
        (told) => {
          if (told.outcome === 'answered') return onSettled();
          setPin('');
          setProblem(problemOf(told.refusal));
        },
        (error: unknown) => setProblem(problemOf(error instanceof Error ? error : new Error(''))),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <h3 className={styles.heading}>{say(`way.${way.way}`, { points: Math.abs(way.points) })}</h3>
      {problem === null ? null : (
        <Note tone="refusal" announce part="settle-problem">
          {problem}
        </Note>
      )}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('ex.ways')}>
        {way.way !== 'merge' || into === null ? null : (
          <p className={styles.words} data-part="settle-into">
            {say('ex.into')} <bdi>{into.name ?? say('ui.none')}</bdi>
          </p>
        )}
        {needsMember ? <MemberPicker label={say('ex.into')} onPick={setInto} /> : null}
        {way.needsPin && !needsMember ? <PinLine value={pin} onChange={setPin} /> : null}
      </div>
      <div className={styles.pair}>
        <Button part="settle-cancel" onPress={onCancel}>
          {say('ui.cancel')}
        </Button>
        <Button
          look="filled"
          part="settle-confirm"
          isDisabled={busy || needsMember || (way.needsPin && pin === '')}
          onPress={settle}
        >
          {say('ex.confirm')}
        </Button>
      </div>
    </>
  );
}
