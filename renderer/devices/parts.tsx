import { type ReactNode, useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { DeviceMake, FixedRole } from '#contract/device-setup.ts';
import { Select } from '#renderer/setup/choices.tsx';
import { Field } from '#renderer/setup/field.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { cx } from '#renderer/ui/cx.ts';
import { Note } from '#renderer/ui/note.tsx';
import { addressOf, type AddressUse, lineSpeeds, speedOf } from './address.ts';
import { useSay } from './devices-text.tsx';
import styles from './parts.module.css';
import { useDevices } from './use-devices.ts';

/** One device or number in a list, of which one is chosen. */
export interface DeviceChoice {
  readonly value: string;
  readonly name: string;
  readonly what?: string;
}

/** A list of which one is chosen; arrows move, touch chooses. */
export function ChoiceList(props: {
  readonly label: string;
  readonly value: string | null;
  readonly choices: readonly DeviceChoice[];
  /** Resolves when it has been done, or was refused. */
  readonly onChange: (value: string) => Promise<unknown>;
  readonly part: string;
  /** Given on the command line. */
  readonly isFixed?: boolean;
  /** `numbers` in a grid, a few words `side` by side. */
  readonly layout?: 'list' | 'numbers' | 'side';
}): ReactNode {
  const { label, value, choices, onChange, part, isFixed = false, layout = 'list' } = props;
  const [shown, tap] = useTapped(value, onChange);
  return (
    <RadioGroup className={styles.group ?? ''} value={shown} onChange={tap} isDisabled={isFixed}>
      <Label className={styles.lead ?? ''}>{label}</Label>
      <div className={styles[layouts[layout]]}>
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            className={styles.choice ?? ''}
            data-part={`${part}-${choice.value}`}
            {...(/^\d+$/.test(choice.name) ? {} : { 'data-wide': true })}
          >
            <bdi className={styles.name}>{choice.name}</bdi>
            {choice.what === undefined ? null : <bdi className={styles.hint}>{choice.what}</bdi>}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

const layouts = { list: 'group', numbers: 'numbers', side: 'side' } as const;

/** What was tapped last shows while it is on its way, so that a tap can take it back. */
export function useTapped<Value, Tapped extends Value>(
  value: Value,
  deed: (next: Tapped, shown: Value) => Promise<unknown>,
): readonly [Value, (next: Tapped) => void] {
  const [tapped, setTapped] = useState<{ readonly value: Tapped } | null>(null);
  const shown = tapped === null ? value : tapped.value;
  const tap = (next: Tapped): void => {
    const mine = { value: next };
    setTapped(mine);
    void deed(next, shown).then(() => setTapped((last) => (last === mine ? null : last)));
  };
  return [shown, tap];
}

/** An address by hand, for what does not say what it is, and for the network. */
export function AddressField(props: {
  readonly use: AddressUse;
  readonly part: string;
  readonly action: string;
  readonly onUse: (address: string) => void;
}): ReactNode {
  const say = useSay();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const address = addressOf(typed, props.use);
  const use = (): void => {
    setTried(true);
    if (address === null) return;
    props.onUse(address);
    setTyped('');
    setTried(false);
  };
  return (
    <Field
      label={say('by-address')}
      hint={say(props.use === 'line' ? 'address-hint-line' : 'address-hint')}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        setTried(false);
      }}
      problem={
        tried && address === null
          ? say(props.use === 'line' ? 'address-wrong-line' : 'address-wrong')
          : null
      }
      kind="address"
      part={`${props.part}-address`}
    >
      <Button part={`${props.part}-use`} onPress={use}>
        {props.action}
      </Button>
    </Field>
  );
}

/** Which model it is; the list knows the widths and code pages. */
export function MakeSelect(props: {
  readonly makes: readonly DeviceMake[];
  readonly value: string | null;
  readonly part: string;
  readonly onChange: (id: string | null) => void;
}): ReactNode {
  const say = useSay();
  return (
    <Select
      label={say('make')}
      value={props.value ?? ''}
      part={props.part}
      choices={[
        { value: '', name: say('make-usual') },
        ...props.makes.map(({ id, name }) => ({ value: id, name })),
      ]}
      onChange={(id) => props.onChange(id === '' ? null : id)}
    />
  );
}

/** How fast a serial line is; nothing for what is none. */
export function SpeedSelect(props: {
  readonly address: string;
  readonly part: string;
  readonly onChange: (speed: number | null) => void;
}): ReactNode {
  const say = useSay();
  const { address, part, onChange } = props;
  if (!address.startsWith('serial:')) return null;
  return (
    <Select
      label={say('speed')}
      value={String(speedOf(address) ?? '')}
      part={part}
      choices={[
        { value: '', name: say('speed-usual') },
        ...lineSpeeds.map((speed) => ({ value: String(speed), name: String(speed) })),
      ]}
      onChange={(speed) => onChange(speed === '' ? null : Number(speed))}
    />
  );
}

/** Says that a role is given on the command line; nothing where it is not. */
export function FixedNote({ of }: { readonly of: FixedRole }): ReactNode {
  const say = useSay();
  const { view } = useDevices();
  if (!view.fixed.includes(of)) return null;
  return (
    <Note tone="info" part="devices-fixed">
      {say('fixed')}
    </Note>
  );
}

/** The exact fix where the system keeps a device from the till. */
export function PermissionFix(): ReactNode {
  const say = useSay();
  const { view } = useDevices();
  if (view.permission === null) return null;
  const { file, commands } = view.permission;
  return (
    <section className={styles.group} data-part="permission-fix">
      <p className={styles.lead}>{say('permission.how')}</p>
      <pre
        className={styles.commands}
        dir="ltr"
        tabIndex={0}
        role="group"
        aria-label={say('permission.commands')}
      >
        {commands.join('\n')}
      </pre>
      <p className={cx(styles.hint, styles.file)}>{say('permission.file', { file })}</p>
    </section>
  );
}
