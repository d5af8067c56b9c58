import { type ReactNode, useState } from 'react';
import { ASKED_DAY_MAX, ASKED_DAY_MIN, askedDay, type DayReport } from '#contract/day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Select } from '#renderer/setup/choices.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useSay } from './manager-words.ts';
import pages from './page.module.css';
import styles from './span-picker.module.css';
import type { Span } from './use-day.ts';

/** The days of a report, and where there are several stores, which. */
export function useSpanWords(): (report: DayReport) => string {
  const { format } = useSpeech();
  const say = useSay();
  return ({ day, through, store, stores }) => {
    const days =
      day === through
        ? format.longDay(day)
        : `${shortDay(format, day)} – ${shortDay(format, through)}`;
    const [only] = stores;
    const chosen = stores.find((one) => one.store === store)?.name;
    const where = chosen ?? (stores.length > 1 ? say('span.all-stores') : (only?.name ?? ''));
    return `${days} · ${where}`;
  };
}

function shortDay(format: { readonly date: (ms: number) => string }, day: string): string {
  return format.date(Date.parse(`${day}T12:00:00Z`));
}

/** Which days, and of which store: by one tap for what is asked every day, else by dates. */
export function SpanPicker(props: {
  readonly report: DayReport;
  /** The day the till is in. */
  readonly today: string;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}): ReactNode {
  const { report, today, span, onSpan } = props;
  const say = useSay();
  const [from, setFrom] = useState(report.day);
  const [through, setThrough] = useState(report.through);
  const [store, setStore] = useState(span.store ?? '');
  const chosen = store === '' ? null : store;
  const quick = [
    ['today', { day: null, through: null }],
    ['yesterday', { day: addDays(today, -1), through: addDays(today, -1) }],
    ['week', { day: addDays(today, -6), through: today }],
    ['month', { day: addDays(today, -29), through: today }],
  ] as const;
  return (
    <section className={pages.card} data-part="span-picker" aria-label={say('span.open')}>
      <div className={styles.quick}>
        {quick.map(([name, days]) => (
          <Button
            key={name}
            part={`span-${name}`}
            onPress={() => onSpan({ ...days, store: chosen })}
          >
            {say(`span.${name}`)}
          </Button>
        ))}
      </div>
      <div className={styles.dates}>
        <DayField label={say('span.from')} value={from} part="span-from" onChange={setFrom} />
        <DayField
          label={say('span.through')}
          value={through}
          part="span-through"
          onChange={setThrough}
        />
        {report.stores.length < 2 ? null : (
          <Select
            label={say('span.store')}
            value={store}
            choices={[
              { value: '', name: say('span.all-stores') },
              ...report.stores.map((one) => ({ value: one.store, name: one.name })),
            ]}
            onChange={setStore}
            part="span-store"
          />
        )}
        <Button
          look="filled"
          part="span-show"
          isDisabled={!canBeAsked(from) || !canBeAsked(through) || through < from}
          onPress={() => onSpan({ day: from, through, store: chosen })}
        >
          {say('span.show')}
        </Button>
      </div>
    </section>
  );
}

function canBeAsked(day: string): boolean {
  return askedDay.safeParse(day).success;
}

/** A day by the machine's own calendar: every keyboard and every finger knows it. */
function DayField(props: {
  readonly label: string;
  readonly value: string;
  readonly part: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <label className={styles.field}>
      <span className={styles.label}>{props.label}</span>
      <input
        className={styles.input}
        type="date"
        value={props.value}
        min={ASKED_DAY_MIN}
        max={ASKED_DAY_MAX}
        onChange={(event) => props.onChange(event.target.value)}
        data-part={props.part}
      />
    </label>
  );
}
