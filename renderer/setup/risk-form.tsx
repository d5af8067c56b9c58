import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Note } from '#renderer/ui/note.tsx';
import { Choices, Select } from './choices.tsx';
import { writesComma } from './draft.ts';
import { Field } from './field.tsx';
import { decimalText } from './numbers.ts';
import { useSay } from './setup-text.tsx';
import {
  capFrom,
  type CapName,
  capNames,
  capsFrom,
  lossMinor,
  type RiskProgramme,
  type TypedCaps,
  typedCaps,
  usualCaps,
} from './shop-rules-draft.ts';
import styles from './shop-rules-screen.module.css';

/** Whether members may spend, while the server is away, what no till holds for them; and what it may cost. */
export function RiskForm(props: {
  readonly programmes: readonly RiskProgramme[];
  readonly programme: RiskProgramme;
  /** As it would be saved; null = off. */
  readonly caps: TypedCaps | null;
  readonly onProgramme: (programme: string) => void;
  readonly onChange: (caps: TypedCaps | null) => void;
}): ReactNode {
  const say = useSay();
  const { language, name } = useSpeech();
  const { programmes, programme, caps, onProgramme, onChange } = props;
  const begin = (): TypedCaps =>
    typedCaps(programme.caps ?? usualCaps(programme), programme, writesComma(language));
  return (
    <section className={styles.part} aria-label={say('risk.title')} data-part="risk">
      <h2 className={styles.heading}>{say('risk.title')}</h2>
      <p className={styles.words}>{say('risk.what')}</p>
      {programmes.length < 2 ? null : (
        <Select
          label={say('risk.programme')}
          value={programme.programme}
          choices={programmes.map((one) => ({ value: one.programme, name: name(one.name) }))}
          onChange={onProgramme}
          part="risk-programme"
        />
      )}
      <Choices
        label={say('risk.allow')}
        value={caps === null ? 'off' : 'on'}
        choices={[
          { value: 'off', name: say('risk.off') },
          { value: 'on', name: say('risk.on') },
        ]}
        onChange={(next) => onChange(next === 'off' ? null : (caps ?? begin()))}
        part="risk"
      />
      {caps === null ? (
        <Note tone="ok" part="risk-nothing">
          {say('risk.nothing')}
        </Note>
      ) : (
        <Caps programme={programme} caps={caps} onChange={onChange} />
      )}
    </section>
  );
}

function Caps(props: {
  readonly programme: RiskProgramme;
  readonly caps: TypedCaps;
  readonly onChange: (caps: TypedCaps) => void;
}): ReactNode {
  const say = useSay();
  const { programme, caps, onChange } = props;
  const isNumber = (cap: CapName): boolean => !Number.isNaN(capFrom(caps[cap], programme));
  return (
    <>
      <div className={styles.caps}>
        {capNames.map((cap) => (
          <Field
            key={cap}
            kind="numeric"
            label={say(`risk.${cap}`)}
            value={caps[cap]}
            onChange={(typed) => onChange({ ...caps, [cap]: typed })}
            problem={isNumber(cap) ? null : say('risk.range')}
            part={`risk-${cap}`}
          />
        ))}
      </div>
      <Loss programme={programme} caps={caps} inOrder={capNames.every(isNumber)} />
    </>
  );
}

/** The plain sentence of what may be lost at most, or what stands in its way. */
function Loss(props: {
  readonly programme: RiskProgramme;
  readonly caps: TypedCaps;
  readonly inOrder: boolean;
}): ReactNode {
  const say = useSay();
  const { format, language } = useSpeech();
  const { programme, inOrder } = props;
  if (!inOrder) return null;
  const caps = capsFrom(props.caps, programme);
  if (caps === null) {
    return (
      <Note tone="refusal" announce part="risk-order">
        {say('problem.risk-order')}
      </Note>
    );
  }
  const { unit } = programme;
  const lost = lossMinor(caps, programme);
  const points =
    unit.scale === 0
      ? format.points(caps.budget)
      : decimalText(caps.budget, unit.scale, writesComma(language));
  return (
    <Note tone="warning" part="risk-loss">
      {lost > 0
        ? say('risk.loss', { money: format.money(lost), points })
        : say('risk.loss-points', { points })}
    </Note>
  );
}
