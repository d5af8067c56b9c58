import { type ReactNode, useEffect, useRef } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { SetupProblem } from '#contract/setup.ts';
import { catalogue, presetById } from '#loyalty/presets/catalogue.ts';
import type { Knob, PresetShop } from '#loyalty/presets/preset-knobs.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import { Button } from '#renderer/ui/button.tsx';
import { type Draft, knobText, writesComma } from './draft.ts';
import { Field } from './field.tsx';
import fieldStyles from './field.module.css';
import { amountFrom, amountText, countFrom, notch } from './numbers.ts';
import styles from './programme-step.module.css';
import { sayIfThere, useSay } from './setup-text.tsx';

/** What choosing a programme works on; the same in set-up and later, from the settings. */
export interface ProgrammeChoice {
  readonly preset: string;
  readonly turned: Draft['turned'];
  readonly language: Language;
}

const groups = ['simple', 'levels', 'offers', 'paid', 'known'] as const;

/** Every preset with a sentence of what it does. */
export function PresetList(props: {
  readonly preset: string;
  readonly onChoose: (preset: string) => void;
}): ReactNode {
  const say = useSay();
  const list = useRef<HTMLDivElement>(null);
  const { preset, onChoose } = props;
  useEffect(() => {
    list.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <RadioGroup
      className={styles.presets ?? ''}
      value={preset}
      onChange={onChoose}
      data-part="presets"
    >
      <Label className={fieldStyles.label ?? ''}>{say('programme.choose')}</Label>
      <div className={styles.scroll} ref={list}>
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h2 className={styles.groupName}>{say(`group.${group}`)}</h2>
            {catalogue
              .filter((each) => each.group === group)
              .map(({ id }) => (
                <Radio
                  key={id}
                  value={id}
                  className={styles.preset ?? ''}
                  data-part={`preset-${id}`}
                >
                  <span className={styles.presetName}>{sayIfThere(say, `preset.${id}`)}</span>
                  <span className={styles.what}>{sayIfThere(say, `preset.${id}-what`)}</span>
                </Radio>
              ))}
          </section>
        ))}
      </div>
    </RadioGroup>
  );
}

/** The few things to decide about a preset, each with its sentence. */
export function Knobs(props: {
  readonly choice: ProgrammeChoice;
  readonly shop: PresetShop;
  readonly problems: readonly SetupProblem[];
  readonly problemAt: (path: string) => string | null;
  readonly onTurn: (turned: Draft['turned']) => void;
}): ReactNode {
  const { choice, shop, problemAt, onTurn } = props;
  const preset = presetById(choice.preset);
  if (preset === null) return null;
  const turn = (knob: string, text: string): void =>
    onTurn({
      ...choice.turned,
      [preset.id]: { ...choice.turned[preset.id], [knob]: text },
    });
  return (
    <div className={styles.knobs}>
      {preset.knobs.map((knob) => (
        <KnobField
          key={`${preset.id} ${knob.id}`}
          knob={knob}
          text={knobText(choice, knob, shop)}
          currency={shop.currency}
          comma={writesComma(choice.language)}
          problem={problemAt(`choice.knobs.${knob.id}`)}
          onText={(text) => turn(knob.id, text)}
        />
      ))}
    </div>
  );
}

function KnobField(props: {
  readonly knob: Knob;
  readonly text: string;
  readonly currency: string;
  readonly comma: boolean;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
}): ReactNode {
  const { knob, text, currency, comma, problem, onText } = props;
  const say = useSay();
  const { format } = useSpeech();
  const label = sayIfThere(say, `knob.${knob.id}`, {
    one: format.money(10 ** exponentOf(currency)),
  });
  if (knob.unit === 'code') {
    return (
      <Field
        label={label}
        value={text}
        onChange={(next) => onText(next.toUpperCase())}
        problem={problem}
        part={`knob-${knob.id}`}
      />
    );
  }
  const value = knob.unit === 'money' ? amountFrom(text, currency) : countFrom(text);
  const write = (next: number): void =>
    onText(knob.unit === 'money' ? amountText(next, currency, comma) : String(next));
  const turn = (direction: 1 | -1): void => {
    const from = Number.isFinite(value) ? value : knob.min;
    const step = notch(direction === 1 ? from : from - 1, knob.min);
    write(Math.min(knob.max, Math.max(knob.min, from + direction * step)));
  };
  return (
    <Field
      kind="numeric"
      label={label}
      value={text}
      onChange={onText}
      problem={problem}
      part={`knob-${knob.id}`}
    >
      <Button
        icon="minus"
        label={say('knob.less', { name: label })}
        isDisabled={value <= knob.min}
        part={`knob-${knob.id}-less`}
        onPress={() => turn(-1)}
      />
      <Button
        icon="plus"
        label={say('knob.more', { name: label })}
        isDisabled={value >= knob.max}
        part={`knob-${knob.id}-more`}
        onPress={() => turn(1)}
      />
    </Field>
  );
}

function exponentOf(currency: string): number {
  return String(amountFrom('1', currency)).length - 1;
}
