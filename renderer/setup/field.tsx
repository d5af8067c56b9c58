import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { withoutHidden } from '#contract/setup-text.ts';
import { cx } from '#renderer/ui/cx.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './field.module.css';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly part: string;
  /** What is wrong with it and what to do, or null. */
  readonly problem?: string | null;
  readonly hint?: string | undefined;
  /** `numeric` opens number keys on a touch screen and keeps digits left to right, as `address` does. */
  readonly kind?: 'text' | 'numeric' | 'pin' | 'lines' | 'address';
  readonly children?: ReactNode;
}

/**
 * One question with its answer, and below it what is wrong with the answer.
 *
 * Hidden characters never get in: nobody could see them to take them out. Everything else is kept
 * as typed and told, because cutting it off would lose what somebody pasted.
 */
export function Field(props: FieldProps): ReactNode {
  const { label, value, onChange, part, problem = null, hint, kind = 'text', children } = props;
  const dir = kind === 'text' || kind === 'lines' ? 'auto' : 'ltr';
  return (
    <TextField
      className={styles.field ?? ''}
      value={value}
      onChange={(next) => onChange(withoutHidden(next))}
      isInvalid={problem !== null}
      inputMode={kind === 'numeric' ? 'decimal' : kind === 'pin' ? 'numeric' : 'text'}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <div className={styles.row}>
        {kind === 'lines' ? (
          <TextArea className={styles.area ?? ''} dir={dir} spellCheck={false} data-part={part} />
        ) : (
          <Input
            className={cx(styles.input, kind === 'pin' && styles.masked)}
            dir={dir}
            autoComplete="off"
            spellCheck={false}
            data-part={part}
          />
        )}
        {children}
      </div>
      {hint === undefined || problem !== null ? null : (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.problem ?? ''} data-part={`${part}-problem`}>
        <Icon name="warning" />
        <span>{problem}</span>
      </FieldError>
    </TextField>
  );
}
