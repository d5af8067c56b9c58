import { type ReactNode, useState } from 'react';
import type { StaffChange } from '#contract/sign-in.ts';
import { rights } from '#contract/staff.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { writesComma } from '#renderer/setup/draft.ts';
import { Field } from '#renderer/setup/field.tsx';
import { amountFrom, amountText, countFrom } from '#renderer/setup/numbers.ts';
import { useSay } from '#renderer/setup/setup-text.tsx';
import { useTillState } from '#renderer/till/till-context.ts';
import { ruleChanges } from './staff-changes.ts';
import styles from './staff-screen.module.css';

const minutesMax = 120;
const limited = ['refund-over-limit', 'open-drawer', 'close-uncounted', 'manage'] as const;

/** What the store decides for everybody, and the table of what each role may. */
export function StaffRulesForm(props: {
  readonly onChange: (changes: readonly StaffChange[]) => void;
}): ReactNode {
  const say = useSay();
  const { t, language } = useSpeech();
  const rules = useTillState(({ staff }) => staff.rules);
  const currency = useTillState(({ shop }) => shop.currency);
  const [minutes, setMinutes] = useState(String(rules.autoLockMinutes));
  const [refund, setRefund] = useState(
    amountText(rules.refundMaxMinor, currency, writesComma(language)),
  );
  const minutesWrong = !(countFrom(minutes) >= 1 && countFrom(minutes) <= minutesMax);
  const refundWrong = !Number.isSafeInteger(amountFrom(refund, currency));
  const tell = (nextMinutes: string, nextRefund: string): void => {
    const autoLockMinutes = countFrom(nextMinutes);
    const refundMaxMinor = amountFrom(nextRefund, currency);
    const fits =
      autoLockMinutes >= 1 && autoLockMinutes <= minutesMax && Number.isSafeInteger(refundMaxMinor);
    props.onChange(fits ? ruleChanges({ autoLockMinutes, refundMaxMinor }, rules) : []);
  };
  return (
    <>
      <Field
        kind="numeric"
        label={say('staff.lock-after')}
        value={minutes}
        onChange={(typed) => {
          setMinutes(typed);
          tell(typed, refund);
        }}
        problem={minutesWrong ? say('staff.minutes-range', { most: minutesMax }) : null}
        part="staff-lock-minutes"
      />
      <Field
        kind="numeric"
        label={say('staff.refund-limit')}
        value={refund}
        onChange={(typed) => {
          setRefund(typed);
          tell(minutes, typed);
        }}
        problem={refundWrong ? say('staff.refund-range') : null}
        part="staff-refund-limit"
      />
      <dl className={styles.rights}>
        {limited.map((right) => (
          <div key={right} className={styles.right}>
            <dt>{say(`staff.right-${right}`)}</dt>
            <dd>{say('staff.from-role', { role: t(`role.${rights[right]}`) })}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
