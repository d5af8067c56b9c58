import type { ReactNode } from 'react';
import { Products } from './products.tsx';
import { Rewards } from './rewards.tsx';
import styles from './side.module.css';
import { useCounterUi } from './use-counter.ts';
import { useTillState } from '#renderer/till/till-context.ts';

/** Rewards when there is somebody to have them, products until then; the cashier's choice wins. */
export function useSide(): 'rewards' | 'products' {
  const chosen = useCounterUi((ui) => ui.side);
  const hasMember = useTillState((state) => state.member !== null);
  return chosen ?? (hasMember ? 'rewards' : 'products');
}

/** One place for two things on a small screen; on a wide one the products have their own column. */
export function Side(): ReactNode {
  const side = useSide();
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
