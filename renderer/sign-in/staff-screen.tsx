import { type ReactNode, useState } from 'react';
import type { StaffChange, StaffList } from '#contract/sign-in.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { SaveFooter } from '#renderer/setup/save-footer.tsx';
import { SettingsBar } from '#renderer/setup/settings-bar.tsx';
import screen from '#renderer/setup/setup-screen.module.css';
import { SetupText, useSay } from '#renderer/setup/setup-text.tsx';
import { useStaffChange } from '#renderer/setup/use-staff-change.ts';
import type { TillClient } from '#renderer/till/till-client.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { useAsked } from '#renderer/till/use-asked.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Press } from '#renderer/ui/press.tsx';
import {
  changesOf,
  draftOf,
  newPerson,
  type StaffDraft,
  type StaffPerson,
} from './staff-changes.ts';
import { StaffForm } from './staff-form.tsx';
import { StaffRulesForm } from './staff-rules.tsx';
import styles from './staff-screen.module.css';

/** Who works in the shop, what each may do, and their PINs: by a manager's PIN, kept at the centre. */
export function StaffScreen(): ReactNode {
  const market = useTillState(({ shop }) => shop.market);
  return (
    <SetupText market={market}>
      <Staff />
    </SetupText>
  );
}

function Staff(): ReactNode {
  const say = useSay();
  const list = useAsked(askStaff) ?? [];
  const [draft, setDraft] = useState<StaffDraft | 'rules' | null>(null);
  const [wanted, setWanted] = useState<readonly StaffChange[]>([]);
  const changing = useStaffChange();
  const before = typeof draft === 'object' ? personOf(list, draft?.cashier ?? null) : null;
  const choose = (next: StaffDraft | 'rules'): void => {
    setDraft(next);
    setWanted([]);
    changing.forget();
  };
  const edit = (next: StaffDraft): void => {
    setDraft(next);
    setWanted(changesOf(next, personOf(list, next.cashier)));
    changing.forget();
  };
  const save = async (): Promise<void> => {
    if (!(await changing.save(wanted))) return;
    setWanted([]);
    setDraft(null);
  };
  return (
    <div className={screen.screen} data-part="staff">
      <SettingsBar title={say('staff.title')} part="staff-back" />
      <main className={styles.page}>
        <People list={list} draft={draft} onChoose={choose} />
        <section className={styles.form} aria-label={say('staff.details')}>
          {draft === null ? (
            <Note tone="info">{say('staff.choose')}</Note>
          ) : draft === 'rules' ? (
            <StaffRulesForm
              onChange={(changes) => {
                setWanted(changes);
                changing.forget();
              }}
            />
          ) : (
            <StaffForm draft={draft} before={before} onChange={edit} />
          )}
        </section>
      </main>
      <SaveFooter
        of="staff"
        saving={changing}
        isReady={wanted.length > 0}
        onSave={() => void save()}
      />
    </div>
  );
}

const askStaff = (till: TillClient): Promise<StaffList> => till.call['staff.list'](null);

function personOf(list: StaffList, cashier: string | null): StaffPerson | null {
  return list.find((person) => person.cashier === cashier) ?? null;
}

function People(props: {
  readonly list: StaffList;
  readonly draft: StaffDraft | 'rules' | null;
  readonly onChoose: (next: StaffDraft | 'rules') => void;
}): ReactNode {
  const say = useSay();
  const { list, draft, onChoose } = props;
  const chosen = draft === null || draft === 'rules' ? draft : draft.cashier;
  return (
    <div className={styles.people}>
      <ul className={styles.list} data-part="staff-list">
        {list
          .toSorted((one, other) => Number(other.isActive) - Number(one.isActive))
          .map((person) => (
            <li key={person.cashier}>
              <Row
                person={person}
                isChosen={chosen === person.cashier}
                onChoose={() => onChoose(draftOf(person))}
              />
            </li>
          ))}
      </ul>
      <div className={styles.more}>
        <Button icon="plus" part="staff-add" onPress={() => onChoose(newPerson)}>
          {say('staff.add')}
        </Button>
        <Button icon="gear" part="staff-rules" onPress={() => onChoose('rules')}>
          {say('staff.rules')}
        </Button>
      </div>
    </div>
  );
}

function Row(props: {
  readonly person: StaffPerson;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const say = useSay();
  const { t } = useSpeech();
  const { person, isChosen, onChoose } = props;
  const state = !person.isActive ? 'staff.left' : person.hasPin ? 'staff.pin' : 'staff.no-pin';
  return (
    <Press
      className={styles.row ?? ''}
      onPress={onChoose}
      data-part="staff-person"
      data-cashier={person.cashier}
      data-active={person.isActive}
      data-chosen={isChosen}
      aria-pressed={isChosen}
    >
      <Icon name={person.hasPin ? 'lock' : 'person'} />
      <span className={styles.name}>
        <bdi>{person.name}</bdi>
      </span>
      <span className={styles.about}>
        {t(`role.${person.role}`)} · {say(state)}
      </span>
    </Press>
  );
}
