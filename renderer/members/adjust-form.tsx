import { type ReactNode, useState } from 'react';
import {
  ADJUST_POINTS_MAX,
  type AdjustReason,
  adjustReasons,
  type MemberDetail,
} from '#contract/manager-members.ts';
import { useSay } from '#renderer/day/manager-words.ts';
import styles from '#renderer/day/page.module.css';
import { PinLine } from '#renderer/day/pin-line.tsx';
import { useProgrammes } from '#renderer/day/programmes.tsx';
import { Select } from '#renderer/setup/choices.tsx';
import { Field } from '#renderer/setup/field.tsx';
import { amountFrom, decimalFrom } from '#renderer/setup/numbers.ts';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { cx } from '#renderer/ui/cx.ts';
import { useDeed } from './use-deed.ts';

/** Points by hand: how many, why, and a manager's PIN. */
export function AdjustForm(props: {
  readonly detail: MemberDetail;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { detail, onDone, onCancel } = props;
  const say = useSay();
  const till = useTill();
  const [takes, setTakes] = useState(false);
  const [points, setPoints] = useState('');
  const [reason, setReason] = useState<AdjustReason>('goodwill');
  const { main, named, text, unitOf } = useProgrammes();
  const [programme, setProgramme] = useState(firstOf(detail, main));
  const [pin, setPin] = useState('');
  const [atPin, setAtPin] = useState(false);
  // One form, one decision: pressed twice, or sent again after silence, it is booked once.
  const [id] = useState(() => crypto.randomUUID());
  const { busy, problem, run } = useDeed(() => setPin(''));
  const currency = useTillState(({ shop }) => shop.currency);
  const unit = unitOf(programme);
  const amount =
    unit.kind === 'money' ? amountFrom(points, currency) : decimalFrom(points, unit.scale);
  const isReady = amount > 0 && amount <= ADJUST_POINTS_MAX;
  const send = (): void =>
    run(
      () =>
        till.call['manager.adjust']({
          member: detail.member,
          programme,
          points: takes ? -amount : amount,
          reason,
          pin,
          id,
        }),
      onDone,
    );
  return (
    <>
      {problem === null ? null : (
        <Note tone="refusal" announce part="adjust-problem">
          {problem}
        </Note>
      )}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('mem.adjust')}>
        {atPin ? (
          <PinLine value={pin} onChange={setPin} />
        ) : (
          <div className={styles.deeds}>
            <div className={styles.switch} role="group" aria-label={say('mem.adjust')}>
              <Button
                part="adjust-give"
                className={cx(!takes && styles.chosen)}
                onPress={() => setTakes(false)}
              >
                {say('mem.give')}
              </Button>
              <Button
                part="adjust-take"
                className={cx(takes && styles.chosen)}
                onPress={() => setTakes(true)}
              >
                {say('mem.take')}
              </Button>
            </div>
            <Field
              label={say('mem.how-many')}
              kind="numeric"
              value={points}
              onChange={(next) => setPoints(next.replaceAll(/[^\p{Nd}.,٫]/gu, '').slice(0, 12))}
              part="adjust-points"
            />
            {detail.balances.length > 1 ? (
              <Select
                label={say('mem.programme')}
                value={programme}
                choices={detail.balances.map((one) => ({
                  value: one.programme,
                  name: named(one.programme),
                }))}
                onChange={setProgramme}
                part="adjust-programme"
              />
            ) : null}
            <Select
              label={say('mem.reason')}
              value={reason}
              choices={adjustReasons.map((value) => ({ value, name: say(`reason.${value}`) }))}
              onChange={(next) => setReason(adjustReasons.find((one) => one === next) ?? 'other')}
              part="adjust-reason"
            />
          </div>
        )}
      </div>
      <div className={styles.pair}>
        <Button part="adjust-cancel" onPress={onCancel}>
          {say('ui.cancel')}
        </Button>
        <Button
          look="filled"
          part="adjust-confirm"
          isDisabled={busy || !isReady || (atPin && pin === '')}
          onPress={() => (atPin ? send() : setAtPin(true))}
        >
          {say(takes ? 'mem.take-now' : 'mem.give-now', {
            amount: text(isReady ? amount : 0, programme),
          })}
        </Button>
      </div>
    </>
  );
}

/** What points are given in at first: the shop's main programme, where the member has an account in it. */
function firstOf({ balances }: MemberDetail, main: string | null): string {
  const known = balances.find(({ programme }) => programme === main) ?? balances[0];
  return known?.programme ?? main ?? 'points';
}
