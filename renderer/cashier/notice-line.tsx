import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import type { TillState } from '#contract/till-state.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { dismissNotice } from './member-actions.ts';
import styles from './notice-line.module.css';
import { undoLast, useFreshUndo } from './undo.tsx';
import { useCounter, useCounterUi } from './use-counter.ts';

/** At the basket's foot: the last refusal or news, and quiet lines while offline or under a wrong clock. */
export function NoticeLine(): ReactNode {
  const { t } = useSpeech();
  const words = useWords();
  const counter = useCounter();
  const sent = useTillState((state) => state.notice);
  const link = useTillState((state) => state.link);
  const local = useCounterUi((ui) => ui.notice);
  const notice = local ?? sent;
  const offline = link.state !== 'online';
  const undoable = useFreshUndo();
  if (notice === null && undoable === null && !offline && !link.isClockWrong) return null;
  const tone = local === null ? (sent?.tone ?? 'info') : 'refusal';
  const text =
    local === null
      ? sent === null
        ? ''
        : words(sent.message, sent.tone)
      : local.from === 'core'
        ? words(local.message, 'refusal')
        : t(local.key, local.values);
  return (
    <div className={styles.lines}>
      {notice === null && undoable !== null ? <Undone undoable={undoable} /> : null}
      {notice === null ? null : (
        <div className={styles.notice} data-tone={tone} data-part="notice">
          <Note tone={tone} announce>
            {text}
          </Note>
          {undoable === null ? null : <UndoButton />}
          <Button
            icon="cross"
            look="quiet"
            label={t('ui.dismiss')}
            onPress={() => dismissNotice(counter)}
            part="notice-dismiss"
          />
        </div>
      )}
      {offline ? (
        <p className={styles.offline} data-part="offline">
          {link.state === 'stopped'
            ? t('link.stopped-note', { waiting: link.waiting })
            : t('link.offline-note', { waiting: link.waiting })}
        </p>
      ) : null}
      {link.isClockWrong ? (
        <p className={styles.offline} data-part="clock-wrong">
          {t('link.clock-wrong')}
        </p>
      ) : null}
    </div>
  );
}

/** What was just taken out, with the way back beside it. */
function Undone(props: { readonly undoable: NonNullable<TillState['undoable']> }): ReactNode {
  const words = useWords();
  return (
    <div className={styles.notice} data-tone="info" data-part="undone">
      <Note tone="info">{words(props.undoable.change, 'info')}</Note>
      <UndoButton />
    </div>
  );
}

function UndoButton(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Button
      icon="undo"
      look="quiet"
      part="notice-undo"
      className={styles.undo}
      onPress={() => undoLast(counter)}
    >
      {t('ui.undo')}
    </Button>
  );
}
