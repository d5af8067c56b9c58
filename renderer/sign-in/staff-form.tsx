import type { ReactNode } from 'react';
import { STAFF_NAME_MAX } from '#contract/staff.ts';
import { pinProblem, textProblem } from '#contract/setup-text.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Choices } from '#renderer/setup/choices.tsx';
import { Field } from '#renderer/setup/field.tsx';
import { useProblemWords } from '#renderer/setup/problem-words.ts';
import { useSay } from '#renderer/setup/setup-text.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import type { StaffDraft, StaffPerson } from './staff-changes.ts';
import styles from './staff-screen.module.css';

const roles = ['cashier', 'supervisor', 'manager'] as const;

/** The code of a person's badge, to be photographed or printed; it opens nothing without the PIN. */
function Badge({ person }: { readonly person: StaffPerson }): ReactNode {
  const say = useSay();
  return (
    <div className={styles.badge} data-part="staff-badge" data-text={person.badge}>
      <QrCode text={person.badge} label={say('staff.badge', { name: person.name })} />
      <p>{say(person.hasPin ? 'staff.badge-hint' : 'staff.badge-open')}</p>
    </div>
  );
}

/** One person: name, role, PIN, and whether they still work here. */
export function StaffForm(props: {
  readonly draft: StaffDraft;
  readonly before: StaffPerson | null;
  readonly onChange: (draft: StaffDraft) => void;
}): ReactNode {
  const say = useSay();
  const { t } = useSpeech();
  const words = useProblemWords();
  const { draft, before, onChange } = props;
  const { name, role, pin } = draft;
  const nameCode = name === '' ? null : textProblem(name, { min: 1, max: STAFF_NAME_MAX });
  const digits = pin.kind === 'new' ? pin.digits : '';
  const pinCode = digits.length < 4 ? null : pinProblem(digits);
  const params = { most: STAFF_NAME_MAX, length: name.trim().length };
  return (
    <>
      <Field
        label={say('staff.name')}
        value={name}
        onChange={(typed) => onChange({ ...draft, name: typed })}
        problem={nameCode === null ? null : words({ path: '', code: nameCode, params })}
        part="staff-name"
      />
      <Choices
        label={say('staff.role')}
        value={role}
        choices={roles.map((value) => ({ value, name: t(`role.${value}`) }))}
        onChange={(chosen) => onChange({ ...draft, role: chosen })}
        part="staff-role"
      />
      <Field
        kind="pin"
        label={say(before?.hasPin === true ? 'staff.new-pin' : 'staff.first-pin')}
        hint={say(pin.kind === 'none' ? 'staff.pin-goes' : 'staff.pin-hint')}
        value={digits}
        onChange={(typed) => onChange({ ...draft, pin: { kind: 'new', digits: typed } })}
        problem={pinCode === null ? null : words({ path: '', code: pinCode, params: {} })}
        part="staff-pin"
      >
        {before?.hasPin === true && role === 'cashier' ? (
          <Button
            icon="trash"
            label={say('staff.pin-away')}
            part="staff-pin-away"
            onPress={() => onChange({ ...draft, pin: { kind: 'none' } })}
          />
        ) : null}
      </Field>
      {before === null ? null : (
        <Choices
          label={say('staff.works')}
          value={draft.isActive ? 'yes' : 'no'}
          choices={[
            { value: 'yes', name: say('staff.works-yes') },
            { value: 'no', name: say('staff.works-no') },
          ]}
          onChange={(chosen) => onChange({ ...draft, isActive: chosen === 'yes' })}
          part="staff-active"
        />
      )}
      {before === null ? null : <Badge person={before} />}
    </>
  );
}
