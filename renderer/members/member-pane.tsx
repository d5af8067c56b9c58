import { type ReactNode, useState } from 'react';
import type { MemberDetail } from '#contract/manager-members.ts';
import { AnswerNote } from '#renderer/day/answer-note.tsx';
import { EntryList } from '#renderer/day/entries-page.tsx';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { useProgrammes } from '#renderer/day/programmes.tsx';
import { useAnswer } from '#renderer/day/use-answer.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { AdjustForm } from './adjust-form.tsx';
import { EraseForm } from './erase-form.tsx';
import { MemberNotes } from './member-notes.tsx';
import { MergeForm } from './merge-form.tsx';

type View = 'history' | 'notes' | 'adjust' | 'merge' | 'erase';

/** One member: who, what they have, and everything that ever happened on their accounts. */
export function MemberPane(props: {
  readonly member: string;
  /** This record was joined with another. */
  readonly onGone: (member: string) => void;
}): ReactNode {
  const { member, onGone } = props;
  const say = useSay();
  const till = useTill();
  const [view, setView] = useState<View>('history');
  const asked = useAnswer(`member ${member}`, () => till.call['manager.member']({ member }));
  const { answer, again } = asked;
  if (answer === null) return <AnswerNote view={asked} />;
  const done = (): void => {
    setView('history');
    again();
  };
  return (
    <>
      <MemberHead detail={answer} />
      {view === 'adjust' ? (
        <AdjustForm detail={answer} onDone={done} onCancel={() => setView('history')} />
      ) : null}
      {view === 'merge' ? (
        <MergeForm detail={answer} onDone={onGone} onCancel={() => setView('history')} />
      ) : null}
      {view === 'erase' ? (
        <EraseForm member={answer.member} onDone={done} onCancel={() => setView('history')} />
      ) : null}
      {view === 'notes' ? (
        <MemberNotes detail={answer} onChange={again} onBack={() => setView('history')} />
      ) : null}
      {view === 'history' ? (
        <>
          <h3 className={styles.heading}>{say('mem.history')}</h3>
          <EntryList
            key={answer.balances.map(({ posted }) => posted).join()}
            drill={{ title: say('mem.history'), filter: { kind: 'member', member } }}
          />
          <Deeds detail={answer} onView={setView} />
        </>
      ) : null}
    </>
  );
}

function Deeds(props: {
  readonly detail: MemberDetail;
  readonly onView: (view: View) => void;
}): ReactNode {
  const say = useSay();
  const { detail, onView } = props;
  const isGone = detail.status === 'erased';
  return (
    <div className={styles.switch}>
      <Button part="member-notes" onPress={() => onView('notes')}>
        {say('mem.notes')}
        {detail.followUps.length === 0 ? '' : ` · ${detail.followUps.length}`}
      </Button>
      <Button part="member-adjust" isDisabled={isGone} onPress={() => onView('adjust')}>
        {say('mem.adjust')}
      </Button>
      <Button part="member-merge" isDisabled={isGone} onPress={() => onView('merge')}>
        {say('mem.merge')}
      </Button>
      <Button part="member-erase" look="danger" isDisabled={isGone} onPress={() => onView('erase')}>
        {say('mem.erase')}
      </Button>
    </div>
  );
}

/** Who it is, and what is on the accounts now. */
function MemberHead({ detail }: { readonly detail: MemberDetail }): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const { figure, main, named } = useProgrammes();
  const { fullName, identifiers, balances, enrolledOn, visits, status, provisional } = detail;
  const state = provisional ? 'provisional' : status;
  return (
    <>
      <h2 className={styles.name} data-part="member-title">
        <bdi>{fullName ?? say('mem.nameless')}</bdi>
      </h2>
      {state === 'active' ? null : <Note tone="warning">{say(`mem.state-${state}`)}</Note>}
      <div className={styles.known} tabIndex={0} role="group" aria-label={say('ex.who')}>
        <dl className={styles.facts}>
          <Fact
            label={say('mem.found-by')}
            value={identifiers.map(({ masked }) => masked).join(' ') || say('ui.none')}
          />
          <Fact
            label={say('mem.since')}
            value={format.date(Date.parse(`${enrolledOn}T12:00:00Z`))}
          />
          <Fact label={say('mem.visits-label')} value={format.points(visits)} />
          {toldOf(balances, main).map(({ programme, posted, pending, available }) => (
            <Fact
              key={programme}
              label={named(programme)}
              value={say('mem.balance', {
                posted: figure(posted, programme),
                pending: figure(pending, programme),
                available: figure(available, programme),
              })}
            />
          ))}
        </dl>
      </div>
    </>
  );
}

/** The main programme, then those in which there is anything. */
function toldOf(
  balances: MemberDetail['balances'],
  main: string | null,
): readonly MemberDetail['balances'][number][] {
  const others = balances.filter(({ programme }) => programme !== main);
  return [
    ...balances.filter(({ programme }) => programme === main),
    ...others.filter(({ posted, pending }) => posted !== 0 || pending !== 0),
  ];
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
