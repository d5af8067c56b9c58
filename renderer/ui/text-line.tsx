import type { ReactNode } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { withoutBidiControls } from '#renderer/i18n/locale.ts';
import styles from './text-line.module.css';

/** One line of text with its name above; direction controls never get in. */
export function TextLine(props: {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
  readonly onEnter?: () => void;
  readonly part?: string;
}): ReactNode {
  const { label, value, maxLength, onChange, onEnter, part } = props;
  return (
    <TextField
      className={styles.field ?? ''}
      value={value}
      maxLength={maxLength}
      onChange={(next) => onChange(withoutBidiControls(next))}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <Input
        className={styles.input ?? ''}
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        data-part={part}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onEnter?.();
        }}
      />
    </TextField>
  );
}
