import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { useHeld } from './use-held.ts';

/** Whatever is pressed, whatever it looks like: a card, a row, a key. Its pressed look is `[data-held]`. */
export function Press(props: Omit<AriaButtonProps, 'onPressStart' | 'onPressEnd'>): ReactNode {
  return <AriaButton {...props} {...useHeld()} />;
}
