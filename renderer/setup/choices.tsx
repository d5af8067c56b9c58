import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { cx } from '#renderer/ui/cx.ts';
import fieldStyles from './field.module.css';
import styles from './choices.module.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly name: string;
  /** Its own language where that is not the screen's. */
  readonly lang?: string;
}

/** A few answers side by side, one of them chosen; arrows move, touch chooses. */
export function Choices<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly part: string;
  readonly large?: boolean;
}): ReactNode {
  const { label, value, choices, onChange, part, large = false } = props;
  return (
    <RadioGroup
      className={styles.group ?? ''}
      value={value}
      onChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Label className={fieldStyles.label ?? ''}>{label}</Label>
      <div className={cx(styles.choices, large && styles.large)} data-count={choices.length}>
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            className={styles.choice ?? ''}
            data-part={`${part}-${choice.value}`}
          >
            <span lang={choice.lang}>{choice.name}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

/** One of many: the machine's own list, which every keyboard and every finger knows. */
export function Select(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice<string>[];
  readonly onChange: (value: string) => void;
  readonly part: string;
}): ReactNode {
  const { label, value, choices, onChange, part } = props;
  return (
    <label className={fieldStyles.field}>
      <span className={fieldStyles.label}>{label}</span>
      <span className={styles.selectBox}>
        <select
          className={fieldStyles.select}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          data-part={part}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </select>
      </span>
    </label>
  );
}
