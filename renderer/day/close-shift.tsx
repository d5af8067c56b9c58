import { type ReactNode, useState } from 'react';
import type { Message, TillState } from '#contract/till-state.ts';
import type { ShiftFigures } from '#journal/entry.ts';
import { tellFailure } from '#renderer/cashier/perform.ts';
import { receivedMinor } from '#renderer/cashier/tender-amounts.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { askForWord, wordNeeded } from '#renderer/sign-in/people.ts';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { type DrawerCount, TwoCounts } from './drawer-counts.tsx';
import { OpenShift } from './open-shift.tsx';
import { ShiftPanel, TypedAmount } from './shift-panel.tsx';
import { ZFigures } from './z-figures.tsx';

type Shift = NonNullable<TillState['shift']>;

/** Opens the shift where none is open, else closes it; then what it came to. */
export function CloseShift(): ReactNode {
  const counter = useCounter();
  const shift = useTillState((state) => state.shift);
  // The shift leaves the state before the figures are here: until then it is still being closed.
  const [closing, setClosing] = useState<Shift | null>(null);
  const [closed, setClosed] = useState<ShiftFigures | null>(null);
  if (closed !== null)
    return <ZFigures figures={closed} onDone={() => counter.change({ panel: { kind: 'sell' } })} />;
  const open = closing ?? shift;
  if (open === null) return <OpenShift />;
  return (
    <CountDrawer
      shift={open}
      isAsked={closing !== null}
      onAsked={(isAsked) => setClosing(isAsked ? open : null)}
      onClosed={setClosed}
    />
  );
}

/** Count the drawer, then close: expected is shown only after the count, so that nobody counts to it. */
function CountDrawer(props: {
  readonly shift: Shift;
  readonly isAsked: boolean;
  readonly onAsked: (isAsked: boolean) => void;
  readonly onClosed: (figures: ShiftFigures) => void;
}): ReactNode {
  const { shift, isAsked, onAsked, onClosed } = props;
  const { t, format } = useSpeech();
  const till = useTill();
  const counter = useCounter();
  const entry = useCounterUi((ui) => ui.entry);
  const [typing, setTyping] = useState<DrawerCount>('counted');
  const [other, setOther] = useState('');
  const counted = receivedMinor(typing === 'counted' ? entry : other);
  const float = receivedMinor(typing === 'float' ? entry : other);
  const turnTo = (next: DrawerCount): void => {
    if (next === typing) return;
    setTyping(next);
    setOther(entry);
    counter.change({ entry: other });
  };
  const refused = async (refusal: Message, countedMinor: number | null): Promise<void> => {
    onAsked(false);
    const right = wordNeeded(refusal);
    if (right === null) counter.change({ notice: { from: 'core', message: refusal } });
    else if (await askForWord(counter, right)) close(countedMinor);
  };
  const close = (countedMinor: number | null): void => {
    onAsked(true);
    till.call['shift.close']({ countedMinor, floatMinor: float }).then(
      (answer) => {
        if (answer.outcome === 'closed') onClosed(answer.figures);
        else void refused(answer.refusal, countedMinor);
      },
      (error: unknown) => {
        onAsked(false);
        tellFailure(counter, error);
      },
    );
  };
  return (
    <ShiftPanel
      part="close-panel"
      title={t('close.title')}
      hint={t('close.since', { time: format.time(shift.openedAtMs), sales: shift.sales })}
      amounts={
        shift.isFloatCounted ? (
          <TypedAmount label={t('close.counted')} part="counted" amountMinor={counted} />
        ) : (
          <TwoCounts
            typing={typing}
            amountsMinor={{ float, counted: counted ?? 0 }}
            onTurn={turnTo}
          />
        )
      }
    >
      <Button part="close-uncounted" isDisabled={isAsked} onPress={() => close(null)}>
        {t('close.uncounted')}
      </Button>
      <Button
        look="filled"
        size="key"
        part="close-commit"
        isDisabled={isAsked || counted === null}
        onPress={() => close(counted)}
      >
        {t('close.deed')}
      </Button>
    </ShiftPanel>
  );
}
