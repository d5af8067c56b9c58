import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import styles from './actions.module.css';
import { clearBasket } from './clear-actions.ts';
import { park, showParked } from './park-actions.ts';
import { openEnrol, show } from './member-actions.ts';
import { reprintLast } from './pay-actions.ts';
import { useSide } from './side.tsx';
import { undoLast } from './undo.tsx';
import { useCounter, useCounterUi } from './use-counter.ts';

/** What a cashier reaches for besides scanning and Pay; each has its key on the help card. */
export function Actions(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const isEmpty = useTillState((state) => state.basket.lines.length === 0);
  return (
    <nav className={styles.actions} aria-label={t('actions.region')} data-part="actions">
      <Button
        size="key"
        layout="stack"
        icon="join"
        part="action-enrol"
        onPress={() => openEnrol(counter)}
      >
        {t('actions.enrol')}
      </Button>
      <Button
        size="key"
        layout="stack"
        icon="return"
        part="action-return"
        onPress={() => show(counter, { kind: 'find-receipt' })}
      >
        {t('actions.return')}
      </Button>
      {isEmpty ? <Reprint /> : <Park />}
      {isEmpty ? <Parked /> : <Clear />}
      <Undo />
      <Side />
    </nav>
  );
}

function Reprint(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const isShown = useTillState((state) => state.lastSale !== null);
  const isKnown = useCounterUi((ui) => ui.lastSaleId !== null);
  return (
    <Button
      size="key"
      layout="stack"
      icon="receipt"
      part="action-reprint"
      isDisabled={!isShown && !isKnown}
      onPress={() => reprintLast(counter)}
    >
      {t('actions.reprint')}
    </Button>
  );
}

function Park(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Button size="key" layout="stack" icon="clock" part="action-park" onPress={() => park(counter)}>
      {t('actions.park')}
    </Button>
  );
}

function Parked(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const count = useTillState((state) => state.parked.length);
  return (
    <Button
      size="key"
      layout="stack"
      icon="clock"
      part="action-parked"
      isDisabled={count === 0}
      onPress={() => showParked(counter)}
    >
      {t('actions.parked', { count })}
    </Button>
  );
}

function Clear(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Button
      size="key"
      layout="stack"
      icon="trash"
      part="action-clear"
      onPress={() => clearBasket(counter)}
    >
      {t('actions.clear')}
    </Button>
  );
}

function Undo(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Button
      size="key"
      layout="stack"
      icon="undo"
      part="action-undo"
      isDisabled={useTillState((state) => state.undoable === null)}
      onPress={() => undoLast(counter)}
    >
      {t('actions.undo')}
    </Button>
  );
}

function Side(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const side = useSide();
  return (
    <Button
      size="key"
      layout="stack"
      icon={side === 'rewards' ? 'goods' : 'star'}
      part="action-side"
      className={styles.side}
      onPress={() =>
        counter.change({
          side: side === 'rewards' ? 'products' : 'rewards',
          panel: { kind: 'sell' },
        })
      }
    >
      {t(side === 'rewards' ? 'actions.products' : 'actions.rewards')}
    </Button>
  );
}
