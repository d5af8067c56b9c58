import { type ReactNode, useState } from 'react';
import type { ExceptionView } from '#contract/manager.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useWords } from '#renderer/i18n/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { EntryList } from './entries-page.tsx';
import { sayIfThere, useSay } from './manager-words.ts';
import styles from './page.module.css';
import { usePeople } from './people.ts';
import { SettleForm } from './settle-form.tsx';

type Way = ExceptionView['ways'][number];

/** One exception: what happened in words, the entries behind it, and what may be done about it. */
export function ExceptionDetail(props: {
  readonly exception: ExceptionView;
  readonly onSettled: () => void;
}): ReactNode {
  const { exception, onSettled } = props;
  const say = useSay();
  const words = useWords();
  const { format } = useSpeech();
  const person = usePeople();
  const [way, setWay] = useState<Way | null>(null);
  const { id, code, params, tillName, atMs, member, other, ways, settled } = exception;
  const filter = { kind: 'exception', exception: id } as const;
  return (
    <>
      <h2 className={styles.name}>{words({ code: `exception-${code}`, params }, 'warning')}</h2>
      {way === null ? (
        <>
          <p className={styles.words} data-part="exception-why">
            {sayIfThere(say, `why.${code}`)}
          </p>
          <dl className={styles.facts}>
            <Fact label={say('ex.where')} value={tillName} />
            <Fact label={say('ex.when')} value={`${format.day(atMs)} ${format.time(atMs)}`} />
            {member === null ? null : (
              <Fact label={say('ex.who')} value={member.name ?? say('ui.none')} />
            )}
            {other === null ? null : (
              <Fact label={say('ex.other')} value={other.name ?? say('ui.none')} />
            )}
            {code !== 'pin-guessing' ? null : (
              <Fact
                label={say('ex.pin-of')}
                value={
                  typeof params['person'] === 'string'
                    ? person(params['person'])
                    : say('ex.pin-of-several')
                }
              />
            )}
          </dl>
          <h3 className={styles.heading}>{say('ex.behind')}</h3>
          <EntryList drill={{ title: say('ex.behind'), filter }} />
          {settled === null ? <Ways ways={ways} onChoose={setWay} /> : <Outcome {...settled} />}
        </>
      ) : (
        <SettleForm
          exception={id}
          into={other}
          way={way}
          onCancel={() => setWay(null)}
          onSettled={() => {
            setWay(null);
            onSettled();
          }}
        />
      )}
    </>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

function Ways(props: {
  readonly ways: readonly Way[];
  readonly onChoose: (way: Way) => void;
}): ReactNode {
  const say = useSay();
  return (
    <div className={styles.deeds} role="group" aria-label={say('ex.ways')}>
      {props.ways.map((way) => (
        <Button key={way.way} part={`way-${way.way}`} onPress={() => props.onChoose(way)}>
          {say(`way.${way.way}`, { points: Math.abs(way.points) })}
        </Button>
      ))}
    </div>
  );
}

function Outcome(settled: NonNullable<ExceptionView['settled']>): ReactNode {
  const say = useSay();
  const person = usePeople();
  const { format } = useSpeech();
  return (
    <Note tone="ok" part="exception-settled">
      {say('ex.settled-by', {
        way: say(`way.${settled.way}`, { points: Math.abs(settled.points) }),
        by: person(settled.by),
        time: `${format.day(settled.atMs)} ${format.time(settled.atMs)}`,
      })}
      {settled.approvedBy === null
        ? null
        : ` ${say('ex.approved-by', { name: person(settled.approvedBy) })}`}
    </Note>
  );
}
