import type { ReactNode } from 'react';
import { Field } from '#renderer/setup/field.tsx';
import { NumberPad } from '#renderer/ui/number-pad.tsx';
import { useSay } from './manager-words.ts';
import styles from './pin-line.module.css';

/** Most digits of a PIN that are taken. */
const pinLengthMax = 12;

/** A manager's PIN by hardware keys, by paste, or by touch. */
export function PinLine(props: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const say = useSay();
  const { value, onChange } = props;
  const change = (next: string): void => onChange(next.slice(0, pinLengthMax));
  return (
    <div className={styles.pin}>
      <Field kind="pin" label={say('ex.pin')} value={value} onChange={change} part="manager-pin" />
      <NumberPad
        onDigit={(digits) => change(value + digits)}
        onErase={() => change(value.slice(0, -1))}
      />
    </div>
  );
}
