import type { ReactNode } from 'react';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { Button } from '#renderer/ui/button.tsx';
import screen from './setup-screen.module.css';
import { useSay } from './setup-text.tsx';

/** The head of a page of settings: its title, and the way back to the sale. */
export function SettingsBar(props: { readonly title: string; readonly part: string }): ReactNode {
  const say = useSay();
  const counter = useCounter();
  return (
    <header className={screen.bar}>
      <h1 className={screen.brand}>{props.title}</h1>
      <Button icon="back" part={props.part} onPress={() => show(counter, { kind: 'sell' })}>
        {say('programmes.back')}
      </Button>
    </header>
  );
}
