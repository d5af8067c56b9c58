import { type ReactNode, useEffect, useState } from 'react';
import type { DrawerLevel } from '#contract/device.ts';
import { perform } from '#renderer/cashier/perform.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './devices-text.tsx';
import { type DrawerLesson, firstLesson, nextLesson } from './drawer-lesson.ts';
import styles from './parts.module.css';
import { PrinterNote } from './printer-step.tsx';
import { useDevices } from './use-devices.ts';

const ASK_EVERY_MS = 400;

/** Opens the drawer, and learns from one opening and closing how its contact says so. */
export function DrawerStep(): ReactNode {
  const say = useSay();
  const till = useTill();
  const counter = useCounter();
  const { view, choose } = useDevices();
  const { printer } = view.roles;
  const [lesson, setLesson] = useState<DrawerLesson>(firstLesson);
  const level = useDrawer(setLesson);
  const learnt = lesson.kind === 'learnt' ? lesson.openLevel : null;
  useEffect(() => {
    if (learnt !== null && learnt !== printer.drawerOpenLevel)
      void choose((roles) => ({ printer: { ...roles.printer, drawerOpenLevel: learnt } }));
  }, [learnt, printer, choose]);
  // The till's own call: it asks for somebody who may, and the journal has their name.
  const open = (): void =>
    void perform(counter, () => till.call['drawer.open'](null)).then((opened) => {
      if (opened) setLesson({ kind: 'opening', closedLevel: level, sinceMs: performance.now() });
    });
  const known = printer.drawerOpenLevel;
  return (
    <div className={styles.center}>
      <PrinterNote />
      {known === null ? <p className={styles.lead}>{say('drawer.start')}</p> : null}
      <div className={styles.row}>
        <Button icon="cash" part="try-drawer" onPress={open}>
          {say('drawer.open')}
        </Button>
        {printer.address === 'virtual' ? (
          <Button
            part="drawer-close"
            onPress={() =>
              void till.call['devices.hand']({ drawerOpen: false }).catch(() => undefined)
            }
          >
            {say('drawer.close')}
          </Button>
        ) : null}
        {known === null ? null : (
          <Button
            part="drawer-forget"
            onPress={() => {
              setLesson(firstLesson);
              void choose((roles) => ({ printer: { ...roles.printer, drawerOpenLevel: null } }));
            }}
          >
            {say('drawer.forget')}
          </Button>
        )}
      </div>
      <LessonNote lesson={lesson} known={known} level={level} />
    </div>
  );
}

function LessonNote(props: {
  readonly lesson: DrawerLesson;
  readonly known: DrawerLevel | null;
  readonly level: DrawerLevel | null;
}): ReactNode {
  const say = useSay();
  const { lesson, known, level } = props;
  if (known !== null && lesson.kind !== 'opening' && lesson.kind !== 'open') {
    return (
      <>
        <Note tone="ok" part="drawer-learnt" announce>
          {say('drawer.learnt')}
        </Note>
        {level === null ? null : (
          <Note tone="info" part="drawer-now">
            {say(level === known ? 'drawer.now-open' : 'drawer.now-closed')}
          </Note>
        )}
      </>
    );
  }
  switch (lesson.kind) {
    case 'start':
    case 'learnt':
      return null;
    case 'opening':
    case 'open':
      return (
        <Note
          tone="info"
          part={lesson.kind === 'opening' ? 'drawer-watch' : 'drawer-seen'}
          announce
        >
          {say('drawer.watch')}
        </Note>
      );
    case 'no-contact':
      return (
        <Note tone="warning" part="drawer-no-contact" announce>
          {say(level === null ? 'drawer.silent' : 'drawer.no-contact')}
        </Note>
      );
  }
}

/** The drawer's contact, asked for while the step is open. */
function useDrawer(
  teach: (next: (before: DrawerLesson) => DrawerLesson) => void,
): DrawerLevel | null {
  const till = useTill();
  const [level, setLevel] = useState<DrawerLevel | null>(null);
  useEffect(() => {
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const answer = await till.call['devices.drawer'](null).catch(() => ({ level: null }));
      if (!open) return;
      setLevel(answer.level);
      teach((before) => nextLesson(before, answer.level, performance.now()));
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [till, teach]);
  return level;
}
