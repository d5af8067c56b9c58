import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './button.module.css';
import { Icon, type IconName } from './icon.tsx';
import { Press } from './press.tsx';

export interface ButtonProps {
  readonly children?: ReactNode;
  readonly icon?: IconName;
  /** `filled` once per screen: the deed. `danger` where money leaves. */
  readonly look?: 'plain' | 'filled' | 'quiet' | 'danger';
  /** `key` is 72 u high, `target` 56 u. */
  readonly size?: 'target' | 'key';
  readonly layout?: 'row' | 'stack';
  readonly isDisabled?: boolean;
  /** Where the picture stands alone, its word. */
  readonly label?: string;
  /** Name of this part for tests and styles. */
  readonly part?: string;
  readonly className?: string | undefined;
  readonly expanded?: boolean;
  /** Of several that show one thing each: this one is shown now. */
  readonly current?: boolean;
  readonly onPress: () => void;
}

/** The button of the counter: never smaller than 56 u, pressed by touch, mouse, Space and Enter. */
export function Button(props: ButtonProps): ReactNode {
  const { look = 'plain', size = 'target', layout = 'row' } = props;
  return (
    <Press
      className={cx(styles.button, styles[look], styles[size], styles[layout], props.className)}
      isDisabled={props.isDisabled ?? false}
      onPress={props.onPress}
      data-part={props.part}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.current === undefined ? {} : { 'aria-current': props.current })}
      {...(props.expanded === undefined ? {} : { 'aria-expanded': props.expanded })}
    >
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      {props.children}
    </Press>
  );
}
