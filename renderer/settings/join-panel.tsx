import { type ReactNode, useEffect, useState } from 'react';
import type { JoinAnswer } from '#contract/join.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import styles from './join-panel.module.css';

/** What is typed at another till so that it joins this one's shop. */
export function JoinPanel({ onBack }: { readonly onBack: () => void }): ReactNode {
  const { t } = useSpeech();
  return (
    <Panel title={t('join.title')} part="join" onBack={onBack}>
      <Invitation />
    </Panel>
  );
}

function Invitation(): ReactNode {
  const { t } = useSpeech();
  const till = useTill();
  const [answer, setAnswer] = useState<JoinAnswer | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const told = await till.call['join.invite'](null).catch((): JoinAnswer => ({
        outcome: 'refused',
        code: 'not-now',
      }));
      if (!gone) setAnswer(told);
    };
    void ask();
    return () => void (gone = true);
  }, [till]);
  if (answer === null) return <Note tone="info">{t('join.asking')}</Note>;
  if (answer.outcome === 'refused') return <Note tone="warning">{t(`join.${answer.code}`)}</Note>;
  return (
    <div className={styles.invitation} data-part="join-invitation">
      <p>{t('join.how')}</p>
      <p className={styles.label}>{t('join.server')}</p>
      {answer.servers.map((server) => (
        <p key={server} className={styles.typed} dir="ltr" data-part="join-server">
          {server}
        </p>
      ))}
      <p className={styles.label}>{t('join.code')}</p>
      <p className={styles.typed} dir="ltr" data-part="join-code">
        {answer.code}
      </p>
      <Note tone="info">{t('join.good-for', { minutes: answer.goodForMinutes })}</Note>
    </div>
  );
}
