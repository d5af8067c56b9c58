import { type ReactNode, useState } from 'react';
import type { ReturnView } from '#contract/till-state.ts';
import { amountText } from '#renderer/i18n/amounts.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Press } from '#renderer/ui/press.tsx';
import { useArmed } from '#renderer/ui/use-armed.ts';
import { cancelReturn } from './member-actions.ts';
import { chooseBack, claim, refund } from './return-actions.ts';
import styles from './return-panel.module.css';
import { useCounter } from './use-counter.ts';

/** An old sale: tap a line to take one piece back, see what goes back, then Refund. */
export function ReturnPanel({ view }: { readonly view: ReturnView }): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const chosen = view.lines.some((line) => line.chosenMilli > 0);
  const isAllBack = view.lines.every((line) => line.returnedBeforeMilli >= line.soldMilli);
  return (
    <Panel
      title={t('return.title')}
      part="return"
      onBack={() => cancelReturn(counter)}
      foot={<ReturnFoot view={view} />}
    >
      <p className={styles.about}>
        {t('return.about', {
          receipt: view.receipt,
          day: format.day(view.soldAtMs),
          time: format.time(view.soldAtMs),
        })}
        {view.memberName === null ? null : (
          <>
            {' '}
            · <bdi>{view.memberName}</bdi>
          </>
        )}
      </p>
      <ul className={styles.lines}>
        {view.lines.map((line) => (
          <li key={line.line}>
            <ReturnLine
              line={line}
              onTap={() => chooseBack(counter, { returnId: view.returnId, line })}
            />
          </li>
        ))}
      </ul>
      {chosen ? null : <Note tone="info">{t(isAllBack ? 'return.all-back' : 'return.hint')}</Note>}
    </Panel>
  );
}

/** What goes back, and the deed with the one confirmation there is; new figures ask anew. */
function ReturnFoot({ view }: { readonly view: ReturnView }): ReactNode {
  const speech = useSpeech();
  const { t, format } = speech;
  const counter = useCounter();
  const hasMember = useTillState((state) => state.member !== null);
  const chosen = view.lines.some((line) => line.chosenMilli > 0);
  const figures = view.lines.map((line) => line.chosenMilli).join(' ');
  const [confirming, setConfirming] = useState<string | null>(null);
  const isConfirming = confirming === figures;
  const isArmed = useArmed(isConfirming ? 'confirm' : 'refund');
  return (
    <>
      <div
        className={styles.figures}
        data-part="return-figures"
        data-refund-minor={view.refundMinor}
        role="status"
      >
        <p className={styles.refund}>
          <span>{t('return.refund')}</span>
          <bdi>{format.money(view.refundMinor)}</bdi>
        </p>
        <p className={styles.points}>
          {t('return.points', {
            taken: amountText(speech, view.unit, view.pointsTakenBack),
            given: amountText(speech, view.unit, view.pointsReturned),
          })}
        </p>
        {view.valueBackMinor === 0 ? null : (
          <p className={styles.points} data-part="return-value">
            {t('return.value', { money: format.money(view.valueBackMinor) })}
          </p>
        )}
      </div>
      {view.claimable ? (
        <Button
          size="key"
          icon="star"
          part="claim"
          isDisabled={!hasMember || chosen}
          onPress={() => claim(counter, view.receipt)}
        >
          {t(hasMember ? 'return.claim' : 'return.claim-needs-member')}
        </Button>
      ) : null}
      <Button
        look="filled"
        size="key"
        part={isConfirming ? (isArmed ? 'refund-confirm' : 'refund-arming') : 'refund'}
        className={styles.deed}
        // Not disabled while it arms: that would take the focus from who goes by keyboard.
        isDisabled={!chosen || (!isConfirming && !isArmed)}
        onPress={() => {
          if (!isConfirming) setConfirming(figures);
          else if (isArmed) void refund(counter, view.returnId);
        }}
      >
        {isConfirming
          ? t('return.confirm', { money: format.money(view.refundMinor) })
          : t('return.deed')}
      </Button>
    </>
  );
}

function ReturnLine(props: {
  readonly line: ReturnView['lines'][number];
  readonly onTap: () => void;
}): ReactNode {
  const { t, format, name } = useSpeech();
  const { line, onTap } = props;
  const left = line.soldMilli - line.returnedBeforeMilli;
  return (
    <Press
      className={styles.line ?? ''}
      isDisabled={left <= 0}
      onPress={onTap}
      data-part="return-line"
      data-chosen={line.chosenMilli}
    >
      <span className={styles.count}>
        {t('return.count', {
          chosen: format.quantity(line.chosenMilli),
          of: format.quantity(left),
        })}
      </span>
      <span className={styles.what}>
        <bdi>{line.name === null ? t('basket.amount') : name(line.name)}</bdi>
        {line.returnedBeforeMilli > 0 ? (
          <span className={styles.before}>
            {t('return.before', { quantity: format.quantity(line.returnedBeforeMilli) })}
          </span>
        ) : null}
      </span>
      <bdi className={styles.net}>{format.amount(line.netMinor)}</bdi>
    </Press>
  );
}
