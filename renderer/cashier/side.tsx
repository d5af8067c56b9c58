import type { ReactNode } from 'react';
import type { TillState } from '#contract/till-state.ts';
import type { CounterUi } from './counter.ts';
import { Products } from './products.tsx';
import { Rewards } from './rewards.tsx';
import styles from './side.module.css';
import { useCounterUi } from './use-counter.ts';
import { useTillState } from '#renderer/till/till-context.ts';

/** Rewards when there is somebody to have them, products until then; the cashier's choice wins. */
export function sideOf(ui: Pick<CounterUi, 'side'>, state: TillState): 'rewards' | 'products' {
  return ui.side ?? (state.member === null ? 'products' : 'rewards');
}

/** One place for two things on a small screen; on a wide one the products have their own column. */
export function Side(): ReactNode {
  const side = sideOf(useCounterUi(), useTillState());
  return (
    <>
      <div className={side === 'products' ? `${styles.side} ${styles.wideOnly}` : styles.side}>
        <Rewards />
      </div>
      {side === 'products' ? (
        <div className={`${styles.side} ${styles.narrowOnly}`}>
          <Products columns={2} />
        </div>
      ) : null}
    </>
  );
}
